// Days and times come as the agency's; where this script runs they are the reader's own, with their zone on pointing.
const ownTime = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const ownDate = new Intl.DateTimeFormat("en-GB", {
  ...{ weekday: "short", day: "numeric", month: "short", year: "numeric" },
});
const sayIn = (element, words) => element.textContent === words || (element.textContent = words);
globalThis.toOwnZone = (article) => {
  const time = article.querySelector("time");
  if (!time) return;
  const at = new Date(time.dateTime);
  sayIn(time, ownTime.format(at));
  time.title = ownInstant(at);
  article.dataset.day = ownDate.format(at).replace(",", "");
};
