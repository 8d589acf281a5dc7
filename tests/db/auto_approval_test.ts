import { assert, assertEquals } from "@std/assert";
import { eq, sql } from "drizzle-orm";
import { listPendingApprovals } from "../../db/approval_candidates.ts";
import { type ApprovalFacts, whyNot, whyNotApproved } from "../../db/auto_approval.ts";
import { revokeApproval, UNDO_WITHIN } from "../../db/approval_undo.ts";
import { raiseAttention } from "../../db/attention_reminders.ts";
import { approveOverdue } from "../../db/bookings_by_clock.ts";
import { submitBooking } from "../../db/bookings.ts";
import { blockClient } from "../../db/client_blocks.ts";
import type { Db } from "../../db/client.ts";
import {
  bookingEvents,
  emailNotifications,
  serviceBookings,
  services,
  users,
} from "../../db/schema.ts";
import { saveService } from "../../db/service_edits.ts";
import { readSettings, saveSettings } from "../../db/settings.ts";
import {
  alice,
  bookingIn,
  type Cast,
  castIn,
  DAY,
  dump,
  fileOf,
  HOUR,
  NOW,
  openCast,
  PRICED,
  submission,
  UNPRICED,
} from "../cast.ts";
import { eachDatabase, openTestDatabase } from "../databases.ts";
import { assertProblem } from "../problems.ts";
import { verbs } from "../verbs.ts";

const DUE = NOW + 96 * HOUR;

/** A booking that nothing speaks against, and each thing that may. */
const fit: ApprovalFacts = {
  booking: { status: "pending", heldAt: null, cataloguePriceMinor: 100, autoApproveAt: DUE },
  service: { priceMinor: 100, state: "active", approvesItself: true },
  blockedAt: null,
  limitMinor: null,
};
const against: ((facts: ApprovalFacts) => ApprovalFacts)[] = [
  (of) => ({ ...of, booking: { ...of.booking, status: "rejected" } }),
  (of) => ({ ...of, booking: { ...of.booking, heldAt: NOW } }),
  (of) => ({ ...of, booking: { ...of.booking, cataloguePriceMinor: null } }),
  (of) => ({ ...of, booking: { ...of.booking, autoApproveAt: null } }),
  (of) => ({ ...of, service: { ...of.service, state: "hidden" } }),
  (of) => ({ ...of, service: { ...of.service, approvesItself: false } }),
  (of) => ({ ...of, service: { ...of.service, priceMinor: 101 } }),
  (of) => ({ ...of, service: { ...of.service, priceMinor: null } }),
  (of) => ({ ...of, blockedAt: NOW }),
  (of) => ({ ...of, limitMinor: 100 }),
  (of) => ({ ...of, limitMinor: 99 }),
];

/** Every combination of what may speak against it. */
const situations = Array.from(
  { length: 2 ** against.length },
  (_, bits) => against.reduce((facts, spoil, at) => bits & (1 << at) ? spoil(facts) : facts, fit),
);

Deno.test("whyNotApproved() names one reason, and none where nothing speaks against it", () => {
  const alone = against.map((spoil) => whyNotApproved(spoil(fit)));
  assertEquals(whyNotApproved(fit), null);
  assertEquals(alone, [
    ...["decided", "held", "unpriced", "by_hand", "inactive", "switched_off"],
    ...["price_changed", "price_changed", "blocked", null, "over_limit"],
  ]);
});

Deno.test("the database gives the same reason as whyNotApproved(), in every situation", async () => {
  await using database = await openTestDatabase();
  const { db } = database;
  const answers = new Set<string>();
  for (const facts of situations) {
    const said = await answerOf(db, facts);
    assertEquals([facts, said], [facts, whyNotApproved(facts)]);
    answers.add(said ?? "none");
  }
  assertEquals(answers.size, 10);
});

