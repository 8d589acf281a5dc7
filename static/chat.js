// The chat's list and its connection. One script with app.js; the pages without JavaScript do without all of it.
const byId = (id) => document.getElementById(id);
const list = () => byId("messages");
const chatBase = () => byId("chat")?.dataset.base;
const idOf = (article) => Number(article?.id.replace("message-", "") ?? 0);
const asPart = { "HX-Request": "true", "HX-Request-Type": "partial" };

// Puts the elements of a piece of our own HTML in the places of those that have their ids.
const partsOf = (html) => [...new DOMParser().parseFromString(html, "text/html").body.children];
const put = (html) => partsOf(html).forEach((part) => byId(part.id)?.replaceWith(part));

// Also from a page that is being left.
const signal = (name, fields) => {
  const body = new URLSearchParams(fields);
  return fetch(`${chatBase()}/${name}`, { method: "POST", body, keepalive: true });
};

// Between two messages: a line for a new day, and no second head for who goes on within five minutes.
const dayLines = (before, article) => {
  const lines = [];
  let line = article.previousElementSibling;
  for (; line && line !== before; line = line.previousElementSibling) {
    if (line.matches(".chat-day")) lines.unshift(line);
  }
  return lines;
};
const timeOf = (article) => Date.parse(article.querySelector("time")?.dateTime);
const tidy = (messages) => {
  let before;
  for (const article of messages.querySelectorAll("article[data-day]")) {
    toOwnZone(article);
    const [line, ...extra] = dayLines(before, article);
    const { day, author } = article.dataset;
    const newDay = before?.dataset.day !== day;
    extra.forEach((line) => line.remove());
    if (line && !newDay) line.remove();
    else if (line) sayIn(line, day);
    if (!line && newDay) {
      const made = Object.assign(document.createElement("p"), { className: "chat-day" });
      made.textContent = day;
      if (before) before.after(made);
      else article.before(made);
    }
    const soon = !newDay && timeOf(article) - timeOf(before) < 300_000;
    article.classList.toggle("follows", soon && before.dataset.author === author);
    if (author !== byId("chat").dataset.member) article.querySelector(".message-change")?.remove();
    before = article;
  }
};

// "Sent", then "Seen 14:05", below the last message where it is one's own.
const receipt = () => {
  const line = byId("chat-receipt");
  if (!line) return;
  const last = [...list().querySelectorAll("article")].at(-1);
  const { seen, at } = line.dataset;
  const isSeen = at && idOf(last) <= Number(seen);
  const words = isSeen ? `Seen ${ownTime.format(new Date(at))}` : "Sent";
  sayIn(line, last?.matches(".mine") && !byId("unsent").childElementCount ? words : "");
};

// Who was at the end stays there; who reads older messages stays with what they read.
let atEnd = true;
let fromEnd;
const toEnd = (place) => place.scrollTop = place.scrollHeight;
const settle = () => {
  const place = byId("conversation");
  if (!place) return;
  tidy(list());
  receipt();
  if (fromEnd !== undefined) place.scrollTop = place.scrollHeight - fromEnd;
  else if (atEnd) toEnd(place);
  fromEnd = undefined;
  readOn();
};
const openChat = () => {
  const place = byId("conversation");
  if (!place || place.dataset.open) return;
  place.dataset.open = "yes";
  const asked = byId(location.hash.slice(1));
  const begin = place.contains(asked) ? asked : byId("unread");
  atEnd = !begin;
  settle();
  begin?.scrollIntoView({ block: begin.id === "unread" ? "start" : "center" });
  place.addEventListener("scroll", () => {
    atEnd = place.scrollHeight - place.scrollTop - place.clientHeight < 80;
    readOn();
  });
  new MutationObserver(settle).observe(place, { childList: true, subtree: true });
  const sizes = new ResizeObserver(() => atEnd && toEnd(place));
  [place, list()].forEach((element) => sizes.observe(element));
  document.dispatchEvent(new CustomEvent("chat:open"));
};
on("htmx:before:swap", ({ detail: { ctx } }) => {
  const place = byId("conversation");
  if (ctx.sourceElement?.matches?.(".older")) fromEnd = place.scrollHeight - place.scrollTop;
});
on("htmx:after:swap", () => openChat());

