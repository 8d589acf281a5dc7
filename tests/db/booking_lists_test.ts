import { assertEquals } from "@std/assert";
import { findBookingFor, listBookingsOf } from "../../db/booking_finders.ts";
import { type BookingFilter, listBookings, readDashboard } from "../../db/booking_lists.ts";
import type { Booking } from "../../db/booking_moves.ts";
import { rejectBooking } from "../../db/booking_reviews.ts";
import { submitBooking } from "../../db/bookings.ts";
import { statuses } from "../../db/booking_status.ts";
import {
  bob,
  bookingIn,
  type Cast,
  castIn,
  DAY,
  fileOf,
  manyBookings,
  NOW,
  openCast,
  OWNER,
  submission,
  UNPRICED,
} from "../cast.ts";
import { eachDatabase } from "../databases.ts";
import { assertProblem } from "../problems.ts";

const list = ({ db }: Cast, filter: Partial<BookingFilter>) =>
  listBookings(db, OWNER, { sort: "newest", ...filter });
const idsOf = (bookings: Booking[]) => bookings.map(({ id }) => id);

Deno.test("findBookingFor() shows a booking to its client, its guest and every admin, and to nobody else", async () => {
  await using cast = await openCast();
  const { booking: { id, reference, accessToken } } = await bookingIn(cast, "paid");
  const client = (of: Cast["bob"]) => ({ kind: "client" as const, id: of.id as number });
  const guest = (token: string) => ({ kind: "guest" as const, token });
  const admin = { kind: "admin" as const, id: cast.ada.id as number };
  const other = await bookingIn(cast, "pending");

  for (const viewer of [client(cast.alice), guest(accessToken), admin]) {
    const file = await findBookingFor(cast.db, viewer, reference.toLowerCase());
    assertEquals([file.booking.id, file.events.length, file.payments.length], [id, 4, 1]);
    assertEquals([file.claimed, file.messages, file.room?.bookingId], [true, 0, id]);
  }
  for (const viewer of [client(cast.bob), guest("x"), guest("")]) {
    await assertProblem(findBookingFor(cast.db, viewer, reference), "not_found");
  }
  await assertProblem(findBookingFor(cast.db, admin, "CP2026ZZZZZZ"), "not_found");
  await assertProblem(findBookingFor(cast.db, admin, "' or 1=1"), "not_found");
  const own = await findBookingFor(cast.db, guest(accessToken), other.booking.reference);
  assertEquals(own.booking.id, id);
});

Deno.test("listBookingsOf() lists a client's own bookings, newest first", async () => {
  await using cast = await openCast();
  await manyBookings(cast, 3);
  await submitBooking(cast.db, submission(bob));
  assertEquals(idsOf(await listBookingsOf(cast.db, cast.alice.id as number)), [3, 2, 1]);
  assertEquals(idsOf(await listBookingsOf(cast.db, cast.bob.id as number)), [4]);
});

Deno.test("listBookings() goes on by urgency where the last page ended, even if that booking was decided", async () => {
  await using cast = await openCast();
  await manyBookings(cast, 82);
  const urgencies = `case when id % 41 = 1 then 'urgent' when id <= 42 then 'low' else 'high' end`;
  await cast.db.run(`update service_bookings set urgency = ${urgencies}`);
  const first = await list(cast, { status: "pending", sort: "urgency" });
  const { next } = first;
  const [high, low] = [43, 2].map((from) => Array.from({ length: 41 }, (_, at) => from + at));
  const all = [1, 42, ...high ?? [], ...low ?? []].filter((id, at, ids) =>
    id <= 82 && ids.indexOf(id) === at
  );
  assertEquals(idsOf(first.bookings), all.slice(0, 40));

  await rejectBooking(cast.db, first.bookings.at(-1) as Booking, {
    actor: cast.ada,
    now: NOW,
    note: "No.",
  });
  const second = await list(cast, { status: "pending", sort: "urgency", page: next ?? 0 });
  assertEquals(idsOf(second.bookings), all.slice(40, 80));
});