/** What the condition says of a row with these facts: tables of the statement's own stand for ours. */
async function answerOf(db: Db, { booking, service, blockedAt, limitMinor }: ApprovalFacts) {
  const row = await db.get<{ why: string | null }>(sql`
    with service_bookings as (select 1 as service_id, 1 as user_id, ${booking.status} as status,
        ${booking.heldAt} as held_at, ${booking.cataloguePriceMinor} as catalogue_price_minor,
        ${booking.autoApproveAt} as auto_approve_at),
      services as (select 1 as id, ${service.state} as state, ${service.priceMinor} as price_minor,
        ${service.approvesItself ? 1 : 0} as approves_itself),
      users as (select 1 as id, ${blockedAt} as blocked_at),
      settings as (select 'auto_approve_limit_minor' as key, ${
    limitMinor === null ? null : String(limitMinor)
  } as value)
    select ${whyNot} as why from service_bookings`);
  return row.why ?? null;
}

const by = ({ ada }: Cast, now = NOW) => ({ actor: ada, now });
const edit = async (cast: Cast, set: Partial<typeof services.$inferSelect>, now = NOW) => {
  const service = await cast.db.select().from(services).where(eq(services.slug, PRICED)).get();
  if (!service) throw new Error("there is no such service");
  await saveService(cast.db, service, { ...by(cast, now), edit: { ...service, ...set } });
};
const limitTo = async (cast: Cast, autoApproveLimitMinor: number | null) => {
  const before = await readSettings(cast.db);
  const next = { ...before, autoApproveLimitMinor };
  await saveSettings(cast.db, next, { ...by(cast), before });
};

/** What may come between a booking and its approval, and how it goes away again. */
const obstacles: Record<
  string,
  [(cast: Cast) => Promise<unknown>, (cast: Cast) => Promise<unknown>]
> = {
  inactive: [(cast) => edit(cast, { state: "hidden" }), (cast) => edit(cast, { state: "active" })],
  switched_off: [
    (cast) => edit(cast, { approvesItself: false }),
    (cast) => edit(cast, { approvesItself: true }),
  ],
  price_changed: [
    (cast) => edit(cast, { priceMinor: 89_100 }),
    (cast) => edit(cast, { priceMinor: 89_000 }),
  ],
  blocked: [(cast) => block(cast, true), (cast) => block(cast, false)],
  over_limit: [(cast) => limitTo(cast, 88_999), (cast) => limitTo(cast, 89_000)],
};

const block = async (cast: Cast, blocked: boolean) => {
  const booking = await cast.db.select().from(serviceBookings).get();
  if (booking) await blockClient(cast.db, booking, { ...by(cast), blocked });
};

Deno.test("what comes between holds an approval back, is said at once, and is gone when it goes", async () => {
  for (const [reason, [raise, remove]] of Object.entries(obstacles)) {
    await using cast = await openCast();
    const { booking: { reference } } = await bookingIn(cast, "pending");
    const attention = async () => (await fileOf(cast.db, reference)).booking.attention;

    assertEquals(await attention(), null);
    await raise(cast);
    assertEquals([reason, await attention()], [reason, reason]);
    assertEquals([reason, await approveOverdue(cast.db, DUE)], [reason, 0]);
    if (["blocked", "over_limit"].includes(reason)) {
      const { booking: later } = await bookingIn(cast, "pending");
      assertEquals([later.attention, later.autoApproveAt], [reason, DUE]);
    }

    await remove(cast);
    assertEquals([reason, await attention()], [reason, null]);
    assert(await approveOverdue(cast.db, DUE) > 0);
    assertEquals((await fileOf(cast.db, reference)).booking.status, "approved");
  }
});

Deno.test("a price edited while the clock works is not approved, and keeps nobody else back", async () => {
  await using cast = await openCast();
  const { booking: spoilt } = await bookingIn(cast, "pending");
  const { booking: other } = await bookingIn(cast, "pending", { service: "online-shop" });
  assert(other.serviceId !== spoilt.serviceId && other.autoApproveAt !== null);
  const { client, edited } = editingBetween(cast.db, spoilt.serviceId);

  assertEquals(await approveOverdue(client, DUE), 1);
  assert(edited(), "the price was edited after the list was read");
  assertEquals((await fileOf(cast.db, spoilt.reference)).booking.status, "pending");
  assertEquals((await fileOf(cast.db, other.reference)).booking.status, "approved");
  const events = await cast.db.select().from(bookingEvents).where(
    eq(bookingEvents.bookingId, spoilt.id),
  );
  assertEquals(events.length, 1);
});

