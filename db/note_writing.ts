import { and, eq, isNull, sql } from "drizzle-orm";
import { auditedIfDone, type By } from "./audit.ts";
import type { Note } from "./booking_notes.ts";
import type { Booking } from "./booking_moves.ts";
import { commit, type Db } from "./client.ts";
import { bookingNotes } from "./schema.ts";

/** Keeps a note once: the same key again changes nothing. */
export async function keepNote(
  db: Db,
  booking: Booking,
  { actor, now, ...said }: By & { body: string; idempotencyKey: string },
): Promise<Note> {
  const author = { authorId: actor.id ?? 0, authorName: actor.name };
  const note = { ...said, ...author, bookingId: booking.id, createdAt: now };
  await commit(db, [db.insert(bookingNotes).values(note).onConflictDoNothing()]);
  return { ...note, deletedAt: null };
}

/** Empties a note of `actor`'s own; that there was one stays, and what it said is in the audit log. */
export async function deleteNote(
  db: Db,
  { booking, note }: { booking: Booking; note: Note },
  by: By,
): Promise<Note> {
  const { deletedAt, bookingId, idempotencyKey } = bookingNotes;
  await commit(db, [
    db.update(bookingNotes).set({ body: sql`''`, deletedAt: by.now }).where(and(
      isNull(deletedAt),
      eq(bookingId, booking.id),
      eq(idempotencyKey, note.idempotencyKey),
      eq(bookingNotes.authorId, by.actor.id ?? 0),
    )),
    auditedIfDone(by, {
      ...{ action: "note.deleted", subject: booking.reference },
      before: { text: note.body },
    }),
  ]);
  return { ...note, body: "", deletedAt: by.now };
}
