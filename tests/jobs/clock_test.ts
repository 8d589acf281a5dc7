import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { approveOverdue } from "../../db/bookings_by_clock.ts";
import { databaseTime } from "../../db/client.ts";
import { listEmailsOf } from "../../db/email_lists.ts";
import { endLease, takeLease } from "../../db/job_leases.ts";
import { listHeartbeats } from "../../db/job_runs.ts";
import { holdOrReleaseBooking } from "../../db/booking_reviews.ts";
import type { Urgency } from "../../db/schema.ts";
import { crons, dueTime, type Job, jobs, runJob, strike } from "../../jobs/clock.ts";
import { readConfig } from "../../jobs/config.ts";
import { createMailer } from "../../jobs/gateways/mail.ts";
import { missedTwo, nextRun } from "../../jobs/schedules.ts";
import type { Post } from "../../jobs/send_emails.ts";
import {
  bookingIn,
  castIn,
  DAY,
  fileOf,
  HOUR,
  manyBookings,
  NOW,
  OWNER,
  PRICED,
  UNPRICED,
} from "../cast.ts";
import { openTestDatabase } from "../databases.ts";
import { atOnce, killedAt } from "../db/processes_at_once.ts";
import { marksIn } from "../marks.ts";
import { openWorld, type World } from "../world.ts";

/** What main.ts hands to the jobs, over `db`. */
async function postOver(db: Post["db"], config = readConfig({ APP_ENV: "test" }, [])) {
  return { db, config, mailer: await createMailer(config, db), gateways: [] } satisfies Post;
}

async function runsIn({ $client }: Post["db"]) {
  const { rows } = await $client.execute("select * from job_runs order by id");
  return rows.map(({ job, started_at, handled, error }) => [job, started_at, handled, error]);
}

function jobNamed(name: string): Job {
  const job = jobs.find((job) => job.name === name);
  if (!job) throw new Error(`there is no job ${name}`);
  return job;
}

Deno.test("every job has a name of its own and a schedule that cron can read", () => {
  const names = jobs.map((job) => job.name);
  assertEquals(new Set(names).size, names.length);
  const limits = [59, 23, 31, 12, 7];
  for (const { name, schedule } of jobs) {
    assertMatch(name, /^[a-z]+(_[a-z]+)*$/);
    const fields = schedule.split(" ");
    assertEquals([name, fields.length], [name, 5]);
    for (const [at, field] of fields.entries()) {
      assertMatch(field, /^(\*|\d+|\d+-\d+|\d+(,\d+)+)(\/\d+)?$/, `${name}: ${schedule}`);
      for (const number of field.match(/\d+/g) ?? []) assert(Number(number) <= (limits[at] ?? 0));
    }
  }
});

Deno.test("all jobs are on the clock, with no more crons than a small account may have", () => {
  assertEquals(crons.flatMap(({ due }) => due.map(({ name }) => name)).sort(), [
    ...jobs.map(({ name }) => name).sort(),
  ]);
  assert(crons.length <= 10);
  assertEquals(new Set(crons.map(({ name }) => name)).size, crons.length);
  for (const { name } of crons) assertMatch(name, /^[\w\s-]{1,64}$/);
});

Deno.test("nextRun() and missedTwo() know when a job strikes, and when it has not", () => {
  const at = (text: string) => Date.parse(`2026-03-02T${text}Z`);
  const next = (schedule: string, after: string) =>
    new Date(nextRun(schedule, at(after))).toISOString().slice(8, 16);
  assertEquals(next("* * * * *", "09:00:00.000"), "02T09:01");
  assertEquals(next("*/15 * * * *", "09:00:00.001"), "02T09:15");
  assertEquals(next("*/15 * * * *", "09:59:59.999"), "02T10:00");
  assertEquals(next("17 3 * * *", "03:16:59.999"), "02T03:17");
  assertEquals(next("17 3 * * *", "03:17:00.000"), "03T03:17");
  assertEquals(next("0,30 8 * * *", "08:00:00.000"), "02T08:30");

  const quarter = (now: string) => missedTwo("*/15 * * * *", at("09:00:10"), at(now));
  const said = ["09:16:00", "09:30:59.999", "09:31:00"].map(quarter);
  assertEquals(said, [false, false, true]);
});

