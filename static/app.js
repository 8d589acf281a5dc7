// One script for every page: listeners sit on the document, so swapped parts need no set-up.
const on = (name, act) => document.addEventListener(name, act);
// A browser may refuse to keep anything, and says so by throwing: all else works without.
const ifKept = (work) => {
  try {
    return work();
  } catch {
    return undefined;
  }
};

// Copy buttons.
on("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const word = button.textContent;
  const copied = navigator.clipboard.writeText(button.dataset.copy).then(() => true, () => false);
  button.textContent = await copied ? "Copied" : "Copy it by hand";
  setTimeout(() => button.textContent = word, 1500);
});

// A form with a file is on its way for a while; the chat's sends itself, and shows how far it is.
on("submit", (event) => {
  const { target, submitter } = event;
  if (target.enctype !== "multipart/form-data" || !submitter) return;
  setTimeout(() => event.defaultPrevented || (submitter.textContent = "Sending"));
});

// A form that came back with errors: what is wrong is read first, once.
let read;
on("htmx:after:swap", () => {
  const summary = document.querySelector(".error-summary");
  if (summary !== read) summary?.focus();
  read = summary;
});

// What a form with data-draft names is kept on this device until it is sent, a day at most; never who writes it.
const drafting = document.querySelector("form[data-draft]");
const draft = ifKept(() => JSON.parse(localStorage.getItem("draft"))) ?? {};
const old = Date.now() - draft.at > 86_400_000;
if (old || (draft.sent && !drafting)) ifKept(() => localStorage.removeItem("draft"));
const drafted = drafting?.dataset.draft.split(" ").map((name) => drafting.elements[name]) ?? [];
if (drafting && draft.values && !old && !drafting.elements.details.value) {
  drafted.forEach((field, at) => {
    if (field.value && field.type) return;
    field.value = draft.values[at];
  });
  // htmx, which stands before this, begins a moment after it has run.
  setTimeout(() => drafted[0].dispatchEvent(new Event("change")));
}
const keepDraft = (sent) => {
  const values = drafted.map((field) => field.value);
  const kept = JSON.stringify({ values, sent, at: Date.now() });
  ifKept(() => localStorage.setItem("draft", kept));
};
on("input", ({ target }) => drafting && target.form === drafting && keepDraft(false));
on("submit", ({ target }) => drafting && target === drafting && keepDraft(true));

// Countdowns go on by the minute, in the words that views/approvals.tsx began with.
const left = (ms) => {
  const minutes = Math.floor(ms / 60000);
  const days = Math.floor(minutes / 1440);
  const parts = [["day", days], ["hour", Math.floor(minutes / 60) % 24], ["minute", minutes % 60]];
  const first = parts.findIndex(([, n]) => n > 0);
  const said = parts.slice(first, first + 2).filter(([, n]) => n > 0)
    .map(([unit, n]) => `${n} ${unit}${n === 1 ? "" : "s"}`);
  return minutes < 1 ? "any minute now" : `in ${said.join(" ")}`;
};
setInterval(() => {
  for (const time of document.querySelectorAll("[data-until]")) {
    time.textContent = left(Date.parse(time.dataset.until) - Date.now());
  }
}, 60000);
