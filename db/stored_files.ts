import { and, eq } from "drizzle-orm";
import { type Db, isEmpty, type Statement } from "./client.ts";
import type { Checked, Kinds } from "./file_checks.ts";
import { readChunks } from "./file_chunks.ts";
import { notFound, Problem } from "./problem.ts";
import { looseFiles, payments, serviceBookings, storedFiles } from "./schema.ts";
import { seenBy, type Viewer } from "./viewers.ts";

export type StoredFile = typeof storedFiles.$inferSelect;
/** A file whose bytes are kept already; it is none until `fileStatements` are written. */
export type NewFile = Checked & Pick<StoredFile, "id" | "place">;

/** Where the bytes of new files go instead of the database. Each throws `unavailable`. */
export type Bucket = {
  put(file: NewFile, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  open(id: string): Promise<ReadableStream<Uint8Array>>;
  /** What is not there counts as removed. */
  remove(id: string): Promise<void>;
};
export type Store = { db: Db; bucket: Bucket | null };

/**
 * The writes that make a file of its bytes, for the batch of whatever refers to it: neither is there without the
 * other. Where the bytes were swept meanwhile the whole batch is refused: see `isSwept`.
 */
export function fileStatements(db: Db, file: NewFile, now: number): Statement[] {
  const { id, name, type, size, sha256, place } = file;
  return [
    {
      sql: `insert into stored_files (id, name, type, size, sha256, place, created_at)
        values (?, ?, ?, ?, ?, ?, (select ? from loose_files where id = ? and since > 0))`,
      args: [id, name, type, size, sha256, place, now, id],
    },
    db.delete(looseFiles).where(eq(looseFiles.id, id)),
  ];
}

/** Whether `error` says that a file arrived so long ago that its bytes are gone. */
export const isSwept = (error: unknown) => isEmpty(error, "stored_files.created_at");

export const swept = () =>
  new Problem("invalid", "These files took too long to arrive. Send them once more.", "file");

/** What may prove a transfer. */
export const proofKinds: Kinds = {
  endings: {
    "application/pdf": ["pdf"],
    "image/png": ["png"],
    "image/jpeg": ["jpg", "jpeg"],
  },
  words: "PDF, PNG or JPEG",
};

/** The proof of a payment, if there is one and `viewer` may see the payment. Throws `not_found`. */
export async function findProofFor(db: Db, viewer: Viewer, paymentId: string): Promise<StoredFile> {
  const row = await db.select({ file: storedFiles }).from(payments)
    .innerJoin(serviceBookings, eq(serviceBookings.id, payments.bookingId))
    .innerJoin(storedFiles, eq(storedFiles.id, payments.proofFileId))
    .where(and(eq(payments.id, paymentId), seenBy(viewer))).get();
  if (!row) throw notFound();
  return row.file;
}

/** The bytes of a file, wherever they are. Throws `unavailable` where that cannot be reached. */
export async function openBytes(
  { db, bucket }: Store,
  file: StoredFile,
): Promise<ReadableStream<Uint8Array>> {
  if (file.place === "database") return ReadableStream.from(readChunks(db, file));
  if (!bucket) {
    throw new Problem("unavailable", "This file lies where we cannot reach it right now.");
  }
  return await bucket.open(file.id);
}
