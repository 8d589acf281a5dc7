import type { Db } from "../db/client.ts";
import { listMailbox, type MailboxMessage } from "../db/mailbox.ts";
import { openDb } from "../db/client.ts";
import type { Role } from "../db/schema.ts";
import { Passwords } from "../db/passwords.ts";
import { type Config, readConfig } from "../jobs/config.ts";
import type { Gateway } from "../jobs/gateways/gateway.ts";
import { createMailer } from "../jobs/gateways/mail.ts";
import { paymentGateways } from "../jobs/gateways/payment_gateways.ts";
import { createNudge } from "../jobs/nudge.ts";
import { setupLink } from "../jobs/first_admin.ts";
import { createApp } from "../routes/app.ts";
import { loadAssets } from "../routes/assets.ts";
import { createDeps } from "../routes/deps.ts";
import type { ChatTail } from "../routes/chat_tail.ts";
import { ada, alice, bob, type Cast, castIn, hire, NOW } from "./cast.ts";
import { type Kind, openTestDatabase } from "./databases.ts";
import { startSlowDatabase } from "./slow_database.ts";
import { Visitor } from "./visitor.ts";

export const PASSWORD = "a kettle of seven tides";
// Hashing is slow on purpose; what it costs is tested where it matters, and all worlds of a file share the thread.
const passwords = new Passwords({ memorySize: 64, iterations: 1, parallelism: 1, hashLength: 32 });
/** Of `PASSWORD`, for a database that no world is opened on. */
export const PASSWORD_HASH = await passwords.hash(PASSWORD);
const assets = await loadAssets();
const people = { alice, bob, ada };

export type World = AsyncDisposable & {
  url: string;
  /** The database beside the app, not counted as its trips. */
  db: Db;
  config: Config;
  cast: Cast;
  /** The instant the app lives in; a test moves it. */
  time: { now: number };
  /** Sequential round trips that the app has made since `begin`; only over a slow database. */
  trips: {
    count(): number;
    /** Counts from here on, once nothing of what was done before is under way. */
    begin(): Promise<void>;
  };
  /** Takes the database away, or brings it back; only over a slow database. */
  outage(away: boolean): void;
  /** Somebody with an empty cookie jar. */
  stranger(): Visitor;
  /** One of the cast, signed in through the form. */
  signedIn(name: keyof typeof people): Promise<Visitor>;
  /** A new admin with this role, signed in through the form. */
  hired(role: Role): Promise<Hired>;
  /** All mails sent so far, newest first; waits until the outbox is empty. */
  mails(): Promise<MailboxMessage[]>;
  /** How many passwords were hashed so far. */
  hashes(): number;
  setupLink(): Promise<string | null>;
  /** Every address of the app, as "GET /path". */
  routes: string[];
};

export type Hired = { id: number; name: string; email: string; visitor: Visitor };
type Wish = {
  kind?: Kind;
  env?: Record<string, string>;
  slow?: number;
  keys?: Config["keys"];
  /** How often streams are looked after. */
  pace?: ChatTail["pace"];
  /** Ways to pay beside those of the environment. */
  gateways?: Gateway[];
};
const testKeys = [{ kid: "test", secret: "k".repeat(43) }];

/** The whole app on a free port, over a fresh database, with the cast in it. */
export async function openWorld(wish: Wish = {}): Promise<World> {
  const { kind = "file", env = {}, slow, keys = testKeys, pace, gateways } = wish;
  const database = await openTestDatabase(slow === undefined ? kind : "sqld");
  const proxy = slow === undefined ? undefined : startSlowDatabase(database.url, slow);
  const appDb = proxy ? await openDb(proxy.url) : database.db;
  const people = await castIn(database.db, PASSWORD_HASH);
  const app = await serve(appDb, { env, keys, jobsDb: database.db, pace, gateways });
  return {
    ...{ url: app.config.url, db: database.db, config: app.config, cast: people, time: app.time },
    trips: {
      count: () => proxy?.trips() ?? 0,
      async begin() {
        await app.idle();
        proxy?.reset();
      },
    },
    outage: (away) => {
      if (proxy) proxy.away = away;
    },
    stranger: () => new Visitor(app.config.url),
    signedIn: (name) => signIn(app.config.url, name),
    async hired(role) {
      const member = { name: `The ${role}`, email: `${role}@connectpro.example` };
      const id = await hire(database.db, { ...member, role, passwordHash: PASSWORD_HASH });
      return {
        ...member,
        id,
        visitor: await enter(app.config.url, "/admin/sign-in", member.email),
      };
    },
    async mails() {
      await app.outbox.idle();
      return await listMailbox(database.db);
    },
    hashes: () => passwords.asked,
    setupLink: () => setupLink(database.db, app.config, app.time.now),
    routes: app.routes,
    async [Symbol.asyncDispose]() {
      await app.stop();
      if (proxy) {
        appDb.$client.close();
        await proxy[Symbol.asyncDispose]();
      }
      await database[Symbol.asyncDispose]();
    },
  };
}

type Serving = Pick<Wish, "pace" | "gateways"> & {
  env: Record<string, string>;
  keys: Config["keys"];
  jobsDb: Db;
};

const notYet = () => new Response(null, { status: 503 });

/** The app over `db` as main.ts composes it, with a clock that stands still; mails go a way that is not counted. */
async function serve(db: Db, { env, keys, jobsDb, pace, gateways: more }: Serving) {
  const time = { now: NOW };
  const clock = () => time.now;
  const served: { app?: ReturnType<typeof createApp> } = {};
  const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
  const server = Deno.serve(
    options,
    (request, info) => served.app?.fetch(request, info) ?? notYet(),
  );
  const config = readConfig(
    { APP_ENV: "test", PORT: String(server.addr.port), ...bank, ...env },
    [],
  );
  const gateways = [...paymentGateways(config), ...(more ?? [])];
  const post = { db: jobsDb, config, mailer: await createMailer(config, jobsDb), gateways };
  const outbox = createNudge(post, clock);
  const deps = await createDeps({
    ...post,
    db,
    keys,
    passwords,
    assets,
    pace,
    clock,
    nudge: outbox.nudge,
  });
  const app = createApp(deps);
  served.app = app;
  const routes = app.routes.filter(({ method }) => method !== "ALL")
    .map(({ method, path }) => `${method} ${path}`);
  const idle = async () => {
    await Promise.all([outbox.idle(), deps.queue?.idle()]);
    await Promise.all([deps.catalogue.idle(), deps.brands.idle()]);
  };
  const stop = async () => {
    await deps.tail.close();
    await server.shutdown();
    await idle();
    post.mailer?.close();
  };
  return { config, time, outbox, idle, stop, routes: [...new Set(routes)] };
}

const bank = { BANK_ACCOUNT_HOLDER: "ConnectPro Ltd", BANK_IBAN: "DE02120300000000202051" };

const signIn = (url: string, name: keyof typeof people): Promise<Visitor> =>
  enter(url, name === "ada" ? "/admin/sign-in" : "/sign-in", people[name].email);

async function enter(url: string, path: string, email: string): Promise<Visitor> {
  const visitor = new Visitor(url);
  const answer = await visitor.post(path, { email, password: PASSWORD });
  if (answer.status !== 303) throw new Error(`${email} cannot sign in: ${answer.status}`);
  return visitor;
}
