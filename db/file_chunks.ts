import { and, asc, eq, gte } from "drizzle-orm";
import { commit, type Db, type Statement } from "./client.ts";
import { fileChunks } from "./schema.ts";

/** Bytes in one row: a server takes and gives many small rows more gladly than one large one. */
const CHUNK = 256 * 1024;
/** Rows in one answer: servers refuse to give more than 10 MB, and they count them as base64. */
const AT_ONCE = 8;

const last = new WeakMap<Db, Promise<unknown>>();

/**
 * Writes the next block of a file with what `also` says; its size is a multiple of 256 KB, but the last one's. One
 * block at a time: what people say meanwhile waits for one of them, not for all that others upload.
 */
export function writeBlock(
  db: Db,
  { id, offset, block }: { id: string; offset: number; block: Uint8Array },
  also: Statement[] = [],
): Promise<unknown> {
  const chunks = Array.from({ length: Math.ceil(block.length / CHUNK) }, (_, n) => ({
    sql: "insert into file_chunks (file_id, seq, bytes) values (?, ?, ?)",
    args: [id, offset / CHUNK + n, block.subarray(n * CHUNK, (n + 1) * CHUNK)],
  }));
  const before = last.get(db) ?? Promise.resolve();
  const done = before.then(() => commit(db, [...also, ...chunks]));
  last.set(db, done.catch(() => {}));
  return done;
}

/** The bytes of a file, read piece by piece: a server's answer may not hold all of a large one. */
export async function* readChunks(
  db: Db,
  { id, size }: { id: string; size: number },
): AsyncGenerator<Uint8Array> {
  for (let seq = 0; seq * CHUNK < size; seq += AT_ONCE) {
    const rows = await db.select({ bytes: fileChunks.bytes }).from(fileChunks)
      .where(and(eq(fileChunks.fileId, id), gte(fileChunks.seq, seq)))
      .orderBy(asc(fileChunks.seq)).limit(AT_ONCE);
    for (const { bytes } of rows) yield new Uint8Array(bytes);
  }
}
