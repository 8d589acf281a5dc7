import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { eq } from "drizzle-orm";
import { submitBooking } from "../../db/bookings.ts";
import { inviteAdmin } from "../../db/invitations.ts";
import type { Db } from "../../db/client.ts";
import { claimEmails, type DueEmail, holdEmails, LEASE } from "../../db/email_claims.ts";
import { findEmailFor } from "../../db/email_lists.ts";
import { markFailed, markSent, waitAfter } from "../../db/email_results.ts";
import { dismissDead, hurryEmails, retryEmail, retryEmails } from "../../db/email_repairs.ts";
import {
  allowAddress,
  isSuppressed,
  listSuppressions,
  suppressAddress,
} from "../../db/suppressions.ts";
import { emailNotifications, users } from "../../db/schema.ts";
import { alice, bookingIn, castIn, DAY, NOW, openCast, OWNER, submission } from "../cast.ts";
import { eachDatabase, openTestDatabase } from "../databases.ts";
import { assertProblem } from "../problems.ts";

const MINUTE = 60_000;
const idsOf = (due: DueEmail[]) => due.map(({ email }) => email.id);
const rowOf = async (db: Db, id: number) =>
  await db.select().from(emailNotifications).where(eq(emailNotifications.id, id)).get();

const letter = { subject: "Hello", text: "Hello.", html: "<p>Hello.</p>" };

/** One queued mail, claimed. */
async function claimOne(db: Db, now: number): Promise<DueEmail> {
  const [due] = await claimEmails(db, now, 1);
  if (!due) throw new Error("no mail is due");
  return due;
}

/** Why each try of a mail came to nothing; null for one that left. */
const triesOf = async (db: Db, id: number) =>
  (await findEmailFor(db, OWNER, id)).attempts.map(({ error }) => error);

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

eachDatabase(
  "a mail of now waits for no backlog, and the oldest of that does not wait for ever",
  async (db) => {
    const cast = await castIn(db);
    for (let made = 0; made < 15; made++) await bookingIn(cast, "pending");
    await bookingIn(cast, "pending", { now: NOW + MINUTE });
    const of = async (limit: number) => idsOf(await claimEmails(db, NOW + MINUTE, limit));

    assertEquals(await of(4), [1, 2, 31, 32]);
    assertEquals(await of(1), [30]);
    assertEquals((await of(100)).length, 27);
  },
);

Deno.test("claimEmails() brings what the links of a mail need", async () => {
  await using cast = await openCast();
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
  await using cast = await openCast();
  await bookingIn(cast, "pending");
  const first = await claimEmails(cast.db, NOW);

  assertEquals(await claimEmails(cast.db, NOW + LEASE), []);
  const again = await claimEmails(cast.db, NOW + LEASE + 1);
  assertEquals(idsOf(again), idsOf(first));
  assertEquals(again.map(({ email }) => email.attempts), [2, 2]);
});

Deno.test("a lease that a wrong or pretended clock gave holds no mail for days", async () => {
  await using cast = await openCast();
  await bookingIn(cast, "pending");
  const held = await claimEmails(cast.db, NOW + 4 * DAY);
  assertEquals(await claimEmails(cast.db, NOW + 4 * DAY - 2 * MINUTE), [], "clocks that go apart");
  assertEquals(idsOf(await claimEmails(cast.db, NOW)), idsOf(held));
});

Deno.test("a sent mail is never claimed again", async () => {
  await using cast = await openCast();
  await bookingIn(cast, "pending");
  const due = await claimOne(cast.db, NOW);
  const { id } = due.email;
  assertEquals(await triesOf(cast.db, id), ["unfinished"]);
  await markSent(cast.db, due, { ...letter, now: NOW + 5 });

  const row = await rowOf(cast.db, id);
  assertEquals([row?.status, row?.subject, row?.sentAt], ["sent", "Hello", NOW + 5]);
  const { body, attempts } = await findEmailFor(cast.db, OWNER, id);
  assertEquals([body?.text, body?.html], [letter.text, letter.html]);
  assertEquals(attempts.map(({ at, error }) => [at, error]), [[NOW, null]]);
  assertEquals(idsOf(await claimEmails(cast.db, NOW + DAY)).includes(id), false);
});

