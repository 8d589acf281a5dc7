import { Hono } from "hono";
import { gzipSync } from "node:zlib";
import { openDb } from "../../db/client.ts";
import { type Catalogue, readCatalogue } from "../../db/services.ts";
import { findPerson } from "../../db/sessions.ts";
import { environmentOfProcess, readConfig } from "../../jobs/config.ts";
import { createApp } from "../../routes/app.ts";
import { bookingRoutes } from "../../routes/bookings.tsx";
import type { CatalogueCache } from "../../routes/catalogue_cache.ts";
import { compressPages } from "../../routes/compression.ts";
import type { Deps, Env } from "../../routes/context.ts";
import { createDeps } from "../../routes/deps.ts";
import { ownPagesOnly, securityHeaders, smallBodies } from "../../routes/gate.ts";
import { KeptAnswers } from "../../routes/kept_answers.ts";
import { nudgeAfterChange, requestContext } from "../../routes/request.ts";

// What the product is compared with, each a server of its own: deno run -A peers.ts KIND
const config = readConfig(environmentOfProcess(), []);
const db = await openDb(config.database.url);
const deps = async () => {
  const post = { config, db, gateways: [], mailer: null, keys: config.keys };
  return await createDeps({ ...post, clock: () => Date.now(), nudge: () => {} });
};

const peers: Record<string, () => Promise<Deno.ServeHandler>> = {
  /** The least that sends the bytes of the catalogue, its headers too. */
  async bare() {
    const app = createApp(await deps());
    const asked = new Request("http://127.0.0.1/services", {
      headers: { "Accept-Encoding": "br" },
    });
    const answer = await app.fetch(asked);
    const headers = Object.fromEntries(answer.headers);
    const body = await answer.bytes();
    return () => new Response(body, { headers });
  },
  /** The catalogue read, rendered and compressed for each request. */
  async uncached() {
    const made = await deps();
    let read: Promise<Catalogue> = readCatalogue(db);
    const catalogue = {
      read: () => read = readCatalogue(db),
      page: async (_: string, { render }: { render: (catalogue: Catalogue) => string }) => {
        const body = gzipSync(render(await read));
        return { edition: "none", as: () => ({ body: new Uint8Array(body), etag: '"none"' }) };
      },
      version: () => undefined,
    } as unknown as CatalogueCache;
    return createApp({ ...made, catalogue }).fetch;
  },
  /** The dashboard with all that is done for a page but its session: the person is known beforehand. */
  async unchecked() {
    const made: Deps = await deps();
    const session = await db.$client.execute(
      "select id from sessions where user_id is not null limit 1",
    );
    const person = await findPerson(db, String(session.rows[0]?.id), Date.now());
    if (!person) throw new Error("nobody is signed in");
    const known = Promise.resolve(person);
    const answers = new KeptAnswers(made);
    return new Hono<Env>().use(
      ...[answers.keep, requestContext(made), compressPages, securityHeaders, nudgeAfterChange],
      ...[ownPagesOnly, smallBodies],
      async (c, next) => {
        c.set("viewer", { kind: person.kind, id: person.id });
        c.set("person", known);
        await next();
      },
    ).route("/", bookingRoutes).get("/", (c) => c.text("ok")).fetch;
  },
};

const make = peers[Deno.args[0] ?? ""];
if (!make) throw new Error(`peers: ${Object.keys(peers).join(", ")}`);
Deno.serve({ port: config.port, hostname: "127.0.0.1", onListen() {} }, await make());
