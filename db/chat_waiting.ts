import { and, eq, isNotNull } from "drizzle-orm";
import { auditedIfDone, type By } from "./audit.ts";
import type { Booking } from "./booking_moves.ts";
import type { Room } from "./chat.ts";
import { commit, type Db } from "./client.ts";
import { Problem } from "./problem.ts";
import { chatRooms } from "./schema.ts";

/**
 * Nobody need answer what the client said last, as far as the one who says so has seen it. Throws `conflict`
 * when they have written again.
 */
export async function needsNoAnswer(
  db: Db,
  { room, booking }: { room: Room; booking: Booking },
  { upTo, ...by }: By & { upTo: number },
) {
  if (room.waitingSince === null) return;
  if (room.lastClientMessage !== upTo) throw wroteAgain();
  await commit(db, [
    db.update(chatRooms).set({ waitingSince: null }).where(and(
      eq(chatRooms.id, room.id),
      eq(chatRooms.lastClientMessage, upTo),
      isNotNull(chatRooms.waitingSince),
    )),
    auditedIfDone(by, { action: "chat.needs_no_answer", subject: booking.reference }),
  ]);
}

const wroteAgain = () =>
  new Problem("conflict", "They have written again meanwhile. Read that first.");
