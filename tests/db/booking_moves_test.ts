import { assertEquals, assertRejects } from "@std/assert";
import type { BookingFile } from "../../db/booking_finders.ts";
import { type Actor, moveBooking } from "../../db/booking_moves.ts";
import { canMove, statusAfter, statuses } from "../../db/booking_status.ts";
import { commit } from "../../db/client.ts";
import {
  bookingIn,
  type Cast,
  castIn,
  clock,
  DAY,
  dump,
  fileOf,
  NOW,
  openCast,
  provider,
} from "../cast.ts";
import { eachDatabase } from "../databases.ts";
import { assertProblem } from "../problems.ts";
import { type Step, verbs } from "../verbs.ts";

const LATER = NOW + DAY;
const situations = [...statuses, "held"] as const;
/** One verb holds and releases, so `release` is the name of the move alone. */
const verbNames = (Object.keys(verbs) as Step[]).filter((name) => name !== "release");
const mailsOf: Partial<Record<Step, string[]>> = {
  approve: ["booking_approved"],
  reject: ["booking_rejected"],
  cancel: ["booking_cancelled"],
  expire: ["booking_expired"],
  start_payment: ["payment_instructions"],
  confirm_payment: ["payment_received", "chat_invitation"],
  fail_payment: ["payment_refused"],
  complete: ["booking_completed"],
  reinstate: ["booking_approved"],
  revoke: ["approval_revoked"],
};

type Cell = { file: BookingFile; verb: Step; move: Step; actor: Actor; name: string };

async function fileAt(cast: Cast, situation: typeof situations[number]): Promise<BookingFile> {
  if (situation !== "held") return await bookingIn(cast, situation);
  const file = await bookingIn(cast, "pending");
  await verbs.hold(cast.db, file, { actor: cast.ada, now: NOW });
  return await fileOf(cast.db, file.booking.reference);
}

function cellsAt(cast: Cast, file: BookingFile, isLegal: boolean): Cell[] {
  const { status, heldAt } = file.booking;
  return verbNames.flatMap((verb) => {
    const move = verb === "hold" && heldAt !== null ? "release" : verb;
    return [cast.alice, cast.ada, provider, clock]
      .filter((actor) => canMove(status, move, actor.kind) === isLegal)
      .map((actor) => ({ file, verb, move, actor, name: `${actor.kind}: ${move} at ${status}` }));
  });
}

Deno.test("every verb by every actor in every state: what is illegal is a conflict and changes nothing", async () => {
  await using cast = await openCast();
  let refused = 0;
  for (const situation of situations) {
    const file = await fileAt(cast, situation);
    const before = await dump(cast.db);
    for (const [verb, cells] of Map.groupBy(cellsAt(cast, file, false), (cell) => cell.verb)) {
      for (const { actor } of cells) {
        await assertProblem(verbs[verb](cast.db, file, { actor, now: LATER }), "conflict");
        refused++;
      }
      assertEquals(await dump(cast.db), before, `${verb} at ${situation}`);
    }
  }
  assertEquals(refused, 10 * 14 * 4 - 36);
});

eachDatabase("every legal verb changes state, version, history and outbox together", async (db) => {
  const cast = await castIn(db);
  let made = 0;
  for (const situation of situations) {
    const first = await fileAt(cast, situation);
    for (const cell of cellsAt(cast, first, true)) {
      await assertMoves(cast, { ...cell, file: await fileAt(cast, situation) });
      made++;
    }
  }
  assertEquals(made, 36);
});

async function assertMoves({ db }: Cast, { file: before, verb, move, actor, name }: Cell) {
  const { id, reference, status, version } = before.booking;
  await verbs[verb](db, before, { actor, now: LATER });
  const { booking, events } = await fileOf(db, reference);

  assertEquals(booking.status, statusAfter(status, move, actor.kind), name);
  assertEquals([booking.version, booking.updatedAt], [version + 1, LATER], name);
  assertEquals(events.length, before.events.length + 1, name);
  const { move: made, fromStatus, toStatus, actorKind, actorId, at } = events.at(-1) ?? {};
  assertEquals([made, fromStatus, toStatus], [move, status, booking.status], name);
  assertEquals([actorKind, actorId, at], [actor.kind, actor.id, LATER], name);
  const mails = await db.$client.execute({
    sql: "select template from email_notifications where booking_id = ? and created_at = ?",
    args: [id, LATER],
  });
  assertEquals(mails.rows.map((row) => row.template), mailsOf[move] ?? [], name);
}

eachDatabase("a failure in the middle of a move undoes all of it", async (db) => {
  const cast = await castIn(db);
  const { booking } = await bookingIn(cast, "pending");
  const before = await dump(db);

  const moved = moveBooking(db, booking, { actor: cast.ada, now: LATER, move: "reject" });
  const broken = { sql: "insert into chat_rooms (booking_id, created_at) values (0, 1)", args: [] };
  await assertRejects(() => commit(db, [...moved.statements, broken]));
  assertEquals(await dump(db), before);
});

eachDatabase(
  "the database refuses a move without its event, and any change of history",
  async (db) => {
    const cast = await castIn(db);
    const { booking } = await bookingIn(cast, "approved");
    const before = await dump(db);
    const forbidden = [
      "update service_bookings set status = 'paid'",
      "update service_bookings set status = 'paid', version = version + 1",
      "update service_bookings set version = version + 1",
      "update service_bookings set service_name = 'Another'",
      "update service_bookings set currency = 'EUR'",
      "update service_bookings set price_minor = null",
      "delete from service_bookings",
      "update booking_events set note = 'Another.'",
      "delete from booking_events",
      `insert into booking_events (booking_id, version, move, to_status, actor_kind, actor_name, at)
      values (${booking.id}, ${booking.version}, 'approve', 'approved', 'admin', 'Ada', 1)`,
    ];
    for (const statement of forbidden) {
      await assertRejects(() => db.$client.execute(statement), Error, undefined, statement);
    }
    assertEquals(await dump(db), before);
  },
);
