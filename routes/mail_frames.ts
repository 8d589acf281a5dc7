import type { Context } from "hono";
import { policy } from "./gate.ts";
import { respond } from "./respond.ts";

/** A mail runs, loads and leads to nothing; its own styles and the pictures it brings are all it has. */
const ofMail = [
  "sandbox",
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join("; ");

/** A mail's HTML on its own, for the frame of a page of ours. */
export function frameMail(c: Context, html: string) {
  c.header("Content-Security-Policy", ofMail);
  c.header("Vary", "HX-Request, HX-Request-Type");
  return c.html(html);
}

/** A page that shows a mail in a frame. */
export function respondWithFrame(...[c, ...answer]: Parameters<typeof respond>) {
  c.header("Content-Security-Policy", `${policy}; frame-src 'self'`);
  return respond(c, ...answer);
}
