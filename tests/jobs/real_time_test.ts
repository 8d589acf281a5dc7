import { assertEquals, assertStringIncludes } from "@std/assert";
import { bookingIn, castIn, DAY, fileOf, HOUR } from "../cast.ts";
import { startDatabase } from "../databases.ts";
import { openDb } from "../../db/client.ts";
import { migrate } from "../../db/migrate.ts";
import { hasFaketime, timeIs } from "../faketime.ts";
import { runProgram, startProduct } from "../process.ts";
import { startSmtp } from "../smtp.ts";

// Where the machine has libfaketime these processes live at another time; elsewhere the command is told the time.

/** Two days before Berlin's clocks go forward. */
const BOOKED = Date.parse("2026-03-27T12:00:00+01:00");
const DUE = BOOKED + 96 * HOUR;

/** A booking of that day in a file of its own, and the environment of a process that works on it. */
async function openPlace() {
  const place = await startDatabase("file");
  const smtp = await startSmtp();
  const db = await openDb(place.url);
  await migrate(db);
  const { booking } = await bookingIn(await castIn(db), "pending", { now: BOOKED });
  const env = {
    ...{ TURSO_DATABASE_URL: place.url, SMTP_URL: smtp.url, AGENCY_TIMEZONE: "Europe/Berlin" },
  };
  return {
    ...{ smtp, env },
    statusOf: async () => (await fileOf(db, booking.reference)).booking.status,
    async [Symbol.asyncDispose]() {
      db.$client.close();
      await smtp[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    },
  };
}

/** What the command for jobs says of the approvals when it is run at this very millisecond. */
async function runJobsAt(at: number, env: Record<string, string>) {
  const command = ["jobs/cli.ts", "jobs"];
  const { code, out, err } = hasFaketime
    ? await runProgram(command, { ...env, ...timeIs(at) })
    : await runProgram([...command, `--at=${new Date(at).toISOString()}`], env);
  assertEquals([code, err], [0, ""]);
  return /^approve_overdue: .*$/m.exec(out)?.[0];
}

Deno.test("a process approves at the millisecond, over a change of summer time, and not one before", async () => {
  await using place = await openPlace();
  assertEquals(await runJobsAt(DUE - 1, place.env), "approve_overdue: 0 done");
  assertEquals(await place.statusOf(), "pending");
  const promise = place.smtp.received.find(({ mail }) => mail.subject?.startsWith("We have"));
  assertStringIncludes(promise?.mail.text ?? "", "on Tue 31 Mar, 13:00 Berlin");

  assertEquals(await runJobsAt(DUE, place.env), "approve_overdue: 1 done");
  assertEquals(await place.statusOf(), "approved");
  const approved = place.smtp.received.at(-1)?.mail;
  assertStringIncludes(approved?.subject ?? "", "Approved at USD 890.00");
  assertStringIncludes(approved?.text ?? "", "until Tue 7 Apr, 13:00 Berlin");
});

Deno.test("the product catches up by its own clock after three days without one, once and in peace", async () => {
  await using place = await openPlace();
  // A quarter past six in the morning, Berlin: no hour for reminders.
  const strike = Date.parse("2026-04-03T04:15:00Z");
  assertEquals(strike > DUE + 2 * DAY, true);
  if (hasFaketime) await liveThrough(strike, place);
  else await runJobsAt(strike, place.env);

  assertEquals(await place.statusOf(), "approved");
  const subjects = place.smtp.received.map(({ mail }) => mail.subject?.slice(0, 8)).toSorted();
  assertEquals(subjects, ["Approved", "New book", "We have "]);
});

/** Runs the product from some seconds before `strike` until the mail of the approval is here. */
async function liveThrough(strike: number, { smtp, env }: Awaited<ReturnType<typeof openPlace>>) {
  for (let lead = 4000;; lead *= 2) {
    const begun = performance.now();
    const time = timeIs(strike - lead, { runs: true });
    await using _product = await startProduct({ ...env, ...time });
    // A machine this slow was not on its feet when the clock struck: it starts earlier.
    if (performance.now() - begun > lead) continue;
    return await smtp.has(3);
  }
}
