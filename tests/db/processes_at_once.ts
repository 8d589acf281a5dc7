import { approveOverdue, expireUnpaid } from "../../db/bookings_by_clock.ts";
import { submitBooking } from "../../db/bookings.ts";
import { type Db, openDb } from "../../db/client.ts";
import { migrate } from "../../db/migrate.ts";
import { type Notice, type Taken, takeNotice } from "../../db/payment_notices.ts";
import { seedCatalogue } from "../../db/seed.ts";
import { alice, fileOf, HOUR, NOW, submission } from "../cast.ts";
import { winnersOf } from "../problems.ts";
import { verbs } from "../verbs.ts";

/** What a process may be asked to do; `argument` is an instant, a form's key or an environment. */
const works = {
  approveOverdue: (db: Db, argument: string) => approveOverdue(db, Number(argument)),
  approveJob: (db: Db, argument: string) => approveJob(db, Number(argument)),
  /** Stops for ever in the midst of the job, when it has approved the first of them. */
  approveAndStall: (db: Db, argument: string) => {
    const batch = db.$client.batch.bind(db.$client);
    let sent = 0;
    db.$client.batch = (...args) => sent++ === 0 ? batch(...args) : stall();
    return approveJob(db, Number(argument));
  },
  expireUnpaid: (db: Db, argument: string) => expireUnpaid(db, Number(argument)),
  submitBooking: (db: Db, argument: string) =>
    submitBooking(db, submission(alice, { idempotency_key: argument })),
  seedCatalogue: (db: Db) => seedCatalogue(db),
  migrate: (db: Db) => migrate(db),
  watchChains: async (db: Db, argument: string) => {
    const { readConfig } = await import("../../jobs/config.ts");
    const { watchChains } = await import("../../jobs/watch_chains.ts");
    return await watchChains({ db, config: readConfig(JSON.parse(argument), []) }, NOW + HOUR / 10);
  },
  takeNotices: (db: Db, argument: string) => takeNotices(db, JSON.parse(argument)),
  confirmPayments: (db: Db, argument: string) => confirmPayments(db, argument.split(",")),
};
type Work = keyof typeof works;

/** The job as the clock runs it, with its lease. */
async function approveJob(db: Db, now: number) {
  const { jobs, runJob } = await import("../../jobs/clock.ts");
  const { readConfig } = await import("../../jobs/config.ts");
  const job = jobs.find(({ name }) => name === "approve_overdue");
  if (!job) throw new Error("there is no such job");
  const config = readConfig({ APP_ENV: "test" }, []);
  return await runJob(job, { db, config, mailer: null, gateways: [] }, now);
}

function stall(): Promise<never> {
  console.log("stalled");
  return new Promise(() => setInterval(() => {}, 60_000));
}

/** Takes each notice; returns what came of each. */
async function takeNotices(db: Db, notices: Notice[]): Promise<Taken[]> {
  const taken: Taken[] = [];
  for (const notice of notices) taken.push(await takeNotice(db, notice, NOW));
  return taken;
}

/** Settles each of the bookings that nobody else settles first; returns how many it was. */
async function confirmPayments(db: Db, references: string[]): Promise<number> {
  const actor = { kind: "admin" as const, id: 1, name: "Ada" };
  const files = await Promise.all(references.map((reference) => fileOf(db, reference)));
  let won = 0;
  for (const file of files) {
    won += await winnersOf([verbs.confirm_payment(db, file, { actor, now: NOW })]);
  }
  return won;
}

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

/** Lets one process do `work` until it stalls, and kills it there. */
export async function killedAt(work: Work, on: { url: string; argument: string | number }) {
  const args = ["run", "-A", import.meta.filename ?? "", work, on.url, String(on.argument)];
  const process = startProcess(args);
  await process.ready();
  await process.kill();
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
    /** Waits for it to stall. */
    async kill() {
      await child.stdin.close();
      const { value } = await output.read();
      if (value !== "stalled\n") throw new Error("the process did not stall");
      child.kill("SIGKILL");
      await child.status;
      await output.cancel();
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
