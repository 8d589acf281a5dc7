import { attribute } from "./visitor.ts";

/** The values of an attribute in a piece of our HTML, in order. */
export function marksIn(html: string, name: string): string[] {
  return (html.match(new RegExp(`\\b${name}="[^"]*"`, "g")) ?? [])
    .map((mark) => attribute(mark, name));
}

/** The elements named `tag` with the attribute, each with its content; none may hold one of its own kind. */
export function elementsIn(html: string, tag: string, mark: string): string[] {
  return html.match(new RegExp(`<${tag}\\b[^>]*${mark}[\\s\\S]*?</${tag}>`, "g")) ?? [];
}

/** What the page shouts, as plain text. */
export const alertsIn = (html: string) => elementsIn(html, "div", 'role="alert"').map(textOf);

/** Where the link with these words leads; null when there is none. */
export function linkIn(html: string, words: string): string | null {
  const link = (html.match(/<a\b[^>]*>[^<]*<\/a>/g) ?? []).find((link) => textOf(link) === words);
  return link ? attribute(link, "href") : null;
}

/** A piece of our HTML as a person reads it. */
export function textOf(html: string): string {
  const text = html.replace(/<[^>]+>/g, " ").replace(/&quot;/g, '"').replace(/&#39;/g, "'")
    .replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
  return text.replace(/\s+/g, " ").trim();
}

/** The same HTML with what is random in it made equal. */
export const steady = (html: string) =>
  html.replace(/(name="(?:idempotency_key|client_id)" value=)"[^"]*"/g, '$1"-"');
