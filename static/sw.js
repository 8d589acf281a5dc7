// What to show while there is no network. The server writes EDITION and FILES above this: one calm page and its
// styles are kept, and nothing else, so that nobody's page is ever found here.
addEventListener("install", (event) => {
  // What is sent goes past this worker: what a page sends while it is left would not wait for it.
  event.addRoutes?.({ condition: { requestMethod: "POST" }, source: "network" });
  event.waitUntil(caches.open(EDITION).then((cache) => cache.addAll(FILES)).then(skipWaiting));
});

addEventListener("activate", (event) => event.waitUntil(tidy()));
async function tidy() {
  await registration.navigationPreload?.enable();
  const old = (await caches.keys()).filter((name) => name !== EDITION);
  await Promise.all(old.map((name) => caches.delete(name)));
}

// Forms are left to the browser, which can send them again.
addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(goThere(event));
  else if (FILES.some((file) => location.origin + file === request.url)) {
    event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
  }
});

async function goThere({ request, preloadResponse }) {
  try {
    return await preloadResponse ?? await fetch(request);
  } catch {
    return await caches.match("/offline");
  }
}
