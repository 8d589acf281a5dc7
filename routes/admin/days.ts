const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

/** When the day `date` (YYYY-MM-DD) begins in an IANA time zone, or `days` later, in UTC milliseconds. */
export function startOfDay(date: string, zone: string, days = 0): number {
  const midnight = Date.parse(`${date}T00:00:00Z`) + days * DAY;
  // The offset is that of the instant itself, which a change of the clocks moves once more.
  const guess = midnight - offsetAt(midnight, zone);
  return midnight - offsetAt(guess, zone);
}

/** How far the clocks of a zone are ahead of UTC, in milliseconds. */
function offsetAt(at: number, zone: string): number {
  const format = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" });
  const name = format.formatToParts(at).find(({ type }) => type === "timeZoneName")?.value ?? "";
  const [, sign, hours = "0", minutes = "0"] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE;
}
