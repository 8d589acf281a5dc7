import { Problem } from "../db/problem.ts";

/** In bytes and milliseconds. */
type Pace = {
  most: number;
  /** How long nothing may come, and how long all of it may take. */
  idle: number;
  longest: number;
};

/**
 * The bytes of a request as they come, each piece good until the next; who does not go on reading holds up the
 * sender. Throws `too_large`, and `unavailable` where they come too slowly: whoever stalls may not hold their
 * place for ever.
 */
export async function* arriving(
  body: ReadableStream<Uint8Array>,
  { most, idle, longest }: Pace,
): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  const end = performance.now() + longest;
  let size = 0;
  try {
    for (;;) {
      const left = Math.min(idle, end - performance.now());
      if (left <= 0) throw stalled();
      const { done, value } = await soon(reader.read(), left);
      if (done) return;
      size += value.length;
      if (size > most) throw tooLarge();
      yield value;
      giveBack(value);
    }
  } finally {
    await reader.cancel();
  }
}

async function soon<T>(reading: Promise<T>, patience: number): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(stalled()), patience);
  try {
    return await Promise.race([reading, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

const stalled = () =>
  new Problem("unavailable", "The files stopped arriving. Look at your connection and send again.");

export const tooLarge = () =>
  new Problem("too_large", "That is more than this form takes. Shorten it and send it again.");

/** Frees the memory of these bytes now: by the time it is tidied up, many uploads would have filled a small machine. */
const giveBack = ({ buffer }: Uint8Array) => {
  if (buffer instanceof ArrayBuffer) buffer.transfer(0);
};

/** The same bytes in blocks of `size`, but for the last; each is good until the next. */
export async function* blocksOf(
  pieces: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<Uint8Array> {
  const block = new Uint8Array(size);
  let used = 0;
  try {
    for await (const piece of pieces) {
      for (let at = 0; at < piece.length;) {
        const part = piece.subarray(at, at + size - used);
        block.set(part, used);
        used += part.length;
        at += part.length;
        if (used < size) continue;
        yield block;
        used = 0;
      }
    }
    if (used > 0) yield block.subarray(0, used);
  } finally {
    giveBack(block);
  }
}

/** Reads to the end of what nobody wants. Answers how many bytes that were. */
export async function drain(pieces: AsyncIterable<Uint8Array>): Promise<number> {
  let size = 0;
  for await (const { length } of pieces) size += length;
  return size;
}