Deno.test("runJob() keeps that a job ran, and what it did of a run that did something", async () => {
  await using database = await openTestDatabase();
  const post = await postOver(database.db);
  const job = (name: string, handled: number): Job => ({
    ...{ name, schedule: "* * * * *" },
    run: (_, now) => Promise.resolve(now === NOW ? handled : -1),
  });

  assertEquals(await runJob(job("busy", 3), post, NOW), { handled: 3, error: null });
  assertEquals(await runJob(job("idle", 0), post, NOW), { handled: 0, error: null });
  assertEquals(await runsIn(database.db), [["busy", NOW, 3, null]]);
  await runJob(job("idle", 0), post, NOW);
  const beats = (await listHeartbeats(database.db)).map(({ job, since, startedAt, handled }) => [
    ...[job, since, startedAt, handled],
  ]);
  assertEquals(beats, [["busy", NOW, NOW, 3], ["idle", NOW, NOW, 0]]);
});

Deno.test("asvs V16.3.4: runJob() keeps a failure by its kind, and neither throws nor tells what people typed", async () => {
  await using database = await openTestDatabase();
  const post = await postOver(database.db);
  const said: string[] = [];
  const { error: say } = console;
  console.error = (line: string) => said.push(line);
  try {
    const broken = { name: "broken", schedule: "* * * * *", run: () => fail("alice@example") };
    assertEquals(await runJob(broken, post, NOW), { handled: 0, error: "TypeError" });
  } finally {
    console.error = say;
  }
  assertEquals(await runsIn(database.db), [["broken", NOW, 0, "TypeError"]]);
  assertEquals(said.map((line) => JSON.parse(line).job), ["broken"]);
  assert(!said.join().includes("alice"));
});

Deno.test("F3: four sweepers at once approve each booking once, also when the first was killed at it", async () => {
  await using database = await openTestDatabase("sqld");
  const { db, url } = database;
  const cast = await castIn(db);
  await manyBookings(cast, 200);
  const due = NOW + 96 * HOUR;
  await killedAt("approveAndStall", { url, argument: due });
  assertEquals(await approvalsIn(db), [50, 50]);

  const early = await atOnce("approveJob", { url, argument: due + 60_000 });
  assertEquals(early, early.map(() => ({ handled: 0, error: null, busy: true })));
  const later = await atOnce("approveJob", { url, argument: due + 120_000, processes: 4 });
  assertEquals(later.reduce((sum, { handled }) => sum + handled, 0), 150);
  assertEquals(later.map(({ error }) => error), later.map(() => null));
  assertEquals(await approvalsIn(db), [200, 200]);
  assertEquals(await takeLease(db, lease, { now: due + 120_001, until: due + DAY }), true);
});

/** How often the clock approved, and how many mails say so. */
async function approvalsIn({ $client }: Post["db"]) {
  const { rows } = await $client.execute(
    `select (select count(*) from booking_events where move = 'approve') as events,
      (select count(*) from email_notifications where template = 'booking_approved') as mails`,
  );
  return [rows[0]?.events, rows[0]?.mails];
}

const lease = { job: "approve_overdue", holder: "a test" };

Deno.test("endLease() ends one's own lease and nobody else's, and a lease ends by itself", async () => {
  await using database = await openTestDatabase();
  const { db } = database;
  const take = (holder: string, now: number) =>
    takeLease(db, { ...lease, holder }, { now, until: now + 10 });
  const both = await Promise.all([take("one", NOW), take("two", NOW)]);
  assertEquals(both, [true, false]);
  assertEquals(await take("three", NOW + 9), false);
  assertEquals(await take("three", NOW + 10), true);
  await endLease(db, { ...lease, holder: "one" });
  assertEquals(await take("four", NOW + 11), false);
  await endLease(db, { ...lease, holder: "three" });
  assertEquals(await take("four", NOW + 11), true);
  assertEquals(await take("of a clock that is days ahead", NOW + DAY), true);
  assertEquals(await take("five", NOW + DAY - 60_000), false);
  assertEquals(await take("five", NOW), true);
});

Deno.test("F4: a process whose clock is days ahead approves nothing early, and one that is behind waits", async () => {
  await using database = await openTestDatabase("sqld");
  const cast = await castIn(database.db);
  const real = await databaseTime(database.db);
  await bookingIn(cast, "pending", { now: real });

  const ahead = await dueTime(database.db, () => real + 30 * DAY);
  assert(ahead >= real && ahead < real + DAY, "the database's time counts");
  assertEquals(await approveOverdue(database.db, ahead), 0);
  assertEquals(await dueTime(database.db, () => real - DAY), real - DAY);
});

