import type { Client } from "@libsql/client";

/** How often a write is sent again that found another process writing, and the first pause in milliseconds. */
const TRIES = 8;
const PAUSE = 20;

const last = new WeakMap<Client, Promise<unknown>>();

/**
 * Sends this process's writes to a libSQL server one after the other. The server writes one at a time anyway, but
 * writers that wait in it are let down: some are told SQLITE_BUSY at once, and now and then all stand still until
 * its transaction limit. A refused batch has written nothing, so it can be sent again. A write whose turn has not
 * come within `patience` milliseconds ends with `late()`.
 */
export function inTurn<T>(
  client: Client,
  write: () => Promise<T>,
  wait: { patience: number; late: () => Error },
): Promise<T> {
  const asked = performance.now();
  const mine = (last.get(client) ?? Promise.resolve()).then(() => {
    if (performance.now() - asked > wait.patience) throw wait.late();
    return again(write);
  });
  last.set(client, mine.catch(() => {}));
  return mine;
}

async function again<T>(write: () => Promise<T>): Promise<T> {
  for (let attempt = 1;; attempt++) {
    try {
      return await write();
    } catch (error) {
      if (attempt === TRIES || !isBusy(error)) throw error;
      const pause = jitter() * PAUSE * 2 ** attempt;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

/** From 0 to 1: writers that were refused together come back apart. */
const jitter = () => (crypto.getRandomValues(new Uint16Array(1))[0] ?? 0) / 0xffff;

/** Whether `error` says that another writer held the lock, so that nothing was written. */
export const isBusy = (error: unknown) =>
  error instanceof Error && "code" in error && error.code === "SQLITE_BUSY";
