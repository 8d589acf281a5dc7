import { and, desc, eq, lt } from "drizzle-orm";
import { visibleTo } from "./booking_finders.ts";
import type { Booking } from "./booking_moves.ts";
import type { Db } from "./client.ts";
import { pageOf } from "./pages.ts";
import { notFound } from "./problem.ts";
import { admins, bookingNotes, serviceBookings } from "./schema.ts";
import type { Viewer } from "./viewers.ts";

/** What staff wrote for each other about a booking; its key names it, also before it is stored. */
export type Note = Omit<typeof bookingNotes.$inferSelect, "id">;
export type NoteFile = {
  booking: Booking;
  /** Who looks after it, by name. */
  assignee: string | null;
  /** Newest first. */
  notes: Note[];
  /** The id before which there are more. */
  next: number | null;
};

const PAGE = 10;

/**
 * The notes on `reference`, if `viewer` works here and may see the booking, in one trip. Throws `not_found`: for
 * clients and guests there are none, whatever leads here.
 */
export async function findNotesFor(
  db: Db,
  viewer: Viewer,
  { reference, before }: { reference: string; before?: number },
): Promise<NoteFile> {
  if (viewer.kind !== "admin") throw notFound();
  const seen = visibleTo(viewer, reference);
  const [[about], rows] = await db.batch([
    db.select({ booking: serviceBookings, assignee: admins.name }).from(serviceBookings)
      .leftJoin(admins, eq(admins.id, serviceBookings.assignedTo)).where(seen),
    db.select({ note: bookingNotes }).from(serviceBookings)
      .innerJoin(bookingNotes, eq(bookingNotes.bookingId, serviceBookings.id))
      .where(and(seen, before ? lt(bookingNotes.id, before) : undefined))
      .orderBy(desc(bookingNotes.id)).limit(PAGE + 1),
  ]);
  if (!about) throw notFound();
  const { page, last } = pageOf(rows, PAGE);
  return { ...about, notes: page.map(({ note }) => note), next: last?.note.id ?? null };
}

/** One note of `viewer`'s own, by its key. Throws `not_found`. */
export async function findOwnNoteFor(
  db: Db,
  viewer: Viewer,
  { reference, key }: { reference: string; key: string },
): Promise<{ booking: Booking; note: Note }> {
  if (viewer.kind !== "admin") throw notFound();
  const [own] = await db.select({ booking: serviceBookings, note: bookingNotes })
    .from(serviceBookings)
    .innerJoin(bookingNotes, eq(bookingNotes.bookingId, serviceBookings.id))
    .where(and(
      visibleTo(viewer, reference),
      eq(bookingNotes.idempotencyKey, key),
      eq(bookingNotes.authorId, viewer.id),
    ));
  if (!own) throw notFound();
  return own;
}