// Read is what was in view while somebody looked, told at most every two seconds, and at once by who leaves.
let looking = document.hasFocus();
let told = 0;
let toldAt = 0;
let telling;
const inView = () => {
  const end = byId("conversation").getBoundingClientRect().bottom;
  const theirs = [...list().querySelectorAll(".theirs")];
  return idOf(theirs.findLast((article) => article.getBoundingClientRect().top + 20 < end));
};
const tellRead = () => {
  clearTimeout(telling);
  telling = undefined;
  const message = chatBase() && looking ? inView() : 0;
  if (message <= told) return;
  const before = told;
  told = message;
  toldAt = Date.now();
  signal("reads", { message }).catch(() => told = before);
};
function readOn() {
  telling ??= setTimeout(tellRead, Math.max(200, toldAt + 2000 - Date.now()));
}
addEventListener("focus", () => {
  looking = true;
  away = false;
  readOn();
});
const leave = () => {
  if (telling) tellRead();
  looking = document.hasFocus();
};
["blur", "pagehide"].forEach((name) => addEventListener(name, leave));
on("visibilitychange", () => document.hidden && leave());

// That one types, at most every three seconds; that others do, for as long as we last heard of it.
let typedAt = 0;
on("input", ({ target }) => {
  if (!target.matches(".composer textarea") || Date.now() - typedAt < 3000) return;
  typedAt = Date.now();
  signal("typing", {}).catch(() => typedAt = 0);
});
let typing;
on("chat:state", ({ detail }) => {
  put(detail.data);
  byId("chat-typing")?.querySelector(`[data-member="${byId("chat").dataset.member}"]`)?.remove();
  clearTimeout(typing);
  typing = setTimeout(() => byId("chat-typing")?.replaceChildren(), 6000);
});
on("chat:change", ({ detail }) => put(detail.data));

// A message that is here already, sent again after a gap, is not added twice. The first that comes while nobody
// looks is marked as where the new ones begin.
let away = false;
on("htmx:sse:before:message", (event) => {
  const { data, event: name } = event.detail.message;
  const id = !name && /^<article[^>]* id="(message-\d+)"/.exec(data)?.[1];
  if (!id) return;
  if (byId(id)) return event.preventDefault();
  if (document.hasFocus() || away || !data.startsWith('<article class="message theirs"')) return;
  away = true;
  byId("unread")?.remove();
  const line = Object.assign(document.createElement("p"), {
    id: "unread",
    className: "chat-unread",
  });
  line.textContent = "New messages";
  list().append(line);
});

// Where the list ends, for a stream that begins or begins again.
let stream;
const whereListEnds = () => {
  const last = [...list().querySelectorAll("article[data-day]")].at(-1);
  const from = { after: idOf(last), change: list().dataset.change };
  return new URLSearchParams(last ? { ...from, at: timeOf(last) } : from);
};
const goOn = () => stream.request.action = `${chatBase()}/stream?${whereListEnds()}`;
on("htmx:config:request", ({ detail: { ctx } }) => {
  if (ctx.sourceElement !== list() || !list()) return;
  stream = ctx;
  goOn();
});

// htmx comes back by itself when a stream ends, but not when the first connection fails.
let delay = 500;
const say = (state) =>
  document.querySelectorAll(".chat-state").forEach((line) => line.hidden = !state);
const connectAgain = (event) => {
  const list = event.target.closest?.("[data-hx-sse\\:connect]");
  const status = event.detail.ctx?.response?.status ?? 503;
  if (!list || (status < 500 && status !== 429)) return;
  say(true);
  setTimeout(() => htmx.trigger(list, "chat:reconnect"), delay);
  delay = Math.min(delay * 2, 30_000);
};
on("htmx:response:error", connectAgain);
on("htmx:error", connectAgain);
on("htmx:sse:before:connection", ({ detail }) => {
  const again = detail.connection.attempt > 0;
  if (again) goOn();
  say(again);
});
on("htmx:sse:error", ({ detail }) => {
  say(true);
  if ([401, 403, 404].includes(detail.status)) location.reload();
});
on("htmx:sse:after:connection", () => {
  delay = 500;
  say(false);
});

// A message of one's own is changed in its place.
const kept = new Map();
const inPlace = async (article, asked) => {
  const [path, sent] = asked;
  const response = await fetch(path, { ...sent, headers: asPart }).catch(() => undefined);
  const html = await response?.text() ?? "";
  if (!html.startsWith("<article")) {
    return location.assign(`${chatBase()}?message=${idOf(article)}`);
  }
  put(html);
};
on("click", async (event) => {
  const link = event.target.closest(".message-change, .message-cancel");
  const article = link?.closest("#messages article");
  if (!article) return;
  event.preventDefault();
  if (link.matches(".message-cancel")) return article.replaceWith(kept.get(article.id));
  kept.set(article.id, article);
  await inPlace(article, [link.href]);
  byId(article.id).querySelector("textarea")?.focus();
});
on("submit", async (event) => {
  const article = event.target.closest("#messages article");
  if (!article) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(event.target));
  await inPlace(article, [event.target.action, { method: "POST", body }]);
  byId("body")?.focus();
});

openChat();
