import { assertEquals } from "@std/assert";
import { approveBooking, holdOrReleaseBooking, rejectBooking } from "../../db/booking_reviews.ts";
import { UNDO_WITHIN, undoDecision } from "../../db/decision_undo.ts";
import { claimEmails } from "../../db/email_claims.ts";
import { bookingIn, castIn, clock, fileOf, HOUR, NOW, openCast } from "../cast.ts";
import { eachDatabase } from "../databases.ts";
import { assertProblem, winnersOf } from "../problems.ts";
import { verbs } from "../verbs.ts";

const LATER = NOW + HOUR;
const waits = { mailAt: LATER + UNDO_WITHIN };

Deno.test("undoDecision() leaves a booking as it waited: its clock, its hold, no price", async () => {
  await using cast = await openCast();
  const { db, ada: actor } = cast;
  const { booking: { reference } } = await bookingIn(cast, "pending");
  const held = await fileOf(db, reference);
  await holdOrReleaseBooking(db, held.booking, { actor, now: NOW + 1 });
  const { booking: before } = await fileOf(db, reference);

  for (const decide of [approveBooking, rejectBooking]) {
    const { booking } = await fileOf(db, reference);
    const decision = { actor, now: LATER, priceMinor: 89_000, note: "x", ...waits };
    await decide(db, booking, decision);
    await undoDecision(db, await fileOf(db, reference), { actor, now: LATER + 1 });
    const { version: _, updatedAt: __, ...after } = (await fileOf(db, reference)).booking;
    assertEquals({ ...before, ...after }, before);
  }
  const { events } = await fileOf(db, reference);
  assertEquals(events.map(({ move }) => move), [
    ...["submit", "hold", "approve", "undo", "reject", "undo"],
  ]);
});

Deno.test("undoDecision() is refused once the time is over, and for what no person decided just now", async () => {
  await using cast = await openCast();
  const { db, ada: actor } = cast;
  const decided = await bookingIn(cast, "approved");
  const at = decided.events.at(-1)?.at ?? 0;
  const by = { actor, now: at + UNDO_WITHIN };
  await assertProblem(undoDecision(db, decided, by), "conflict");

  const { booking } = await bookingIn(cast, "pending");
  await approveBooking(db, booking, { actor: clock, now: LATER, priceMinor: 1 });
  const byClock = await fileOf(db, booking.reference);
  await assertProblem(undoDecision(db, byClock, { actor, now: LATER + 1 }), "conflict");

  const expired = await bookingIn(cast, "expired");
  await verbs.reinstate(db, expired, { actor, now: LATER });
  const offered = await fileOf(db, expired.booking.reference);
  await assertProblem(undoDecision(db, offered, { actor, now: LATER + 1 }), "conflict");
});

eachDatabase("of a sender and an undo at once one wins, and the other sees it", async (db) => {
  const cast = await castIn(db);
  const { ada: actor } = cast;
  const { booking } = await bookingIn(cast, "pending");
  await approveBooking(db, booking, { actor, now: LATER, priceMinor: 1, mailAt: LATER });
  const file = await fileOf(db, booking.reference);

  const [undone, claimed] = await Promise.allSettled([
    undoDecision(db, file, { actor, now: LATER + 1 }),
    claimEmails(db, LATER + 1),
  ]);
  const mails = claimed.status === "fulfilled" ? claimed.value : [];
  const left = mails.some(({ email }) => email.template === "booking_approved");
  assertEquals(undone.status, left ? "rejected" : "fulfilled");
  const { status } = (await fileOf(db, booking.reference)).booking;
  assertEquals(status, left ? "approved" : "pending");
});

Deno.test("undoDecision() twice at once takes back once, and never what the client has begun to pay", async () => {
  await using cast = await openCast();
  const { db, ada: actor } = cast;
  const { booking } = await bookingIn(cast, "pending");
  await approveBooking(db, booking, { actor, now: LATER, priceMinor: 1, ...waits });
  const file = await fileOf(db, booking.reference);
  const now = LATER + 1;

  const tries = [1, 2, 3].map(() => undoDecision(db, file, { actor, now }));
  assertEquals(await winnersOf(tries), 1);

  const paying = await bookingIn(cast, "payment_pending", { now: LATER });
  await assertProblem(undoDecision(db, paying, { actor, now: LATER + 1 }), "conflict");
});
