import { commit } from "./client.ts";
import { beginCheck, type Kinds, MAX_FILE } from "./file_checks.ts";
import { writeBlock } from "./file_chunks.ts";
import { looseFiles } from "./schema.ts";
import type { NewFile, Store } from "./stored_files.ts";

/** Bytes that are read, checked and written at a time; what a file is must show in the first of them. */
export const BLOCK = 1024 * 1024;

type Arriving = {
  /** What the file is to be called in the database. */
  id: string;
  name: string;
  kinds: Kinds;
  /** Of 1 MB each, but the last; each is good until the next. */
  blocks: AsyncIterable<Uint8Array>;
  now: number;
};

/**
 * Checks and keeps the bytes of a file while they arrive. Throws `invalid` on `file` for one that is not taken, and
 * `unavailable`; the bytes it kept until then are for `discardFiles`, or else swept.
 */
export async function takeFile({ db, bucket }: Store, file: Arriving): Promise<NewFile> {
  const { id, name, kinds, blocks, now } = file;
  const check = await beginCheck(name, kinds);
  const place = bucket ? "bucket" : "database";
  const whole = new Uint8Array(bucket ? MAX_FILE : 0);
  let offset = 0;
  try {
    for await (const block of blocks) {
      await check.add(block);
      const begun = offset === 0 ? [db.insert(looseFiles).values({ id, place, since: now })] : [];
      if (!bucket) await writeBlock(db, { id, offset, block }, begun);
      else if (begun.length > 0) await commit(db, begun);
      if (bucket) whole.set(block, offset);
      offset += block.length;
    }
    const checked = { ...check.end(), id, place } as const;
    await bucket?.put(checked, whole.subarray(0, offset));
    return checked;
  } finally {
    // Freed now, and not when it is tidied up.
    whole.buffer.transfer(0);
  }
}
