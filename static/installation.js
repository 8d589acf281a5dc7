// The tab's icon says that something is new for as long as the navigation does.
document.addEventListener("htmx:after:swap", () => {
  const unread = document.querySelector(".site-nav .unread") ? "-unread" : "";
  document.querySelector("link[rel=icon]").href = `/icon${unread}.svg`;
});

// A page for times without network; where a browser refuses to keep it, all else is as before.
navigator.serviceWorker?.register("/sw.js").catch(() => {});
