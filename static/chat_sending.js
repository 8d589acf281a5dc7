// Sending. What is written is shown at once, kept in this tab until the server has it, and sent until then: its
// name makes it one message however often that is. One at a time, so that the order stays.
let unsent = ifKept(() => JSON.parse(sessionStorage.getItem("unsent"))) ?? [];
const keepUnsent = () => {
  const rest = JSON.stringify(unsent.filter(({ sent }) => !sent));
  ifKept(() => sessionStorage.setItem("unsent", rest));
};
const here = ({ base }) => base === chatBase();
const lineOf = ({ id }) => byId("unsent").querySelector(`[data-unsent-id="${id}"]`);

const randomName = () =>
  [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("");

const newLine = ({ id, text, files }) => {
  const line = byId("unsent-message").content.firstElementChild.cloneNode(true);
  line.dataset.unsentId = id;
  line.querySelector(".message-body").textContent = [text, files].filter(Boolean).join("\n");
  byId("unsent").append(line);
  return line;
};
const show = (item) => {
  const line = lineOf(item) ?? newLine(item);
  const words = item.sent
    ? "Sent"
    : item.problem ?? (item.late ? "Not sent yet. We keep trying." : "Sending");
  line.querySelector("[role=status]").textContent = words;
  line.querySelector(".cluster").hidden = !item.problem;
  const again = attached.isLost(item) ? "Choose the files again" : "Send it again";
  line.querySelector("[data-unsent=again]").textContent = again;
  line.classList.toggle("failed", Boolean(item.problem));
};
const forget = (id) => {
  const item = unsent.find((item) => item.id === id);
  if (!item) return;
  unsent = unsent.filter((other) => other !== item);
  attached.of.delete(id);
  keepUnsent();
  if (here(item)) lineOf(item)?.remove();
};

/** "sent", "again" when it may work later, or else the sentence that says why not. */
const post = async (item) => {
  if (attached.isLost(item)) return attached.lost;
  const response = await (item.files ? attached.send(item) : sendText(item));
  if (response?.ok) return "sent";
  if (response?.status === 401) location.reload();
  if (!response || [401, 429].includes(response.status) || response.status >= 500) return "again";
  const { detail } = await response.json().catch(() => ({}));
  return detail ?? "This was not sent.";
};

const sendText = ({ base, id, text }) =>
  fetch(`${base}/messages`, {
    method: "POST",
    headers: { Accept: "application/json", "HX-Request": "true" },
    body: new URLSearchParams({ body: text, client_id: id }),
  }).catch(() => undefined);

// The field grows with what is written, also where the browser cannot do that by itself.
const grow = (field) => {
  if (CSS.supports("field-sizing", "content")) return;
  field.rows = 1;
  while (field.rows < 6 && field.scrollHeight > field.clientHeight) field.rows++;
};
// What is typed and not sent waits in this tab for whoever comes back to that conversation.
const typed = ifKept(() => JSON.parse(sessionStorage.getItem("typed"))) ?? {};
const keepTyped = (text) => {
  typed[chatBase()] = text || undefined;
  ifKept(() => sessionStorage.setItem("typed", JSON.stringify(typed)));
};
on("input", ({ target }) => {
  if (!target.matches(".composer textarea")) return;
  grow(target);
  keepTyped(target.value);
});
const composing = byId("body");
if (composing && !composing.value && typed[chatBase()]) {
  composing.value = typed[chatBase()];
  grow(composing);
}

let busy = false;
let pause = 1000;
let trying;
const sendAll = async () => {
  clearTimeout(trying);
  if (busy) return;
  busy = true;
  const next = () => unsent.find((item) => here(item) && !item.sent && !item.problem);
  for (let item = next(); item; item = next()) {
    const result = await post(item);
    if (result === "sent") item.sent = true;
    else if (result !== "again") item.problem = result;
    item.late = result === "again";
    pause = item.late ? Math.min(pause * 2, 30_000) : 1000;
    keepUnsent();
    if (unsent.includes(item)) show(item);
    if (item.late) break;
  }
  busy = false;
  if (next()) trying = setTimeout(sendAll, pause);
};

on("submit", (event) => {
  if (!event.target.matches(".composer")) return;
  event.preventDefault();
  const field = event.target.elements.body;
  const text = field.value.trim();
  const files = attached.take();
  if (!text && files.length === 0) return;
  const names = files.map(({ name }) => name).join("\n");
  const item = { base: chatBase(), id: randomName(), text, files: names };
  if (names) attached.of.set(item.id, files);
  unsent.push(item);
  keepUnsent();
  field.value = "";
  grow(field);
  keepTyped("");
  byId("composer-problem").replaceChildren();
  field.focus();
  // What is said goes on below the newest message, which need not be here yet.
  if (!isLive()) return toNewest();
  atEnd = true;
  show(item);
  sendAll();
});
on("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  if (!event.target.matches(".composer textarea")) return;
  event.preventDefault();
  event.target.form.requestSubmit();
});
on("click", ({ target }) => {
  const id = target.closest("[data-unsent]") && target.closest("[data-unsent-id]").dataset.unsentId;
  const item = unsent.find((item) => item.id === id);
  if (!item) return;
  const lost = attached.isLost(item);
  if (lost && !target.closest("[data-unsent=drop]")) attached.chooseAgain(item);
  if (lost || target.closest("[data-unsent=drop]")) return forget(id);
  delete item.problem;
  show(item);
  sendAll();
});

// The stream brings what was sent: from then on it is a message like any other.
on(
  "htmx:sse:before:message",
  ({ detail }) => forget(/ data-client-id="([^"]*)"/.exec(detail.message.data)?.[1]),
);
on("htmx:sse:after:connection", () => sendAll());
addEventListener("online", () => sendAll());

// A page that is opened or read again shows what is still under way; what it shows as said has arrived.
const showUnsent = () => {
  if (!byId("unsent")) return;
  for (const { id } of unsent.filter(here)) {
    if (list().querySelector(`[data-client-id="${id}"]`)) forget(id);
  }
  unsent.filter(here).forEach(show);
  sendAll();
};
on("chat:open", showUnsent);
showUnsent();
