// The review queue by keyboard. Keys rest while somebody types or a dialog is open, and can be switched off.
const byId = (id) => document.getElementById(id);
const boxes = () => [...document.querySelectorAll("tbody.booking")];
const boxAround = (element) => element?.closest("tbody.booking");
const linkOf = (box) => box?.querySelector(".review-link") ?? box?.querySelector(".reference");
const buttonOf = (box, action) => box?.querySelector(`form[action$="/${action}"] button`);
const WAITING = '[data-status="pending"] .review-link';
let here = null; // The id of the row that was last in hand.
const wanted = new Map(); // What to do in rows whose review is on its way, by their ids.

const current = () => {
  const box = boxAround(document.activeElement);
  if (box) here = box.id;
  return box ?? byId(here);
};
const stepTo = (by) => {
  const all = boxes();
  const at = all.indexOf(current());
  linkOf(all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)])?.focus();
};

// In an open review: the approval at its button, and once more sends it; the rejection at its reason; the hold at once.
const acts = {
  approval(box, again) {
    const button = buttonOf(box, "approval");
    const price = button?.form.elements.price;
    if (price && !price.value) price.focus();
    else if (again) button?.form.requestSubmit(button);
    else button?.focus();
  },
  rejection(box) {
    const details = buttonOf(box, "rejection")?.closest("details");
    if (!details) return;
    details.open = true;
    details.querySelector("textarea").focus();
  },
  hold: (box) => buttonOf(box, "hold")?.click(),
};
// Somebody quick presses the next key before the answer to the last one is there.
const act = (action) => {
  const box = current() ?? boxes()[0];
  const awaited = wanted.get(box?.id);
  if (awaited) awaited.again = awaited.action === action;
  if (!box || box.querySelector(".htmx-request")) return;
  const button = buttonOf(box, action);
  if (button) return acts[action](box, document.activeElement === button);
  const link = box.querySelector(WAITING);
  if (!link) return;
  link.focus();
  wanted.set(box.id, { action, again: false });
  link.click();
};
const undo = () => [...document.querySelectorAll(".undo button")].at(-1)?.click();
const open = () => current()?.querySelector(".review-link:not(.htmx-request)")?.click();

const keys = {
  ...{ j: () => stepTo(1), k: () => stepTo(-1), u: undo, o: open },
  ...{ a: () => act("approval"), r: () => act("rejection"), h: () => act("hold") },
  x: () => current()?.querySelector("[type=checkbox]")?.click(),
  "/": () => document.querySelector("[type=search]")?.focus(),
  "?": () => byId("queue-keys")?.showModal(),
};
// Out of a field to its row; out of an open review.
const leave = (from) => {
  const box = current();
  const link = linkOf(box);
  if (from.closest("dialog")) return;
  if (!boxAround(from) && from.matches("input, select")) link ? link.focus() : from.blur();
  else if (from !== link) link?.focus();
  else if (box.querySelector(".review")) link.click();
};
const send = ({ form }) => form?.requestSubmit(form.querySelector("[type=submit]"));

const keysAreOff = () => ifKept(() => localStorage.getItem("keys")) === "off";
const typing = (target) => target.closest("textarea, select, input:not([type=checkbox])");
const resting = ({ target, altKey, ctrlKey, metaKey }) =>
  altKey || ctrlKey || metaKey || typing(target) || target.closest("dialog[open]");
addEventListener("keydown", (event) => {
  const { key, target, ctrlKey, metaKey, repeat, isComposing } = event;
  if (isComposing || keysAreOff()) return;
  if (key === "Escape") return leave(target);
  if (key === "Enter" && (ctrlKey || metaKey) && boxAround(target) && typing(target)) {
    return send(target);
  }
  if (resting(event) || !Object.hasOwn(keys, key)) return;
  event.preventDefault();
  if (!repeat || key === "j" || key === "k") keys[key]();
});

addEventListener("click", ({ target }) => {
  if (target.closest("[data-keys]")) byId("queue-keys").showModal();
});
const choose = () => {
  const chosen = document.querySelectorAll("tbody [name=booking]:checked").length;
  const words = document.querySelector("[data-chosen]");
  if (words) words.textContent = chosen ? `the ${chosen} chosen` : "what is chosen";
};
addEventListener("change", ({ target }) => {
  if (target.id === "keys-on") {
    ifKept(() => localStorage.setItem("keys", target.checked ? "on" : "off"));
  }
  if (target.name === "booking") choose();
});
const on = byId("keys-on");
if (on) on.checked = !keysAreOff();

// After a swap: what was wanted is done; after a decision the next one that waits is in hand, unless another is already.
document.addEventListener("htmx:after:swap", ({ detail }) => {
  const box = byId(detail.ctx.target?.id);
  if (!box?.matches("tbody.booking")) return;
  choose();
  const said = box.querySelector("[data-said]");
  if (said) byId("queue-said")?.replaceChildren(said.dataset.said);
  const then = wanted.get(box.id);
  wanted.delete(box.id);
  if (current() !== box) return;
  if (then) acts[then.action](box, then.again);
  else if (said) linkOf(nextAfter(box))?.focus();
});
// What is still awaited in a row that could not answer is not done later.
document.addEventListener("htmx:finally:request", ({ detail }) => {
  wanted.delete(detail.ctx.target?.id);
});
const nextAfter = (box) => {
  const all = boxes();
  const after = all.slice(all.indexOf(box) + 1);
  return [...after, ...all].find((next) => next.querySelector(WAITING)) ?? box;
};
