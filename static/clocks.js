// Who lives in another zone than the agency reads their own clock beside each time; in a table, on pointing at it.
// A chat is on their own clock alone: static/chat_times.js.
const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const ownPlace = ownZone.split("/").at(-1).replaceAll("_", " ");
const clockIn = (timeZone, more = {}) => {
  const form = { weekday: "short", hour: "2-digit", minute: "2-digit", timeZone };
  return new Intl.DateTimeFormat("en-GB", { ...form, ...more });
};
const inFull = clockIn(ownZone, { day: "numeric", month: "short" });
const ownInstant = (date) => `${inFull.format(date)} ${ownPlace}`;
const [clock, ownClock] = [clockIn(document.documentElement.dataset.zone), clockIn(ownZone)];
const showOwn = () => {
  for (const time of document.querySelectorAll("time:not([data-own], .message *)")) {
    const at = new Date(time.dateTime);
    const [said, own] = [clock, ownClock].map((one) => one.format(at));
    time.dataset.own = own;
    if (said === own) continue;
    const short = own.slice(0, 3) === said.slice(0, 3) ? own.slice(-5) : own.replace(",", "");
    if (time.closest("td")) time.title = [time.title, ownInstant(at)].filter(Boolean).join(" - ");
    else if (/\d:\d\d/.test(time.textContent)) time.append(` (${short} ${ownPlace})`);
  }
};
showOwn();
on("htmx:after:swap", showOwn);