/** The database of somebody who is overtaken: before their first write a price changes. */
function editingBetween(db: Db, serviceId: number) {
  let done = false;
  const { $client } = db;
  const batch = $client.batch.bind($client);
  const overtaken = new Proxy($client, {
    get: (target, name) =>
      name !== "batch"
        ? Reflect.get(target, name, target)
        : async (...args: Parameters<typeof batch>) => {
          if (!done) {
            done = true;
            await $client.execute({
              sql: "update services set price_minor = 1 where id = ?",
              args: [serviceId],
            });
          }
          return await batch(...args);
        },
  });
  const client = new Proxy(db, {
    get: (target, name) => name === "$client" ? overtaken : Reflect.get(target, name, target),
  });
  return { client, edited: () => done };
}

Deno.test("the due time is fixed when it is booked: by urgency, or by its service", async () => {
  await using cast = await openCast();
  const dueAfter = async (wanted: Parameters<typeof submission>[1] = {}) => {
    const made = await submitBooking(cast.db, submission(alice, wanted));
    return made.autoApproveAt === null ? null : (made.autoApproveAt - NOW) / HOUR;
  };
  assertEquals([await dueAfter(), await dueAfter({ urgency: "urgent" })], [96, 72]);
  const { booking: early } = await bookingIn(cast, "pending");
  await edit(cast, { approveAfterHours: 24 });
  assertEquals([await dueAfter(), await dueAfter({ urgency: "urgent" })], [24, 24]);
  await edit(cast, { approveAfterHours: 240 });
  assertEquals(await dueAfter({ userId: cast.alice.id as number }), 240);
  assertEquals((await fileOf(cast.db, early.reference)).booking.autoApproveAt, DUE);
  const own = { userId: cast.alice.id as number };
  await edit(cast, { approvesItself: false });
  assertEquals([await dueAfter(own), await dueAfter({ ...own, service: UNPRICED })], [null, null]);
});

Deno.test("hours stay hours over a change of summer time", async () => {
  await using cast = await openCast();
  // Berlin's clocks go forward in the night before 29 March 2026, and back before 25 October.
  for (const booked of ["2026-03-27T12:00:00+01:00", "2026-10-23T12:00:00+02:00"]) {
    const now = Date.parse(booked);
    const { booking } = await bookingIn(cast, "pending", { now });
    const wall = new Date(booking.autoApproveAt as number)
      .toLocaleTimeString("en-GB", { timeZone: "Europe/Berlin", timeStyle: "short" });
    assertEquals(wall, booked.includes("-03-") ? "13:00" : "11:00");
    assertEquals(await approveOverdue(cast.db, now + 96 * HOUR - 1), 0);
    assertEquals(await approveOverdue(cast.db, now + 96 * HOUR), 1);
  }
});

const utc = { zone: "UTC" };

/** The mails of one kind, as when they were queued and why. */
async function mailsOf(
  db: Db,
  template: "approval_reminder" | "approval_delayed" | "approval_revoked",
) {
  const rows = await db.select().from(emailNotifications)
    .where(eq(emailNotifications.template, template));
  return rows.map(({ createdAt, recipientEmail, params }) => [
    createdAt - NOW,
    recipientEmail,
    params.reason,
  ]);
}

