import { createMiddleware } from "hono/factory";
import { MOST_FILES } from "../db/chat_files.ts";
import { Problem } from "../db/problem.ts";
import { MAX_FILE } from "../db/stored_files.ts";
import type { Env } from "./context.ts";

/** Bytes that may be under way at once, and what is too small to count. */
const MOST = 64 * 1024 * 1024;
const SMALL = 256 * 1024;
/** How many may wait for their turn. */
const LINE = 50;

let free = MOST;
let waiting: (() => void)[] = [];
let last: Promise<void> = Promise.resolve();

/**
 * Takes forms with files a few at a time, and reads them apart and stores them one by one: meanwhile their bytes
 * are in memory several times over. Beyond 50 that wait throws `too_many`.
 */
export const uploadsInTurn = createMiddleware<Env>(async (c, next) => {
  const size = Number(c.req.header("content-length") ?? MOST_FILES * MAX_FILE);
  if (size <= SMALL) return await next();
  await spaceFor(size);
  try {
    // Kept by the request, which reads the form from it.
    await c.req.arrayBuffer();
    await inTurn(next);
  } finally {
    free += size;
    const line = waiting;
    waiting = [];
    line.forEach((wake) => wake());
  }
});

async function spaceFor(size: number) {
  while (free < size) {
    if (waiting.length >= LINE) throw tooMany();
    await new Promise<void>((wake) => waiting.push(wake));
  }
  free -= size;
}

async function inTurn(work: () => Promise<void>) {
  const before = last;
  const turn = Promise.withResolvers<void>();
  last = turn.promise;
  await before;
  try {
    await work();
  } finally {
    turn.resolve();
  }
}

const tooMany = () =>
  new Problem("too_many", "Many files are being sent right now. Send yours again in a minute.");
