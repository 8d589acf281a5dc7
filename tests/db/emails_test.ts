import { assertEquals } from "@std/assert";
import { eq } from "drizzle-orm";
import { submitBooking } from "../../db/bookings.ts";
import type { Db } from "../../db/client.ts";
import { claimEmails, type DueEmail, markFailed, markSent, retryEmail } from "../../db/emails.ts";
import { emailNotifications, users } from "../../db/schema.ts";
import { alice, bookingIn, castIn, DAY, dump, NOW, submission } from "../cast.ts";
import { eachDatabase, openTestDatabase } from "../databases.ts";
import { assertProblem } from "../problems.ts";

const MINUTE = 60_000;
const LEASE = 2 * MINUTE;
const idsOf = (due: DueEmail[]) => due.map(({ email }) => email.id);
const rowOf = async (db: Db, id: number) =>
  await db.select().from(emailNotifications).where(eq(emailNotifications.id, id)).get();

/** One queued mail, claimed. */
async function claimOne(db: Db, now: number): Promise<DueEmail["email"]> {
  const [due] = await claimEmails(db, now, 1);
  if (!due) throw new Error("no mail is due");
  return due.email;
}

eachDatabase("claimEmails() by several at once gives every mail to one of them", async (db) => {
  const cast = await castIn(db);
  for (let made = 0; made < 15; made++) await bookingIn(cast, "pending");
  const claims = await Promise.all([1, 2, 3, 4].map(() => claimEmails(db, NOW, 10)));

  const ids = claims.flatMap(idsOf);
  assertEquals([ids.length, new Set(ids).size], [30, 30]);
  assertEquals(await claimEmails(db, NOW), []);
  const rows = await db.select().from(emailNotifications);
  assertEquals(new Set(rows.map((row) => `${row.status} ${row.attempts}`)), new Set(["sending 1"]));
});

Deno.test("claimEmails() brings what the links of a mail need", async () => {
  await using database = await openTestDatabase();
  const cast = await castIn(database.db);
  const { db } = cast;
  await submitBooking(db, submission({ name: "Grace Holm", email: "grace@holm.example" }));
  const { booking, payments: [payment] } = await bookingIn(cast, "payment_pending");
  const due = await claimEmails(db, NOW + DAY);
  const of = (to: string, template: string) =>
    due.find(({ email }) => email.recipientEmail === to && email.template === template);

  assertEquals(of("grace@holm.example", "booking_received")?.recipient?.hasPassword, false);
  const hers = of(alice.email, "payment_instructions");
  assertEquals(hers?.recipient, { id: cast.alice.id as number, hasPassword: true });
  assertEquals(hers?.booking, booking);
  assertEquals(hers?.payment, payment);
  const admins = of("ada@connectpro.example", "new_booking");
  assertEquals([admins?.recipient, admins?.payment], [null, null]);
  assertEquals(of(alice.email, "booking_approved")?.payment, null);
});

Deno.test("a mail whose sender died is claimed again when its lease is over", async () => {
  await using database = await openTestDatabase();
  const cast = await castIn(database.db);
  await bookingIn(cast, "pending");
  const first = await claimEmails(cast.db, NOW);

  assertEquals(await claimEmails(cast.db, NOW + LEASE), []);
  const again = await claimEmails(cast.db, NOW + LEASE + 1);
  assertEquals(idsOf(again), idsOf(first));
  assertEquals(again.map(({ email }) => email.attempts), [2, 2]);
});

Deno.test("a sent mail is never claimed again", async () => {
  await using database = await openTestDatabase();
  const cast = await castIn(database.db);
  await bookingIn(cast, "pending");
  const email = await claimOne(cast.db, NOW);
  await markSent(cast.db, email, { subject: "Hello", now: NOW + 5 });

  const row = await rowOf(cast.db, email.id);
  assertEquals([row?.status, row?.subject, row?.sentAt], ["sent", "Hello", NOW + 5]);
  assertEquals(idsOf(await claimEmails(cast.db, NOW + DAY)).includes(email.id), false);
});

Deno.test("a failed mail waits longer each time, and is dead after ten attempts", async () => {
  await using database = await openTestDatabase();
  const cast = await castIn(database.db);
  const { db } = cast;
  const { booking } = await bookingIn(cast, "pending");
  await db.delete(emailNotifications).where(eq(emailNotifications.template, "new_booking"));
  const waits: number[] = [];
  let now = NOW;
  for (let attempt = 1; attempt <= 10; attempt++) {
    assertEquals(await claimEmails(db, now - 1), [], `attempt ${attempt}`);
    const email = await claimOne(db, now);
    await markFailed(db, email, { error: "greylisted", permanent: false, now });
    const row = await rowOf(db, email.id);
    assertEquals([row?.lastError, row?.bookingId], ["greylisted", booking.id]);
    if (row?.status !== "failed") break;
    waits.push((row.nextTryAt - now) / MINUTE);
    now = row.nextTryAt;
  }
  assertEquals(waits, [1, 5, 15, 60, 180, 360, 360, 360, 360]);
  const [row] = await db.select().from(emailNotifications);
  assertEquals([row?.status, row?.attempts], ["dead", 10]);
  assertEquals(await claimEmails(db, now + 100 * DAY), []);
});

Deno.test("a mail that cannot arrive is dead at once, and retryEmail() queues it again", async () => {
  await using database = await openTestDatabase();
  const cast = await castIn(database.db);
  const { db } = cast;
  await bookingIn(cast, "pending");
  const email = await claimOne(db, NOW);
  await assertProblem(retryEmail(db, email.id, { actor: cast.ada, now: NOW }), "conflict");
  await markFailed(db, email, { error: "no such mailbox", permanent: true, now: NOW });
  assertEquals((await rowOf(db, email.id))?.status, "dead");

  await retryEmail(db, email.id, { actor: cast.ada, now: NOW + DAY });
  await assertProblem(retryEmail(db, email.id, { actor: cast.ada, now: NOW + DAY }), "conflict");
  const row = await rowOf(db, email.id);
  assertEquals([row?.status, row?.attempts, row?.nextTryAt], ["queued", 0, NOW + DAY]);
  const again = await claimOne(db, NOW + DAY);
  assertEquals([again.id, again.attempts], [email.id, 1]);
  await markSent(db, again, { subject: "Hello", now: NOW + DAY });
  await assertProblem(retryEmail(db, email.id, { actor: cast.ada, now: NOW + DAY }), "conflict");
  await assertProblem(retryEmail(db, 999, { actor: cast.ada, now: NOW + DAY }), "not_found");
});

Deno.test("a sender that comes back late does not undo what another one recorded", async () => {
  await using database = await openTestDatabase();
  const cast = await castIn(database.db);
  const { db } = cast;
  await bookingIn(cast, "pending");
  const late = await claimOne(db, NOW);
  const again = (await claimEmails(db, NOW + LEASE + 1)).find(({ email }) => email.id === late.id);
  await markSent(db, again?.email ?? late, { subject: "Hello", now: NOW + LEASE + 2 });
  const before = await dump(db);

  await markFailed(db, late, { error: "timeout", permanent: false, now: NOW + LEASE + 3 });
  assertEquals(await dump(db), before);
});

Deno.test("a mail goes to the address that the booking was made with", async () => {
  await using database = await openTestDatabase();
  const { db } = await castIn(database.db);
  await submitBooking(db, submission(alice));
  await db.update(users).set({ email: "new@northwind.example" }).where(
    eq(users.email, alice.email),
  );
  const [first] = await claimEmails(db, NOW);
  assertEquals([first?.email.recipientEmail, first?.recipient], [alice.email, null]);
});