eachDatabase(
  "staff are reminded at 24, 48 and 70 hours, by day, and when the time is over, the client then once",
  async (db) => {
    const cast = await castIn(db);
    await bookingIn(cast, "pending", { service: UNPRICED });
    await bookingIn(cast, "pending", { service: PRICED });
    for (const hours of [0, 23, 24, 24, 25, 47, 48, 69, 70, 71, 95, 96, 97, 500]) {
      await Promise.all([1, 2].map(() => raiseAttention(db, NOW + hours * HOUR, utc)));
    }
    const ada = (hours: number) => [hours * HOUR, "ada@connectpro.example", "unpriced"];
    assertEquals(await mailsOf(db, "approval_reminder"), [24, 48, 71, 96].map(ada));
    assertEquals((await mailsOf(db, "approval_delayed")).map((mail) => mail.slice(0, 2)), [
      [96 * HOUR, alice.email],
    ]);
  },
);

Deno.test("after an outage the last reminder stands for all, and nobody is reminded of what is decided", async () => {
  await using cast = await openCast();
  const { booking: waiting } = await bookingIn(cast, "pending", {
    service: UNPRICED,
    urgency: "urgent",
  });
  await bookingIn(cast, "rejected", { service: UNPRICED });

  assertEquals(await raiseAttention(cast.db, NOW + 30 * DAY, utc), 2);
  assertEquals(await raiseAttention(cast.db, NOW + 30 * DAY + 1, utc), 0);
  assertEquals((await mailsOf(cast.db, "approval_reminder")).length, 1);
  assertEquals((await mailsOf(cast.db, "approval_delayed")).length, 1);
  const { booking: { attention, id } } = await fileOf(cast.db, waiting.reference);
  assertEquals(attention, "unpriced");
  await verbs.approve(cast.db, await fileOf(cast.db, waiting.reference), by(cast, NOW + 31 * DAY));
  const row = await cast.db.select().from(serviceBookings).where(eq(serviceBookings.id, id)).get();
  assertEquals(row?.attention, null);
});

Deno.test("what is held needs attention once its time has come or a day is over, until it is let go", async () => {
  await using cast = await openCast();
  const { db } = cast;
  const late = await bookingIn(cast, "pending", { urgency: "urgent" });
  const early = await bookingIn(cast, "pending", { urgency: "urgent" });
  await verbs.hold(db, early, by(cast));
  await verbs.hold(db, late, by(cast, NOW + 71 * HOUR));
  const references = [late, early].map(({ booking }) => booking.reference);
  const attention = async () =>
    await Promise.all(references.map(async (one) => (await fileOf(db, one)).booking.attention));

  assertEquals(await raiseAttention(db, NOW + 24 * HOUR - 1, utc), 0);
  assertEquals(await attention(), [null, null]);
  for (const hours of [24, 48, 71, 72, 96, 120, 144]) {
    await raiseAttention(db, NOW + hours * HOUR, utc);
    assertEquals([hours, ...await attention()], [hours, hours < 72 ? null : "held", "held"]);
  }
  const told = (await mailsOf(db, "approval_reminder")).map(([at, , why]) => [at, why]);
  const stages = [[24, 48, 71, 96], [72, 96, 120, 144]].flat().toSorted((a, b) => a - b);
  assertEquals(told, stages.map((hours) => [hours * HOUR, "held"]));
  assertEquals((await mailsOf(db, "approval_delayed")).map(([at]) => at), [72 * HOUR, 72 * HOUR]);

  await verbs.release(db, await fileOf(db, references[1] ?? ""), by(cast, NOW + 145 * HOUR));
  assertEquals(await attention(), ["held", null]);
  assertEquals(await approveOverdue(db, NOW + (145 + 72) * HOUR), 1);
});

Deno.test("staff are never reminded of one booking twice on a day of theirs, the client hears in time", async () => {
  await using cast = await openCast();
  const { db } = cast;
  // Half past nine in the evening: 48 hours later it is night, and 70 hours later evening of the day after.
  const now = NOW + 12.5 * HOUR;
  const { booking } = await bookingIn(cast, "pending", { urgency: "urgent", now });
  await blockClient(db, booking, { ...by(cast, now), blocked: true });
  for (let hours = 0; hours < 120; hours++) await raiseAttention(db, now + hours * HOUR, utc);

  const days = (await mailsOf(db, "approval_reminder"))
    .map(([at]) => new Date(NOW + Number(at)).toISOString().slice(5, 13));
  assertEquals(days, ["03-04T08", "03-05T08", "03-06T08"]);
  assertEquals((await mailsOf(db, "approval_delayed")).length, 1);
});