eachDatabase(
  "listBookings() gives every booking once, page by page, while new ones come in",
  async (db) => {
    const cast = await castIn(db);
    await manyBookings(cast, 95);
    const first = await list(cast, {});
    await manyBookings(cast, 3);
    const second = await list(cast, { page: first.next ?? 0 });
    const third = await list(cast, { page: second.next ?? 0 });

    const ids = [first, second, third].flatMap(({ bookings }) => idsOf(bookings));
    assertEquals(ids, Array.from({ length: 95 }, (_, at) => 95 - at));
    assertEquals([first.bookings.length, second.bookings.length, third.next], [40, 40, null]);
    const oldest = await list(cast, { sort: "oldest", page: 40 });
    assertEquals([idsOf(oldest.bookings)[0], oldest.next], [41, 80]);
  },
);

Deno.test("listBookings() filters by state, urgency and service, together and apart", async () => {
  await using cast = await openCast();
  for (const status of statuses) await bookingIn(cast, status, { urgency: "low" });
  const { booking: urgent } = await bookingIn(cast, "pending", { urgency: "urgent" });
  const { booking: other } = await bookingIn(cast, "approved", { service: UNPRICED });

  for (const status of statuses) {
    const { bookings } = await list(cast, { status, urgency: "low" });
    assertEquals(bookings.map((booking) => booking.status), [status]);
  }
  assertEquals(idsOf((await list(cast, { urgency: "urgent" })).bookings), [urgent.id]);
  assertEquals(idsOf((await list(cast, { service: UNPRICED })).bookings), [other.id]);
  assertEquals(idsOf((await list(cast, { service: UNPRICED, status: "paid" })).bookings), []);
  assertEquals(idsOf((await list(cast, { service: "nothing" })).bookings), []);
});

Deno.test("listBookings() searches by the beginning of words, in any of the client's words", async () => {
  await using cast = await openCast();
  const grace = { name: "Grâce O'Neil-Holm", email: "grace@holm.example" };
  const booked = submission(grace, { reference: () => "CP2026ABC123" });
  Object.assign(booked.form, { company: "Blue & Söhne" });
  await submitBooking(cast.db, booked);
  await submitBooking(cast.db, submission(bob, { service: UNPRICED }));

  const found = async (q: string) => idsOf((await list(cast, { q })).bookings);
  for (const q of ["grace", "GRÂ", "o'neil", "holm gra", "söhne", "sohne", "cp2026abc", "blue &"]) {
    assertEquals(await found(q), [1], q);
  }
  assertEquals(await found("okafor relaunch"), [2]);
  for (const q of ["olm", "grace okafor", "zzz"]) assertEquals(await found(q), [], q);
  for (const q of ['"', "*", "' or 1=1 --", "a* OR b", "NEAR(", "^", "-x", "client_name:"]) {
    await found(q);
  }
  assertEquals(await found("  "), [2, 1]);
});

Deno.test("readDashboard() counts, sums what is approved and not paid, and names what waits", async () => {
  await using cast = await openCast();
  assertEquals((await readDashboard(cast.db, OWNER, NOW)).counts, []);
  for (const status of statuses) await bookingIn(cast, status);
  const { booking: urgent } = await bookingIn(cast, "pending", { urgency: "urgent" });
  const { booking: old } = await bookingIn(cast, "pending", { now: NOW - 3 * DAY });
  const { booking: approved } = await bookingIn(cast, "approved");

  const board = await readDashboard(cast.db, OWNER, NOW);
  const counts = Object.fromEntries(board.counts.map(({ status, n }) => [status, n]));
  assertEquals([counts.pending, counts.approved, counts.expired], [3, 2, 1]);
  assertEquals(board.waiting, [{ currency: "USD", minor: 3 * (approved.priceMinor as number) }]);
  assertEquals([idsOf(board.urgent), idsOf(board.overdue)], [[urgent.id], [old.id]]);
  assertEquals(board.paymentsToReview, 1);
  assertEquals(board.activity.length, 12);
  const { reference } = board.activity[0] ?? {};
  assertEquals((await fileOf(cast.db, reference ?? "")).booking.reference, reference);
});
