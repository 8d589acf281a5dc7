// One script for every page: listeners sit on the document, so swapped parts need no set-up.
const on = (name, act) => document.addEventListener(name, act);

// Copy buttons.
on("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const word = button.textContent;
  const copied = navigator.clipboard.writeText(button.dataset.copy).then(() => true, () => false);
  button.textContent = await copied ? "Copied" : "Copy it by hand";
  setTimeout(() => button.textContent = word, 1500);
});

// A form that came back with errors: what is wrong is read first, once.
let read;
on("htmx:after:swap", () => {
  const summary = document.querySelector(".error-summary");
  if (summary !== read) summary?.focus();
  read = summary;
});

// The chat: Enter sends, and the newest message stays in view of who was there already.
on("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  if (!event.target.matches(".composer textarea")) return;
  event.preventDefault();
  if (event.target.value.trim()) event.target.form.requestSubmit();
});
const toEnd = (list) => list.scrollTop = list.scrollHeight;
const follow = (list) => {
  let atEnd = true;
  toEnd(list);
  list.addEventListener("scroll", () => {
    atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  });
  new MutationObserver(() => atEnd && toEnd(list)).observe(list, { childList: true });
};
document.querySelectorAll(".messages").forEach(follow);

// A message that is here already, posted from this page or sent again after a gap, is not added twice.
on("htmx:sse:before:message", (event) => {
  const id = /id="(message-\d+)"/.exec(event.detail.message.data)?.[1];
  if (id && document.getElementById(id)) event.preventDefault();
});
on("chat:reset", () => location.reload());

// htmx comes back by itself when a stream ends, but not when the first connection fails.
let delay = 500;
const say = (state) =>
  document.querySelectorAll(".chat-state").forEach((line) => line.hidden = !state);
const connectAgain = (event) => {
  const list = event.target.closest?.("[hx-sse\\:connect]");
  const status = event.detail.ctx?.response?.status ?? 503;
  if (!list || (status < 500 && status !== 429)) return;
  say(true);
  setTimeout(() => htmx.trigger(list, "chat:reconnect"), delay);
  delay = Math.min(delay * 2, 30_000);
};
on("htmx:response:error", connectAgain);
on("htmx:error", connectAgain);
on("htmx:sse:before:connection", (event) => say(event.detail.connection.attempt > 0));
on("htmx:sse:error", ({ detail }) => {
  say(true);
  if ([401, 403, 404].includes(detail.status)) location.reload();
});
on("htmx:sse:after:connection", () => {
  delay = 500;
  say(false);
});

// What was written into a form with data-draft outlives a reload, in this tab, until it is sent.
const draftOf = (form) => form?.dataset.draft && form.elements[form.dataset.draft];
on("input", ({ target }) => {
  if (target === draftOf(target.form)) sessionStorage.setItem("draft", target.value);
});
on("submit", ({ target }) => draftOf(target) && sessionStorage.removeItem("draft"));
const field = draftOf(document.querySelector("form[data-draft]"));
if (field && !field.value) field.value = sessionStorage.getItem("draft") ?? "";
