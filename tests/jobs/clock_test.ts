import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { listEmailsOf } from "../../db/email_lists.ts";
import { holdOrReleaseBooking } from "../../db/booking_reviews.ts";
import type { Urgency } from "../../db/schema.ts";
import { type Job, jobs, runJob } from "../../jobs/clock.ts";
import { readConfig } from "../../jobs/config.ts";
import { createMailer } from "../../jobs/gateways/mail.ts";
import type { Post } from "../../jobs/send_emails.ts";
import { DAY, fileOf, HOUR, NOW, OWNER, PRICED, UNPRICED } from "../cast.ts";
import { openTestDatabase } from "../databases.ts";
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

Deno.test("runJob() keeps what a run did, and nothing of a run that had nothing to do", async () => {
  await using database = await openTestDatabase();
  const post = await postOver(database.db);
  const job = (name: string, handled: number): Job => ({
    ...{ name, schedule: "* * * * *" },
    run: (_, now) => Promise.resolve(now === NOW ? handled : -1),
  });

  assertEquals(await runJob(job("busy", 3), post, NOW), { handled: 3, error: null });
  assertEquals(await runJob(job("idle", 0), post, NOW), { handled: 0, error: null });
  assertEquals(await runsIn(database.db), [["busy", NOW, 3, null]]);
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
