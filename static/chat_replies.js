// Canned replies: "/thanks" and Tab in the composer, or a choice below it. What they put in is text to go on with.
const saysReply = (words) => byId("reply-state").textContent = words;
const textOf = async (slug) => {
  const address = `${chatBase()}?${new URLSearchParams({ reply: slug })}`;
  const response = await fetch(address, { headers: asPart }).catch(() => undefined);
  const [composer] = response?.ok ? partsOf(await response.text()) : [];
  return composer?.id === "composer" && composer.querySelector("textarea").value;
};
const putReply = async (slug, from) => {
  const field = byId("body");
  const typed = `/${slug}`;
  const text = await textOf(slug);
  if (!text) return saysReply("That reply cannot be read right now. Try again.");
  const stands = from !== undefined && field.value.startsWith(typed, from);
  const [start, end] = stands
    ? [from, from + typed.length]
    : [field.selectionStart, field.selectionEnd];
  field.setRangeText(text, start, end, "end");
  field.focus();
  saysReply(`/${slug} is in your message. Change what you like, then send it.`);
};

on("keydown", (event) => {
  const { key, target: field, shiftKey, altKey, ctrlKey, metaKey } = event;
  if (key !== "Tab" || shiftKey || altKey || ctrlKey || metaKey) return;
  if (!byId("reply") || !field.matches(".composer textarea")) return;
  const before = field.value.slice(0, field.selectionStart);
  const slug = /(?:^|\s)\/([a-z0-9-]+)$/.exec(before)?.[1];
  if (![...byId("reply").options].some(({ value }) => value === slug)) return;
  event.preventDefault();
  putReply(slug, before.length - slug.length - 1);
});
on("submit", (event) => {
  if (!event.target.matches(".replies") || !byId("body")) return;
  event.preventDefault();
  putReply(byId("reply").value);
});
