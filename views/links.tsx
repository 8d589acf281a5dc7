import type { Child } from "hono/jsx";

/** What may be followed: the web and mail, nothing that runs. */
const address = /\b(?:https?:\/\/|mailto:)[^\s<>"]+/gi;
/** What ends a sentence rather than an address. */
const ending = /[.,;:!?'")\]}]+$/;

/** `text` with its addresses as links; everything else stays text. */
export function linked(text: string): Child[] {
  const parts: Child[] = [];
  let end = 0;
  for (const { 0: found, index } of text.matchAll(address)) {
    const href = trimmed(found);
    if (!isAddress(href)) continue;
    parts.push(text.slice(end, index), <Away href={href} />);
    end = index + href.length;
  }
  parts.push(text.slice(end));
  return parts;
}

/** Leads out: the other site learns nothing of where from, and this page stays. */
const Away = ({ href }: { href: string }) => (
  <a href={href} rel="noopener noreferrer nofollow" target="_blank">{href}</a>
);

/** Without the full stop or bracket after it, unless the bracket belongs to it. */
function trimmed(found: string): string {
  const short = found.replace(ending, "");
  const balanced = found.slice(0, short.length + 1);
  return balanced.endsWith(")") && short.includes("(") ? balanced : short;
}

const isAddress = (href: string) =>
  URL.canParse(href) && ["http:", "https:", "mailto:"].includes(new URL(href).protocol);
