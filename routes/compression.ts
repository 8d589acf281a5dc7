import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { gzipSync } from "node:zlib";
import { codingFor } from "./codings.ts";
import type { Env } from "./context.ts";

/** Smaller pages fit into one packet anyway. */
const SMALLEST = 1024;

/**
 * Pages travel compressed. Not where another site may have made somebody's browser ask: of such answers the size
 * alone could be made to tell, guess by guess, what stands in them (BREACH, https://breachattack.com). Streams and
 * files go as they are. Here and now, because a stream of its own costs three times what the work does.
 */
export const compressPages = createMiddleware<Env>(async (c, next) => {
  await next();
  const { headers } = c.res;
  if (!headers.get("Content-Type")?.startsWith("text/html")) return;
  const settled = headers.get("Vary")?.includes("Accept-Encoding");
  if (settled || !startedHere(c)) return;
  headers.append("Vary", "Accept-Encoding");
  if (codingFor(c.req.header("Accept-Encoding")) === "identity") return;
  const plain = new Uint8Array(await c.res.arrayBuffer());
  const small = plain.length < SMALLEST ? plain : new Uint8Array(gzipSync(plain));
  if (small !== plain) headers.set("Content-Encoding", "gzip");
  const { status } = c.res;
  // Where there is an answer already Hono makes another of both, with the headers of both.
  c.res = undefined;
  c.res = new Response(small, { status, headers });
});

/** Whether a page of ours or the address bar asked, or nobody's cookies came along. */
function startedHere(c: Context<Env>): boolean {
  const site = c.req.header("Sec-Fetch-Site");
  return site === "same-origin" || site === "none" || !c.req.header("Cookie");
}
