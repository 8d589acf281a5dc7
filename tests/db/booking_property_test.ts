import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { BookingFile } from "../../db/booking_finders.ts";
import type { Actor } from "../../db/booking_moves.ts";
import { approveOverdue, expireUnpaid } from "../../db/bookings_by_clock.ts";
import { postMessage } from "../../db/chat.ts";
import type { Db } from "../../db/client.ts";
import { confirmPayment } from "../../db/payment_reviews.ts";
import { isRunning } from "../../db/payment_status.ts";
import { announceTransfer, type Payment } from "../../db/payments.ts";
import { isProblem } from "../../db/problem.ts";
import { emailNotifications, urgencies } from "../../db/schema.ts";
import {
  bookingIn,
  type Cast,
  clock,
  DAY,
  fileOf,
  HOUR,
  NOW,
  openCast,
  PRICED,
  provider,
  UNPRICED,
} from "../cast.ts";
import { verbs } from "../verbs.ts";

type By = { actor: Actor; now: number };
type Act = (db: Db, file: BookingFile, by: By) => Promise<unknown>;

/** Everything that may be done to a booking, by a verb, by the clock, or beside the table of moves. */
const acts: Record<string, Act> = {
  ...verbs,
  announce: async (db, { payments: [payment] }, { now }) => {
    if (payment) await announceTransfer(db, payment, { note: "Sent.", now });
  },
  confirm_short: async (db, { booking, payments: [payment] }, by) => {
    if (payment) await confirmPayment(db, { payment, booking }, { ...by, amountMinor: 1 });
  },
  say: async (db, { booking, room }, { actor, now }) => {
    const clientId = String(now);
    if (room) await postMessage(db, { booking, room }, { actor, now, clientId, body: "Hello." });
  },
  approve_overdue: (db, _, { now }) => approveOverdue(db, now),
  expire_unpaid: (db, _, { now }) => expireUnpaid(db, now),
};

/** `early` acts on what was read before the last step: a page that has been open for a while. */
const step = fc.record({
  act: fc.constantFrom(...Object.keys(acts)),
  who: fc.constantFrom("alice", "ada", "ada", "provider", "clock"),
  wait: fc.constantFrom(1, HOUR, 5 * DAY, 15 * DAY),
  early: fc.boolean(),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
const start = fc.record({
  service: fc.constantFrom(PRICED, UNPRICED),
  urgency: fc.constantFrom(...urgencies),
  from: fc.constantFrom("pending", "approved", "payment_pending", "in_progress"),
});

Deno.test("no sequence of verbs by anybody breaks what is always true of a booking", async () => {
  const story = fc.asyncProperty(
    start,
    fc.array(step, { minLength: 5, maxLength: 20 }),
    async ({ from, ...wanted }, steps) => {
      await using cast = await openCast();
      const first = await bookingIn(cast, from as "pending", wanted);
      await play(cast, first, steps);
    },
  );
  await fc.assert(story, { numRuns: 30 });
});

async function play(cast: Cast, first: BookingFile, steps: Step[]) {
  const actors = new Map([["alice", cast.alice], ["ada", cast.ada], ["provider", provider]]);
  let [before, file, now] = [first, first, NOW + HOUR];
  for (const { act, who, wait, early } of steps) {
    now += wait;
    try {
      await acts[act]?.(cast.db, early ? before : file, { actor: actors.get(who) ?? clock, now });
    } catch (error) {
      if (!isProblem(error, "conflict")) throw error;
    }
    [before, file] = [file, await fileOf(cast.db, file.booking.reference)];
    assertHistory(file);
    assertMoney(file);
  }
  const keys = (await cast.db.select().from(emailNotifications)).map(({ key }) => key);
  assertEquals(new Set(keys).size, keys.length);
}

/** The events tell the whole story: replayed, they give the present status and price. */
function assertHistory({ booking, events }: BookingFile) {
  assertEquals(events.map(({ version }) => version), events.map((_, at) => at + 1));
  assertEquals(booking.version, events.length);
  let [status, price]: [string | null, number | null] = [null, null];
  for (const event of events) {
    assertEquals(event.fromStatus, status);
    status = event.toStatus;
    price = ["revoke", "undo"].includes(event.move) ? null : event.priceMinor ?? price;
  }
  assertEquals([booking.status, booking.priceMinor], [status, price]);
  assert(price !== null || ["pending", "rejected", "cancelled"].includes(booking.status));
}

function assertMoney({ booking, events, payments, room }: BookingFile) {
  const have = (is: (payment: Payment) => boolean) => payments.filter(is).length;
  const [succeeded, running] = [have(({ status }) => status === "succeeded"), have(isRunning)];
  const paid = events.some(({ toStatus }) => toStatus === "paid");
  assertEquals(succeeded, paid ? 1 : 0);
  assertEquals(room !== null, paid);
  assert(running <= (booking.status === "payment_pending" ? 1 : 0), "an attempt is left behind");
  const review = have(({ status }) => status === "needs_review");
  if (booking.status === "payment_pending") assert(running + review > 0, "nothing is under way");
  if (booking.status === "cancelled") assertEquals(review, 0, "money is left behind");
}
