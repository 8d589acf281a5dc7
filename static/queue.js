// The review queue by keyboard. Keys rest while somebody types or a dialog is open, and can be switched off.
const byId = (id) => document.getElementById(id);
const boxes = () => [...document.querySelectorAll("tbody.booking")];
const linkOf = (box) => box?.querySelector(".review-link") ?? box?.querySelector(".reference");
const buttonOf = (box, action) => box?.querySelector(`form[action$="/${action}"] button`);
const WAITING = '[data-status="pending"] .review-link';
let here = null; // The id of the row that was last in hand.
let wanted = null; // What to do in a row once its review is there.

const current = () => {
  const box = document.activeElement?.closest("tbody.booking");
  if (box) here = box.id;
  return box ?? byId(here);
};
const stepTo = (by) => {
  const all = boxes();
  const at = all.indexOf(current());
  linkOf(all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)])?.focus();
};

// In an open review: the approval at its button, the rejection at its reason, the hold at once.
const acts = {
  approval(box, again) {
    const button = buttonOf(box, "approval");
    const price = button?.form.elements.price;
    if (price && !price.value) price.focus();
    else if (again && document.activeElement === button) button.form.requestSubmit(button);
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
const act = (action) => {
  const box = current() ?? boxes()[0];
  if (buttonOf(box, action)) return acts[action](box, true);
  const link = box?.querySelector(WAITING);
  if (!link) return;
  [here, wanted] = [box.id, action];
  link.click();
};
const undo = () => [...document.querySelectorAll(".undo button")].at(-1)?.click();

const keys = {
  ...{ j: () => stepTo(1), k: () => stepTo(-1), u: undo },
  ...{ a: () => act("approval"), r: () => act("rejection"), h: () => act("hold") },
  o: () => current()?.querySelector(".review-link")?.click(),
  x: () => current()?.querySelector("[type=checkbox]")?.click(),
  "/": () => document.querySelector("[type=search]")?.focus(),
  "?": () => byId("queue-keys")?.showModal(),
};
const keysAreOff = () => ifKept(() => localStorage.getItem("keys")) === "off";
const resting = ({ target, ctrlKey, metaKey, altKey, isComposing }) =>
  ctrlKey || metaKey || altKey || isComposing || keysAreOff() ||
  target.closest("textarea, select, dialog[open], input:not([type=checkbox])");
addEventListener("keydown", (event) => {
  if (resting(event) || !Object.hasOwn(keys, event.key)) return;
  event.preventDefault();
  keys[event.key]();
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

// After a swap: what was wanted is done; after a decision the next one that waits is in hand.
document.addEventListener("htmx:after:swap", ({ detail }) => {
  const box = byId(detail.ctx.target?.id);
  if (!box?.matches("tbody.booking")) return;
  here = box.id;
  choose();
  const said = box.querySelector("[data-said]");
  if (said) byId("queue-said")?.replaceChildren(said.dataset.said);
  const [action, rest] = [wanted, boxes().slice(boxes().indexOf(box) + 1)];
  wanted = null;
  if (action) acts[action](box);
  else if (said) linkOf(rest.find((next) => next.querySelector(WAITING)) ?? box)?.focus();
});
