import { Problem } from "./problem.ts";
import type { cannedReplies } from "./schema.ts";

type Text = Pick<typeof cannedReplies.$inferSelect, "body">;

/** What a reply may leave open, by what stands for it between two braces on each side. */
export const variables = ["client", "reference", "service", "agency", "me"] as const;
type Filling = Record<typeof variables[number], string>;

/** What a reply leaves open. */
const gap = /\{\{\s*(\w+)\s*\}\}/g;

/** The text of a reply as it is said here: what fills a gap is text, whatever it looks like. */
export const filledWith = (filling: Filling, { body }: Text): string =>
  body.replace(gap, (open, name) => isKnown(name) ? filling[name] : open);

const open = (name: string) => `{{${name}}}`;
const known = `${variables.slice(0, -1).map(open).join(", ")} and ${open(variables.at(-1) ?? "")}`;

/** A gap that nothing fills would be read by a client. Throws `invalid` on `body`. */
export function assertFillable({ body }: Text) {
  const wrong = [...body.matchAll(gap)].find(([, name]) => !isKnown(name));
  const rest = body.replace(gap, "");
  if (!wrong && !/\{\{|\}\}/.test(rest)) return;
  const what = wrong ? `We do not know ${wrong[0]}.` : "Two braces open or close here alone.";
  throw new Problem("invalid", `${what} What we fill in is ${known}.`, "body");
}

const isKnown = (name: string | undefined): name is keyof Filling =>
  variables.some((variable) => variable === name);