Deno.test("a failed mail waits longer each time, and is dead after ten attempts", async () => {
  await using cast = await openCast();
  const { db } = cast;
  const { booking } = await bookingIn(cast, "pending");
  await db.delete(emailNotifications).where(eq(emailNotifications.template, "new_booking"));
  const waits: number[] = [];
  let now = NOW;
  for (let attempt = 1; attempt <= 10; attempt++) {
    assertEquals(await claimEmails(db, now - 1), [], `attempt ${attempt}`);
    const due = await claimOne(db, now);
    await markFailed(db, due, { error: "greylisted", permanent: false, now });
    const row = await rowOf(db, due.email.id);
    assertEquals([row?.lastError, row?.bookingId], ["greylisted", booking.id]);
    if (row?.status !== "failed") break;
    waits.push((row.nextTryAt - now) / MINUTE);
    now = row.nextTryAt;
  }
  const longest = [1.5, 4.5, 13.5, 40.5, 121.5, 360, 360, 360, 360];
  assertEquals(waits.length, longest.length);
  for (const [at, wait] of waits.entries()) {
    const most = longest[at] ?? 0;
    assert(
      wait >= 1 && wait >= most / 1.5 - 0.01 && wait <= most,
      `wait ${at}: ${wait} of ${most}`,
    );
  }
  const [row] = await db.select().from(emailNotifications);
  assertEquals(await triesOf(db, row?.id ?? 0), Array(10).fill("greylisted"));
  assertEquals([row?.status, row?.attempts], ["dead", 10]);
  assertEquals(await claimEmails(db, now + 100 * DAY), []);
});

Deno.test("a mail that cannot arrive is dead at once, and retryEmail() queues it again", async () => {
  await using cast = await openCast();
  const { db } = cast;
  await bookingIn(cast, "pending");
  const due = await claimOne(db, NOW);
  const { email } = due;
  await assertProblem(retryEmail(db, email.id, { actor: cast.ada, now: NOW }), "conflict");
  await markFailed(db, due, { error: "no such mailbox", permanent: true, now: NOW });
  assertEquals((await rowOf(db, email.id))?.status, "dead");

  await retryEmail(db, email.id, { actor: cast.ada, now: NOW + DAY });
  await assertProblem(retryEmail(db, email.id, { actor: cast.ada, now: NOW + DAY }), "conflict");
  const row = await rowOf(db, email.id);
  assertEquals([row?.status, row?.attempts, row?.nextTryAt], ["queued", 0, NOW + DAY]);
  const again = await claimOne(db, NOW + DAY);
  assertEquals([again.email.id, again.email.attempts], [email.id, 1]);
  await markSent(db, again, { ...letter, now: NOW + DAY });
  assertEquals(await triesOf(db, email.id), ["no such mailbox", null]);
  await assertProblem(retryEmail(db, email.id, { actor: cast.ada, now: NOW + DAY }), "conflict");
  await assertProblem(retryEmail(db, 999, { actor: cast.ada, now: NOW + DAY }), "not_found");
});