Deno.test("a guest whose address nobody confirmed is approved all the same", async () => {
  await using cast = await openCast();
  const guest = { name: "Grace", email: "grace@holm.example" };
  await submitBooking(cast.db, submission(guest));
  const account = await cast.db.select().from(users).where(eq(users.email, guest.email)).get();
  assertEquals(account?.emailVerifiedAt, null);
  assertEquals(await approveOverdue(cast.db, DUE), 1);
});

Deno.test("revokeApproval() takes back what the clock approved, for a day, and it does not approve itself again", async () => {
  await using cast = await openCast();
  const { db } = cast;
  const undo = { ...by(cast), note: "The price is a mistake." };
  const [first, late, chosen] = [
    await bookingIn(cast, "pending"),
    await bookingIn(cast, "pending"),
    await bookingIn(cast, "approved"),
  ].map(({ booking }) => booking.reference);
  await approveOverdue(db, DUE);
  const file = await fileOf(db, first as string);
  await verbs.start_payment(db, file, { actor: cast.alice, now: DUE + HOUR });

  const paying = await fileOf(db, first as string);
  await revokeApproval(db, paying, { ...undo, now: DUE + UNDO_WITHIN - 1 });
  const { booking, payments } = await fileOf(db, first as string);
  assertEquals([booking.status, booking.priceMinor, booking.autoApproveAt, booking.payBy], [
    ...["pending", null, null, null],
  ]);
  assertEquals(payments.map(({ status }) => status), ["voided"]);
  assertEquals(await mailsOf(db, "approval_revoked"), [
    [96 * HOUR + UNDO_WITHIN - 1, alice.email, "The price is a mistake."],
  ]);

  const before = await dump(db);
  const refused = [
    [await fileOf(db, late as string), DUE + UNDO_WITHIN],
    [await fileOf(db, chosen as string), NOW + HOUR],
    [paying, DUE + 2 * HOUR],
  ] as const;
  for (const [stale, now] of refused) {
    await assertProblem(revokeApproval(db, stale, { ...undo, now }), "conflict");
  }
  assertEquals(await dump(db), before);
  assertEquals(await approveOverdue(db, NOW + 1000 * DAY), 0);
});

Deno.test("revokeApproval() waits for money that is on its way", async () => {
  await using cast = await openCast();
  const { booking: { reference } } = await bookingIn(cast, "pending");
  await approveOverdue(cast.db, DUE);
  const change = { actor: cast.alice, now: DUE };
  await verbs.start_payment(cast.db, await fileOf(cast.db, reference), change);
  const stale = await fileOf(cast.db, reference);
  await cast.db.$client.execute("update payments set status = 'processing'");
  const before = await dump(cast.db);

  const undo = { ...by(cast, DUE + HOUR), note: "No." };
  for (const file of [stale, await fileOf(cast.db, reference)]) {
    await assertProblem(revokeApproval(cast.db, file, undo), "conflict");
  }
  assertEquals(await dump(cast.db), before);
});

Deno.test("listPendingApprovals() goes through all that wait, the next to approve itself first", async () => {
  await using cast = await openCast();
  const wishes = [{ urgency: "low" }, { service: UNPRICED }, { urgency: "urgent" }, {}] as const;
  const made = [];
  for (const wish of wishes) made.push((await bookingIn(cast, "pending", wish)).booking.id);
  await bookingIn(cast, "approved");

  const seen: number[] = [];
  let after: { at: number; id: number } | undefined;
  for (;;) {
    const [next] = await listPendingApprovals(cast.db, { limit: 1, after });
    if (!next) break;
    seen.push(next.booking.id);
    after = { at: next.booking.autoApproveAt ?? 9e15, id: next.booking.id };
  }
  assertEquals(seen, [made[2], made[0], made[3], made[1]]);
});
