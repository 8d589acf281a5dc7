import { createMiddleware } from "hono/factory";
import { type Bytes, codingFor } from "./codings.ts";
import type { Deps, Env } from "./context.ts";
import { editionOf } from "./catalogue_cache.ts";
import { pathAndQuery } from "./respond.ts";

/** What a handler says may be answered again, to whoever asks for the same `address`. */
export type Kept = { address: string; edition: string; body: Bytes };

type Answer = { edition: string; body: Bytes; headers: Headers };

/**
 * The answers that are the same for everybody, whole: the map of the site is walked once for each, and then they
 * are sent as they are, each with a request number of its own, until the catalogue or the agency's face changes.
 */
export class KeptAnswers {
  #answers = new Map<string, Answer>();

  constructor(readonly deps: Pick<Deps, "catalogue" | "brands">) {}

  /** The answer to `request`, if it is one of these and nothing about the request is special. */
  again(request: Request): Response | undefined {
    if (request.method !== "GET") return;
    const coding = codingFor(request.headers.get("Accept-Encoding"));
    const answer = this.#answers.get(`${coding} ${pathAndQuery(request.url)}`);
    if (!answer || request.headers.has("If-None-Match")) return;
    if (answer.edition !== this.#edition()) return;
    answer.headers.set("X-Request-Id", crypto.randomUUID());
    return new Response(answer.body, { headers: answer.headers });
  }

  /** Keeps what the handlers below it mark as the same for everybody. */
  readonly keep = createMiddleware<Env>(async (c, next) => {
    await next();
    const { kept } = c.var;
    if (!kept || c.res.status !== 200 || pathAndQuery(c.req.url) !== kept.address) return;
    const { address, ...answer } = kept;
    const headers = new Headers(c.res.headers);
    this.#answers.set(`${headers.get("Content-Encoding") ?? "identity"} ${address}`, {
      ...answer,
      headers,
    });
  });

  #edition() {
    const { catalogue, brands } = this.deps;
    return editionOf(catalogue.version(), brands.look().edition);
  }
}
