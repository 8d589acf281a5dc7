import { openDb } from "../../db/client.ts";
import { readCatalogue } from "../../db/services.ts";
import { answering, freePort, watch } from "./processes.ts";

/** The product's origin at its lightest, with the same 30 services and as many messages. */
export type Origin = AsyncDisposable & { url: string; pids: number[]; versions: string[] };

const SCRIPTS = new URL("origin_php/", import.meta.url);
const programs = {
  nginx: ["/usr/sbin/nginx"],
  php: ["8.4", "8.3", "8.2", "8.1"].map((version) => `/usr/sbin/php-fpm${version}`),
  mariadb: ["/usr/sbin/mariadbd"],
  install: ["/usr/bin/mariadb-install-db"],
  client: ["/usr/bin/mariadb"],
};
/** Nobody's number: the servers run without rights, also when the bench does not. */
const NOBODY = 65534;

/** Starts nginx, PHP-FPM with 8 workers and MariaDB out of Debian's packages; null where one of them is missing. */
export async function startOrigin(
  fixture: { url: string; rooms: number; each: number },
): Promise<Origin | null> {
  const found = await findPrograms();
  if (!found) return null;
  const folder = await Deno.makeTempDir({ prefix: "connectpro_origin_" });
  const own = Deno.uid() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  if (own.uid) await Deno.chown(folder, NOBODY, NOBODY);
  const user = own.uid ? "nobody" : (Deno.env.get("USER") ?? "nobody");
  const port = freePort();
  const values = { folder, port: String(port), user, scripts: `${folder}/scripts` };
  await copyScripts(values);
  const children: Deno.ChildProcess[] = [];
  const launch = (program: string, args: string[]) => {
    const log = { stdin: "null", stdout: "null", stderr: "null" } as const;
    const child = new Deno.Command(program, { args, cwd: folder, ...own, ...log }).spawn();
    children.push(watch(child));
    return child;
  };
  const stop = async () => {
    for (const child of children) {
      try {
        child.kill("SIGTERM");
      } catch {
        // It ended by itself.
      }
      await child.status;
    }
    await Deno.remove(folder, { recursive: true });
  };
  try {
    await fillDatabase({ ...found, folder, launch, own, user }, fixture);
    launch(found.php, ["-F", "-y", `${folder}/fpm.conf`]);
    const nginx = launch(found.nginx, ["-p", folder, "-c", `${folder}/nginx.conf`]);
    const url = `http://127.0.0.1:${port}`;
    await answering(`${url}/catalogue.php`, nginx.status);
    const pids = children.map(({ pid }) => pid);
    return { url, pids, versions: await versionsOf(found), [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Found = Record<keyof typeof programs, string>;

async function findPrograms(): Promise<Found | null> {
  const found: Partial<Found> = {};
  for (const [name, paths] of Object.entries(programs)) {
    for (const path of paths) {
      const there = await Deno.stat(path).then(() => true, () => false);
      if (there) found[name as keyof Found] ??= path;
    }
    if (!found[name as keyof Found]) return null;
  }
  return found as Found;
}

async function copyScripts(values: Record<string, string>) {
  const { folder = "" } = values;
  await Deno.mkdir(`${folder}/scripts`);
  for await (const { name } of Deno.readDir(SCRIPTS)) {
    const text = await Deno.readTextFile(new URL(name, SCRIPTS));
    const filled = text.replace(/\{(\w+)\}/g, (as, key) => values[key] ?? as);
    const place = name.endsWith(".php") ? `${folder}/scripts/${name}` : `${folder}/${name}`;
    await Deno.writeTextFile(place, name.endsWith(".conf") ? filled : text);
  }
}

type Setting = Found & {
  folder: string;
  user: string;
  own: { uid?: number; gid?: number };
  launch(program: string, args: string[]): Deno.ChildProcess;
};

async function fillDatabase(
  { folder, install, mariadb, client, launch, own, user }: Setting,
  fixture: { url: string; rooms: number; each: number },
) {
  const data = `--datadir=${folder}/data`;
  const made = await new Deno.Command(install, {
    args: [
      "--no-defaults",
      data,
      "--skip-test-db",
      "--auth-root-authentication-method=socket",
      `--auth-root-socket-user=${user}`,
    ],
    ...{ cwd: folder, ...own, stdout: "null", stderr: "piped" },
  }).output();
  if (!made.success) throw new Error(new TextDecoder().decode(made.stderr));
  const socket = `--socket=${folder}/db.sock`;
  launch(mariadb, [
    "--no-defaults",
    data,
    socket,
    "--skip-networking",
    `--pid-file=${folder}/db.pid`,
    `--tmpdir=${folder}`,
    "--innodb-flush-log-at-trx-commit=1",
    "--innodb-buffer-pool-size=256M",
  ]);
  const sql = `create database bench; use bench;
    ${await Deno.readTextFile(new URL("schema.sql", SCRIPTS))}
    ${await catalogueRows(fixture.url)}
    insert into messages (room_id, author, body, created_at)
      select r.seq, 'Alice', concat('This is message ', n.seq), n.seq
      from seq_1_to_${fixture.rooms} r, seq_1_to_${fixture.each} n;`;
  for (let tries = 0;; tries++) {
    const process = new Deno.Command(client, {
      args: ["--no-defaults", socket, `--user=${user}`],
      ...{ ...own, stdin: "piped", stdout: "null", stderr: "piped" },
    }).spawn();
    const writer = process.stdin.getWriter();
    await writer.write(new TextEncoder().encode(sql)).catch(() => {});
    await writer.close().catch(() => {});
    const { success, stderr } = await process.output();
    if (success) return;
    if (tries === 100) throw new Error(new TextDecoder().decode(stderr));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The catalogue of the product's own fixture. */
async function catalogueRows(url: string): Promise<string> {
  const db = await openDb(url);
  const { categories } = await readCatalogue(db);
  db.$client.close();
  const quoted = (value: string | number | null) =>
    typeof value === "string" ? `'${value.replace(/[\\']/g, "\\$&")}'` : String(value);
  const insert = (table: string, rows: Record<string, string | number | null>[]) =>
    rows.map((row) =>
      `insert into ${table} (${Object.keys(row)}) values (${Object.values(row).map(quoted)});`
    ).join("\n");
  return [
    insert(
      "categories",
      categories.map(({ id, slug, name, description, position }) => (
        { id, slug, name, description, position }
      )),
    ),
    insert(
      "services",
      categories.flatMap(({ services }) =>
        services.map((service) => ({
          ...{ category_id: service.categoryId, slug: service.slug, name: service.name },
          ...{ summary: service.summary, price_minor: service.priceMinor },
          ...{ delivery_days: service.deliveryDays, position: service.position },
        }))
      ),
    ),
  ].join("\n");
}

async function versionsOf({ nginx, php, mariadb }: Found): Promise<string[]> {
  const first = async (program: string, flag: string) => {
    const { stdout, stderr } = await new Deno.Command(program, { args: [flag] }).output();
    const text = new TextDecoder().decode(stdout.length > 0 ? stdout : stderr);
    return text.split("\n")[0] ?? "";
  };
  return await Promise.all([first(nginx, "-v"), first(php, "-v"), first(mariadb, "--version")]);
}
