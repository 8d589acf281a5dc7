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

// What was written into a form with data-draft outlives a reload, in this tab, until it is sent.
const draftOf = (form) => form?.dataset.draft && form.elements[form.dataset.draft];
on("input", ({ target }) => {
  if (target === draftOf(target.form)) sessionStorage.setItem("draft", target.value);
});
on("submit", ({ target }) => draftOf(target) && sessionStorage.removeItem("draft"));
const field = draftOf(document.querySelector("form[data-draft]"));
if (field && !field.value) field.value = sessionStorage.getItem("draft") ?? "";
