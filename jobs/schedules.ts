const MINUTE = 60_000;

/**
 * When a cron schedule (UTC) strikes next after the instant `after`, in milliseconds. Reads what our jobs use: a
 * star, every n-th, or single values, in the fields for minute and hour.
 */
export function nextRun(schedule: string, after: number): number {
  const [minute = "*", hour = "*"] = schedule.split(" ");
  for (let at = Math.floor(after / MINUTE) * MINUTE + MINUTE;; at += MINUTE) {
    const time = new Date(at);
    if (fits(minute, time.getUTCMinutes()) && fits(hour, time.getUTCHours())) return at;
  }
}

function fits(field: string, value: number): boolean {
  if (field === "*") return true;
  if (field.startsWith("*/")) return value % Number(field.slice(2)) === 0;
  return field.split(",").map(Number).includes(value);
}

/** Whether a job that ran last at `last`, or waits since then, has missed two of its runs by `now`. */
export const missedTwo = (schedule: string, last: number, now: number): boolean =>
  nextRun(schedule, nextRun(schedule, last)) + MINUTE <= now;
