import { and, asc, eq, gte } from "drizzle-orm";
import type { Db, Statement } from "./client.ts";
import { notFound, Problem } from "./problem.ts";
import { fileChunks, payments, serviceBookings, storedFiles } from "./schema.ts";
import { randomToken } from "./tokens.ts";
import { seenBy, type Viewer } from "./viewers.ts";

export type StoredFile = typeof storedFiles.$inferSelect;
/** A file that passed `checkFile`, not stored yet. */
export type NewFile = Omit<StoredFile, "createdAt"> & { bytes: Uint8Array };

/** The most bytes one file may have. */
export const MAX_FILE = 10 * 1024 * 1024;
/** Bytes in one row: a server takes and gives many small rows more gladly than one large one. */
const CHUNK = 256 * 1024;
/** Rows in one answer: servers refuse to give more than 10 MB, and they count them as base64. */
const AT_ONCE = 8;
const MAX_NAME = 100;

/** What may be kept: by content, with the endings that a name may have then, and the same in words. */
export type Kinds = { endings: Record<string, string[]>; words: string };
const proofs: Kinds = {
  endings: {
    "application/pdf": ["pdf"],
    "image/png": ["png"],
    "image/jpeg": ["jpg", "jpeg"],
  },
  words: "PDF, PNG or JPEG",
};

/**
 * A file somebody sent as it may be kept: its type read from its bytes, its name cleaned. Throws `invalid` on
 * the field `file` when it is empty, too large, of another kind, or not what its name says.
 */
export async function checkFile(
  sent: { name: string; bytes: Uint8Array },
  { endings, words } = proofs,
): Promise<NewFile> {
  const { bytes } = sent;
  if (bytes.length === 0) throw refused("This file is empty. Choose it once more.");
  if (bytes.length > MAX_FILE) {
    throw refused("This file is larger than 10 MB. Send a smaller copy of it.");
  }
  const type = await typeOf(bytes);
  const name = cleanName(sent.name);
  const ending = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  if (!type || !endings[type]?.includes(ending)) {
    throw refused(`This is not a ${words} file, or its name ends differently.`);
  }
  const hash = await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  const sha256 = new Uint8Array(hash).toHex();
  return { id: randomToken(), name, type, size: bytes.length, sha256, bytes };
}

const refused = (message: string) => new Problem("invalid", message, "file");

/** The type that the first bytes prove; a file that breaks off while it is read proves none. */
async function typeOf(bytes: Uint8Array): Promise<string | undefined> {
  const { fileTypeFromBuffer } = await import("file-type");
  const found = await fileTypeFromBuffer(bytes);
  return found ? found.mime : isText(bytes) ? "text/plain" : undefined;
}

/** Text is UTF-8, and holds nothing that only machines read. */
function isText(bytes: Uint8Array): boolean {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    // deno-lint-ignore no-control-regex
    return !/[\x00-\x08\x0e-\x1f\x7f]/.test(text);
  } catch {
    return false;
  }
}

/**
 * A name that shows what it is: no folders, no letters that are invisible, break a line or turn the text
 * around, and short, with its ending kept.
 */
export function cleanName(sent: string): string {
  const base = sent.normalize("NFC").replace(/^.*[/\\]/s, "");
  const name = base.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, "").replace(/\s+/g, " ").trim();
  const dot = name.lastIndexOf(".");
  const ending = dot < 0 ? "" : name.slice(dot).slice(0, 10);
  const stem = (dot < 0 ? name : name.slice(0, dot)).trim() || "file";
  return Array.from(stem).slice(0, MAX_NAME - ending.length).join("") + ending;
}

/** The writes that keep a file, for the batch of whatever refers to it: neither is there without the other. */
export function fileStatements(db: Db, file: NewFile, now: number): Statement[] {
  const { bytes, ...row } = file;
  const chunks = Array.from({ length: Math.ceil(bytes.length / CHUNK) }, (_, seq) => ({
    sql: "insert into file_chunks (file_id, seq, bytes) values (?, ?, ?)",
    args: [file.id, seq, bytes.slice(seq * CHUNK, (seq + 1) * CHUNK)],
  }));
  return [db.insert(storedFiles).values({ ...row, createdAt: now }), ...chunks];
}

/** The proof of a payment, if there is one and `viewer` may see the payment. Throws `not_found`. */
export async function findProofFor(db: Db, viewer: Viewer, paymentId: string): Promise<StoredFile> {
  const row = await db.select({ file: storedFiles }).from(payments)
    .innerJoin(serviceBookings, eq(serviceBookings.id, payments.bookingId))
    .innerJoin(storedFiles, eq(storedFiles.id, payments.proofFileId))
    .where(and(eq(payments.id, paymentId), seenBy(viewer))).get();
  if (!row) throw notFound();
  return row.file;
}

/** The bytes of a file, read piece by piece: a server's answer may not hold all of a large one. */
export async function* readChunks(db: Db, { id, size }: StoredFile): AsyncGenerator<Uint8Array> {
  for (let seq = 0; seq * CHUNK < size; seq += AT_ONCE) {
    const rows = await db.select({ bytes: fileChunks.bytes }).from(fileChunks)
      .where(and(eq(fileChunks.fileId, id), gte(fileChunks.seq, seq)))
      .orderBy(asc(fileChunks.seq)).limit(AT_ONCE);
    for (const { bytes } of rows) yield new Uint8Array(bytes);
  }
}