Deno.test("a sender that comes back late does not undo what another one recorded", async () => {
  await using cast = await openCast();
  const { db } = cast;
  await bookingIn(cast, "pending");
  const late = await claimOne(db, NOW);
  const { id } = late.email;
  const claimed = await claimEmails(db, NOW + LEASE + 1);
  const again = claimed.find(({ email }) => email.id === id);
  const before = await rowOf(db, id);
  await markFailed(db, late, { error: "timeout", permanent: true, now: NOW + LEASE + 2 });
  await holdEmails(db, [late.email], NOW + LEASE + 2);
  assertEquals(await rowOf(db, id), before);

  await markSent(db, again ?? late, { ...letter, now: NOW + LEASE + 3 });
  const after = await rowOf(db, id);
  await markSent(db, late, { ...letter, subject: "Late", now: NOW + LEASE + 4 });
  assertEquals(await rowOf(db, id), after);
  assertEquals(await triesOf(db, id), [null, null], "both tries are told as they were");
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

Deno.test("what failed together does not come back together", () => {
  const waits = Array.from({ length: 200 }, (_, id) => waitAfter({ id, attempts: 6 }));
  assert(new Set(waits.map((wait) => Math.floor(wait / MINUTE))).size > 60);
  assert(Math.min(...waits) >= 240 * MINUTE && Math.max(...waits) <= 360 * MINUTE);
  assertNotEquals(waitAfter({ id: 1, attempts: 7 }), waitAfter({ id: 1, attempts: 8 }));
});

Deno.test("a mail that takes long stays its sender's for as long as they say so", async () => {
  await using cast = await openCast();
  await bookingIn(cast, "pending");
  const held = await claimEmails(cast.db, NOW);

  await holdEmails(cast.db, held.map(({ email }) => email), NOW + LEASE - 1);
  assertEquals(await claimEmails(cast.db, NOW + LEASE + 1), []);
  assertEquals(idsOf(await claimEmails(cast.db, NOW + 2 * LEASE)), idsOf(held));
});

Deno.test("a server that says there is no such mailbox stops mail to the address, until an admin allows it", async () => {
  await using cast = await openCast();
  const { db, ada } = cast;
  const by = { actor: ada, now: NOW };
  await submitBooking(db, submission(alice));
  const [due] = (await claimEmails(db, NOW)).filter(({ email }) => email.bookingId !== null);
  if (!due) throw new Error("no mail is due");
  const { id, recipientEmail } = due.email;
  const stopped = async () =>
    (await db.select({ is: isSuppressed }).from(emailNotifications)
      .where(eq(emailNotifications.id, id)).get())?.is;
  await markFailed(db, due, { error: "refused-550", permanent: true, noMailbox: true, now: NOW });

  assertEquals([await stopped(), recipientEmail], [true, alice.email]);
  assertEquals((await findEmailFor(db, OWNER, id)).suppression?.reason, "refused-550");
  await allowAddress(db, recipientEmail.toUpperCase(), by);
  assertEquals(await stopped(), false);
  await retryEmail(db, id, by);

  await suppressAddress(db, recipientEmail, by);
  const again = (await claimEmails(db, NOW)).find(({ email }) => email.id === id);
  assertEquals(again?.suppressed, true);
});

eachDatabase(
  "trying again asks a server anew that refused the address, and nobody else who said no",
  async (db) => {
    const cast = await castIn(db);
    const by = { actor: cast.ada, now: NOW };
    await submitBooking(db, submission(alice));
    const [due] = (await claimEmails(db, NOW)).filter(({ email }) =>
      email.recipientEmail === alice.email
    );
    if (!due) throw new Error("no mail is due");
    const refused = { error: "refused-550", permanent: true, noMailbox: true, now: NOW };
    await markFailed(db, due, refused);
    await suppressAddress(db, "other@holm.example", { ...by, reason: "bounced" });

    await retryEmail(db, due.email.id, by);
    assertEquals((await listSuppressions(db, { limit: 9 })).map(({ email }) => email), [
      "other@holm.example",
    ]);
    const again = await claimOne(db, NOW);
    assertEquals([again.email.id, again.suppressed], [due.email.id, false]);

    await markFailed(db, again, { error: "refused-554", permanent: true, now: NOW });
    await suppressAddress(db, alice.email, { ...by, reason: "complained" });
    await assertProblem(retryEmail(db, due.email.id, by), "conflict");
  },
);

eachDatabase(
  "retryEmails() queues all that an outage left, and none that cannot go or was set aside",
  async (db) => {
    const cast = await castIn(db);
    const by = { actor: cast.ada, now: NOW + 1 };
    for (let made = 0; made < 3; made++) await bookingIn(cast, "pending");
    const due = await claimEmails(db, NOW);
    const permanent = (email: DueEmail) => email !== due[0];
    for (const one of due) {
      await markFailed(db, one, { error: "unreachable", permanent: permanent(one), now: NOW });
    }
    const [failed = 0, aside = 0, , newest = 0] = due.map(({ email }) => email.id);
    await dismissDead(db, { id: aside }, by);
    assertEquals(await retryEmails(db, { status: "dead", upTo: newest }, by), 2);
    assertEquals(await retryEmails(db, { status: "dead", upTo: newest }, by), 0);
    const states = (await Promise.all(due.map(({ email }) => rowOf(db, email.id))))
      .map((row) => row?.status);
    assertEquals(states, ["failed", "dead", "queued", "queued", "dead", "dead"]);
    assertEquals(await retryEmails(db, { status: "failed", upTo: newest }, by), 1);
    assertEquals((await rowOf(db, failed))?.nextTryAt, NOW + 1);
  },
);

eachDatabase(
  "whoever starts tries at once what found no server, in its first tries alone",
  async (db) => {
    const cast = await castIn(db);
    for (let made = 0; made < 2; made++) await bookingIn(cast, "pending");
    const errors = ["unreachable", "deferred-451", "timeout", "unreachable"];
    const due = await claimEmails(db, NOW);
    for (const [at, one] of due.entries()) {
      await markFailed(db, one, { error: errors[at] ?? "", permanent: false, now: NOW });
    }
    const tried = due[3]?.email.id ?? 0;
    await db.update(emailNotifications).set({ attempts: 4 }).where(
      eq(emailNotifications.id, tried),
    );

    await hurryEmails(db, NOW + 1);
    assertEquals(idsOf(await claimEmails(db, NOW + 1)), [due[0]?.email.id, due[2]?.email.id]);
  },
);

Deno.test("a dismissed mail is dead and no alarm, and trying it again makes it one", async () => {
  await using cast = await openCast();
  const { db } = cast;
  const by = { actor: cast.ada, now: NOW + 1 };
  await bookingIn(cast, "pending");
  const ids = [];
  for (const due of await claimEmails(db, NOW)) {
    await markFailed(db, due, { error: "refused-550", permanent: true, now: NOW });
    ids.push(due.email.id);
  }
  const [first = 0, second = 0] = ids;
  const dismissedAt = async (id: number) => (await rowOf(db, id))?.dismissedAt;

  await dismissDead(db, { upTo: first }, by);
  assertEquals([await dismissedAt(first), await dismissedAt(second)], [NOW + 1, null]);
  await dismissDead(db, { id: second }, { ...by, now: NOW + 2 });
  await dismissDead(db, { upTo: second }, { ...by, now: NOW + 3 });
  assertEquals([await dismissedAt(first), await dismissedAt(second)], [NOW + 1, NOW + 2]);
  await retryEmail(db, first, by);
  assertEquals(await dismissedAt(first), null);
});

Deno.test("an invitation that did not arrive is replaced by the next one, with its tries", async () => {
  await using database = await openTestDatabase();
  const { db, ada } = await castIn(database.db);
  const invite = { email: "zoe@holm.example", role: "agent" as const, actor: ada, now: NOW };
  await inviteAdmin(db, invite);
  const due = await claimOne(db, NOW);
  await markFailed(db, due, { error: "refused-554", permanent: true, letter, now: NOW });

  await inviteAdmin(db, invite);
  assertEquals(await rowOf(db, due.email.id), undefined);
  const { rows } = await db.$client.execute("select * from email_attempts, email_bodies");
  assertEquals(rows.length, 0);
});
