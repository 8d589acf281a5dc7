/** Where systems keep the library that gives a process another time. */
const homes = [
  ...["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"],
  ...["/usr/local/lib"],
];
const library = homes.map((home) => `${home}/faketime/libfaketimeMT.so.1`).find(exists);

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** Whether this machine can give a process another time. */
export const hasFaketime = library !== undefined;

/**
 * The environment of a process for which it is `at` (UTC milliseconds): for ever, or when it starts. Its timers run
 * as they always do.
 */
export function timeIs(at: number, { runs = false } = {}): Record<string, string> {
  const instant = new Date(at).toISOString().replace("T", " ").replace("Z", "");
  return {
    ...{ LD_PRELOAD: library ?? "", FAKETIME: `${runs ? "@" : ""}${instant}`, TZ: "UTC" },
    FAKETIME_DONT_FAKE_MONOTONIC: "1",
  };
}
