import { approveOverdue, expireUnpaid } from "../../db/bookings_by_clock.ts";
import { submitBooking } from "../../db/bookings.ts";
import { type Db, openDb } from "../../db/client.ts";
import { migrate } from "../../db/migrate.ts";
import { seedCatalogue } from "../../db/seed.ts";
import { alice, submission } from "../cast.ts";

/** What a process may be asked to do; `argument` is an instant, or a form's key. */
const works = {
  approveOverdue: (db: Db, argument: string) => approveOverdue(db, Number(argument)),
  expireUnpaid: (db: Db, argument: string) => expireUnpaid(db, Number(argument)),
  submitBooking: (db: Db, argument: string) =>
    submitBooking(db, submission(alice, { idempotency_key: argument })),
  seedCatalogue: (db: Db) => seedCatalogue(db),
  migrate: (db: Db) => migrate(db),
};
type Work = keyof typeof works;

/** Lets `processes` processes of their own do `work` at the same moment; returns what each returned. */
export async function atOnce<W extends Work>(
  work: W,
  on: { url: string; argument?: string | number; processes?: number },
): Promise<Awaited<ReturnType<typeof works[W]>>[]> {
  const args = ["run", "-A", import.meta.filename ?? "", work, on.url, String(on.argument ?? "")];
  const started = Array.from({ length: on.processes ?? 2 }, () => startProcess(args));
  await Promise.all(started.map((process) => process.ready()));
  return await Promise.all(started.map((process) => process.go()));
}

function startProcess(args: string[]) {
  const child = new Deno.Command(Deno.execPath(), {
    args,
    ...{ stdin: "piped", stdout: "piped", stderr: "inherit" },
  }).spawn();
  const output = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  return {
    async ready() {
      const { value } = await output.read();
      if (value !== "ready\n") throw new Error("the process did not start");
    },
    async go() {
      await child.stdin.close();
      let text = "";
      for (let next = await output.read(); !next.done; next = await output.read()) {
        text += next.value;
      }
      await child.status;
      return JSON.parse(text);
    },
  };
}

if (import.meta.main) {
  const [work, url = "", argument = ""] = Deno.args;
  const db = await openDb(url);
  await db.$client.execute("select 1");
  console.log("ready");
  await Deno.stdin.read(new Uint8Array(1));
  console.log(JSON.stringify(await works[work as Work](db, argument)));
  db.$client.close();
}
