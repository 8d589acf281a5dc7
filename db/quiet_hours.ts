/** Between 21 and 8 o'clock nobody is written to who did not ask for it just now. */
const [EVENING, MORNING] = [21, 8];

/** Whether people in `zone`, an IANA time zone, are left in peace at `now`. */
export function isQuiet(now: number, zone: string): boolean {
  const { hour } = localTime(now, zone);
  return hour >= EVENING || hour < MORNING;
}

const QUARTER = 15 * 60_000;

/** The first instant from `now` at which nobody in `zone` is at rest: zones differ by quarters of an hour. */
export function firstAwake(now: number, zone: string): number {
  if (!isQuiet(now, zone)) return now;
  let at = Math.ceil(now / QUARTER) * QUARTER;
  while (isQuiet(at, zone)) at += QUARTER;
  return at;
}

/** When the waking hours in which `now` lies began: at eight in the morning in `zone`. */
export function awakeSince(now: number, zone: string): number {
  let at = Math.floor(now / QUARTER) * QUARTER;
  while (!isQuiet(at - QUARTER, zone)) at -= QUARTER;
  return at;
}

/** Whether two instants lie on one day of people in `zone`. */
export const onOneDay = (one: number, other: number, zone: string): boolean =>
  localTime(one, zone).day === localTime(other, zone).day;

/** The day ("2026-03-02") and the hour (0 to 23) that people in `zone` have at `now`. */
export function localTime(now: number, zone: string): { day: string; hour: number } {
  const parts = formatOf(zone).formatToParts(now);
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? "";
  return { day: `${of("year")}-${of("month")}-${of("day")}`, hour: Number(of("hour")) };
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const day = { year: "numeric", month: "2-digit", day: "2-digit" } as const;
  const made = formats.get(timeZone) ??
    new Intl.DateTimeFormat("en-GB", { ...day, hour: "2-digit", hourCycle: "h23", timeZone });
  formats.set(timeZone, made);
  return made;
}