Deno.test("the clock strikes only where it is minded, and mail of what it did leaves at once", async () => {
  await using database = await openTestDatabase();
  const cast = await castIn(database.db);
  await bookingIn(cast, "pending");
  const deploy = { APP_ENV: "test", DENO_DEPLOY: "true", DENO_TIMELINE: "git-branch/x" };
  const struck = async (env: Record<string, string>) => {
    const post = await postOver(database.db, readConfig(env, []));
    let nudges = 0;
    const watch = { clock: () => NOW + 96 * HOUR, nudge: () => nudges++ };
    for (const job of jobs) await strike(job, post, watch);
    const beats = (await listHeartbeats(database.db)).map(({ job }) => job);
    return [new Set(beats).size, nudges];
  };

  assertEquals(await struck(deploy), [0, 0]);
  assertEquals(await struck({ ...deploy, DENO_TIMELINE: "production" }), [jobs.length, 2]);
});

const fail = (words: string): Promise<number> => Promise.reject(new TypeError(words));

Deno.test("every job runs on an empty database, finds nothing to do and does it twice", async () => {
  await using database = await openTestDatabase();
  const post = await postOver(database.db);
  for (const job of [...jobs, ...jobs]) {
    assertEquals([job.name, await runJob(job, post, NOW)], [job.name, { handled: 0, error: null }]);
  }
});

/** Sends the booking form as a guest and returns the reference of what it made. */
async function book(world: World, service: string, urgency: Urgency): Promise<string> {
  const name = `${service}-${urgency}`;
  const sent = { service, urgency, details: "x", name, email: `${name}@holm.example` };
  const guest = world.stranger();
  const { location } = await guest.fill("/book", "/bookings", sent);
  return marksIn((await guest.get(location)).text, "data-reference")[0] ?? "";
}

Deno.test("what nobody answers approves itself at the catalogue's price after 72 or 96 hours", async () => {
  await using world = await openWorld();
  const { db } = world;
  const references: Record<Urgency, string> = {
    low: await book(world, PRICED, "low"),
    medium: await book(world, PRICED, "medium"),
    high: await book(world, PRICED, "high"),
    urgent: await book(world, PRICED, "urgent"),
  };
  const post = await postOver(db, world.config);
  const approved = async (now: number) => {
    const { handled, error } = await runJob(jobNamed("approve_overdue"), post, now);
    assertEquals(error, null);
    return handled;
  };

  assertEquals(await approved(NOW + 72 * HOUR - 1), 0);
  assertEquals(await approved(NOW + 72 * HOUR), 2);
  assertEquals(await approved(NOW + 96 * HOUR - 1), 0);
  assertEquals(await approved(NOW + 96 * HOUR), 2);
  assertEquals(await approved(NOW + 1000 * DAY), 0);
  for (const [urgency, reference] of Object.entries(references)) {
    const { booking, events } = await fileOf(db, reference);
    assertEquals([urgency, booking.status, booking.priceMinor], [urgency, "approved", 89_000]);
    const hours = ["high", "urgent"].includes(urgency) ? 72 : 96;
    const { actorKind, at } = events.at(-1) ?? {};
    assertEquals([urgency, actorKind, at], [urgency, "clock", NOW + hours * HOUR]);
  }
});

Deno.test("the client of a booking that approved itself gets the mail and can pay", async () => {
  await using world = await openWorld();
  const reference = await book(world, PRICED, "high");
  const post = await postOver(world.db, world.config);
  world.time.now = NOW + 72 * HOUR;
  for (const job of jobs) await runJob(job, post, world.time.now);

  const mails = await listEmailsOf(world.db, OWNER, reference);
  const approval = mails.find((mail) => mail.template === "booking_approved");
  assertEquals([approval?.status, approval?.sentAt], ["sent", world.time.now]);
  const mail = (await world.mails()).find(({ subject }) => subject.includes("Approved"));
  assertStringIncludes(mail?.subject ?? "", `Approved at USD 890.00: Landing page (${reference})`);
  const path = /\/status\/[\w-]+\/payment/.exec(mail?.text ?? "")?.[0] ?? "";
  assertEquals((await world.stranger().get(path)).status, 200);
});

Deno.test("what is held, has no price or was answered never approves itself", async () => {
  await using world = await openWorld();
  const { db, cast } = world;
  const held = await book(world, PRICED, "urgent");
  const unpriced = await book(world, UNPRICED, "urgent");
  const answered = await book(world, PRICED, "low");
  await holdOrReleaseBooking(db, (await fileOf(db, held)).booking, { actor: cast.ada, now: NOW });
  const ada = await world.signedIn("ada");
  await ada.post(`/admin/bookings/${answered}/rejection`, { reason: "No.", version: "1" });

  const post = await postOver(db, world.config);
  await runJob(jobNamed("approve_overdue"), post, NOW + 1000 * DAY);
  const standing = [held, unpriced, answered].map(async (reference) => {
    const { status, version } = (await fileOf(db, reference)).booking;
    return [status, version];
  });
  assertEquals(await Promise.all(standing), [["pending", 2], ["pending", 1], ["rejected", 2]]);
});
