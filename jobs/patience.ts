/**
 * Does `work`, but waits no longer than `patience` milliseconds for it: then the signal says that it may stop,
 * and `late()` is thrown.
 */
export async function within(
  patience: number,
  work: (signal: AbortSignal) => Promise<void>,
  late: () => Error,
) {
  const end = new AbortController();
  const working = work(end.signal);
  working.catch(() => {});
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      end.abort();
      reject(late());
    }, patience);
  });
  try {
    await Promise.race([working, over]);
  } finally {
    clearTimeout(timer);
  }
}
