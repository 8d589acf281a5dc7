import { assertEquals } from "@std/assert";
import { assignBooking } from "../../db/assignments.ts";
import { type Charts, readCharts, type Span } from "../../db/charts.ts";
import { type Status, statuses } from "../../db/booking_status.ts";
import type { Db } from "../../db/client.ts";
import { findRefundFile } from "../../db/refund_finders.ts";
import { requestRefund } from "../../db/refunds.ts";
import {
  bookingIn,
  type Cast,
  castIn,
  DAY,
  fileOf,
  hire,
  HOUR,
  NOW,
  openCast,
  OWNER,
} from "../cast.ts";
import { eachDatabase } from "../databases.ts";
import { verbs } from "../verbs.ts";

/** Three spans of two days, the last of which begins with the first instant of the tests. */
const spans: Span[] = [-2, -1, 0].map((at) => ({
  ...{ day: `${at}`, from: NOW + at * 2 * DAY, until: NOW + (at + 1) * 2 * DAY },
}));
const [first, second, third] = spans as [Span, Span, Span];

const read = (db: Db, viewer: Parameters<typeof readCharts>[1] = OWNER): Promise<Charts> =>
  readCharts(db, viewer, { weeks: spans, months: spans, currency: "USD" });

/** A new booking that is approved `wait` later. */
async function approvedAfter(cast: Cast, { now, wait }: { now: number; wait: number }) {
  const { booking } = await bookingIn(cast, "pending", { now });
  const file = await fileOf(cast.db, booking.reference);
  await verbs.approve(cast.db, file, { actor: cast.ada, now: now + wait });
  return await fileOf(cast.db, booking.reference);
}

Deno.test("a booking counts in the span it came in, by how it stands now", async () => {
  await using cast = await openCast();
  const { db } = cast;
  const made: [Status, number][] = [
    ["pending", first.from - 1],
    ["pending", first.from],
    ["paid", first.until - 1],
    ["cancelled", second.from],
    ["pending", third.until],
    ...statuses.map((status) => [status, third.from + HOUR] as [Status, number]),
  ];
  for (const [status, now] of made) await bookingIn(cast, status, { now });

  const { bookings, weeks, currency } = await read(db);
  assertEquals(bookings, [
    { open: 1, paid: 1, ended: 0 },
    { open: 0, paid: 0, ended: 1 },
    { open: 3, paid: 3, ended: 3 },
  ]);
  assertEquals([weeks, currency], [spans, "USD"]);
});

eachDatabase("the median is the middle wait, or the mean of the two in the middle", async (db) => {
  const cast = await castIn(db);
  for (const hours of [30, 1, 5]) {
    await approvedAfter(cast, { now: second.from + HOUR - hours * HOUR, wait: hours * HOUR });
  }
  for (const hours of [2, 3, 40, 8]) {
    await approvedAfter(cast, { now: third.from, wait: hours * HOUR });
  }
  await bookingIn(cast, "rejected", { now: first.from });

  assertEquals((await read(db)).approvals, [
    { n: 0, wait: null },
    { n: 3, wait: 5 * HOUR },
    { n: 4, wait: 5.5 * HOUR },
  ]);
});

Deno.test("revenue is what came in a month in the agency's currency, less what went back", async () => {
  await using cast = await openCast();
  const { db } = cast;
  const paid = await bookingIn(cast, "paid", { now: second.from });
  await bookingIn(cast, "completed", { now: second.from });
  await bookingIn(cast, "payment_pending", { now: second.from });
  const foreign = await bookingIn(cast, "paid", { now: second.from });
  await db.$client.execute({
    sql: "update payments set currency = 'EUR' where booking_id = ?",
    args: [foreign.booking.id],
  });
  const price = paid.booking.priceMinor as number;
  assertEquals((await read(db)).revenue, [0, 2 * price, 0]);

  const file = await findRefundFile(db, OWNER, paid.payments[0]?.id ?? "");
  const order = { amountMinor: 100, reason: "Sorry.", idempotencyKey: "once" };
  await requestRefund(db, file, { actor: cast.ada, now: third.from + DAY, ...order });
  assertEquals((await read(db)).revenue, [0, 2 * price - 100, 0]);
});

Deno.test("everybody sees how their own bookings went, and who has to look after how many", async () => {
  await using cast = await openCast();
  const { db } = cast;
  const person = { role: "agent", passwordHash: "none" } as const;
  const [zoe, ivo] = [
    await hire(db, { name: "Zoe", email: "zoe@connectpro.example", ...person }),
    await hire(db, { name: "Ivo", email: "ivo@connectpro.example", ...person }),
  ];
  const give = async (status: Status, adminId: number | null) => {
    const { booking } = await bookingIn(cast, status, { now: third.from });
    await assignBooking(db, booking, { adminId, actor: cast.ada, now: NOW });
  };
  for (const status of ["pending", "in_progress", "completed"] as const) await give(status, zoe);
  for (const status of statuses) await give(status, null);

  const everything = await read(db);
  assertEquals(everything.workload, [{ name: null, n: 5 }, { name: "Zoe", n: 2 }]);
  assertEquals(everything.bookings[2], { open: 4, paid: 5, ended: 3 });
  const hers = await read(db, { kind: "admin", id: zoe });
  assertEquals(hers.workload, [{ name: "Zoe", n: 2 }]);
  assertEquals(hers.bookings[2], { open: 1, paid: 2, ended: 0 });
  assertEquals([hers.approvals[2]?.n, everything.approvals[2]?.n], [2, 8]);
  assertEquals([hers.revenue[2], everything.revenue[2]], [2 * 89_000, 5 * 89_000]);
  const his = await read(db, { kind: "admin", id: ivo });
  assertEquals([his.workload, his.revenue, his.approvals[2]?.n], [[], [0, 0, 0], 0]);
});
