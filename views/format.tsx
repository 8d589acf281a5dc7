/** 14900 USD as "USD 149.00". Amounts are minor units. */
export function money(minor: number, currency: string): string {
  const { format, decimals } = formatOf(currency);
  return format.format(minor / 10 ** decimals).replace(/\u00a0/g, " ");
}

/** 14900 USD as "149.00", for machines. */
export function decimal(minor: number, currency: string): string {
  const { decimals } = formatOf(currency);
  return (minor / 10 ** decimals).toFixed(decimals);
}

const currencies = new Map<string, { format: Intl.NumberFormat; decimals: number }>();

function formatOf(currency: string) {
  const known = currencies.get(currency);
  if (known) return known;
  const style = { style: "currency", currency, currencyDisplay: "code" } as const;
  const format = new Intl.NumberFormat("en", style);
  const made = { format, decimals: format.resolvedOptions().maximumFractionDigits ?? 2 };
  currencies.set(currency, made);
  return made;
}

/** "Thu 26 Nov, 14:00" in an IANA time zone, with the year when it is not this one. */
export function instant(at: number, zone: string, now: number): string {
  const thisYear = yearOf(at, zone) === yearOf(now, zone);
  return formatIn(zone, thisYear ? "instant" : "instantOfYear").format(at).replace(/^(\w+),/, "$1");
}

/** The year in an IANA time zone; away from New Year it is that of UTC everywhere. */
function yearOf(at: number, zone: string): string {
  const [early, late] = [at - DAY, at + DAY].map((near) => new Date(near).getUTCFullYear());
  return early === late ? String(late) : formatIn(zone, "year").format(at);
}

/** "14:05" in an IANA time zone. */
export function clock(at: number, zone: string): string {
  return formatIn(zone, "clock").format(at);
}

/** "26 November 2026" in an IANA time zone. */
export function fullDate(at: number, zone: string): string {
  return formatIn(zone, "fullDate").format(at);
}

const DAY = 86_400_000;
const time = { hour: "2-digit", minute: "2-digit" } as const;
const moment = { weekday: "short", day: "numeric", month: "short", ...time } as const;
const forms = {
  year: { year: "numeric" },
  instant: moment,
  instantOfYear: { ...moment, year: "numeric" },
  clock: time,
  fullDate: { day: "numeric", month: "long", year: "numeric" },
} as const;
const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format takes a hundred times as long as using it, so each is made once. */
function formatIn(zone: string, form: keyof typeof forms): Intl.DateTimeFormat {
  const key = `${form} ${zone}`;
  const made = formats.get(key) ??
    new Intl.DateTimeFormat("en-GB", { ...forms[form], timeZone: zone });
  formats.set(key, made);
  return made;
}

const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", DAY],
  ["hour", 3_600_000],
  ["minute", 60_000],
];

const distances = new Intl.RelativeTimeFormat("en", { numeric: "always" });

/** "in 2 days", "3 hours ago", "now". */
export function fromNow(at: number, now: number): string {
  const distance = at - now;
  const [unit, size] = units.find(([, size]) => Math.abs(distance) >= size) ?? ["minute", 60_000];
  const amount = Math.trunc(distance / size);
  if (amount === 0) return distance > 0 ? "in a minute" : "just now";
  return distances.format(amount, unit);
}

/** "Thu 26 Nov, 14:00 Berlin": an instant wherever no clock beside it says the zone, in mails too. */
export const zoned = (at: number, zone: string, now: number) =>
  `${instant(at, zone, now)} ${zoneName(zone)}`;

type TimeProps = { at: number; now: number; zone: string };
type InstantProps = TimeProps & {
  /** Without the zone's name, for the narrow cells of a table. */
  bare?: boolean;
};

/** "in 2 days - Thu 26 Nov, 14:00 UTC": as people say it, with the exact instant. */
export function Time({ at, now, zone }: TimeProps) {
  return (
    <time datetime={new Date(at).toISOString()}>
      {fromNow(at, now)} - {zoned(at, zone, now)}
    </time>
  );
}

/** The exact instant alone, for timelines and tables. */
export function Instant({ at, now, zone, bare }: InstantProps) {
  const said = bare ? instant : zoned;
  return <time datetime={new Date(at).toISOString()}>{said(at, zone, now)}</time>;
}

/** "Europe/Berlin" as "Berlin". */
export function zoneName(zone: string): string {
  return zone.split("/").at(-1)?.replace(/_/g, " ") ?? zone;
}

/** "1 day", "5 days". */
export function days(n: number): string {
  return n === 1 ? "1 day" : `${n} days`;
}

/** A span as people say it: "4 days", and "36 hours" where days do not divide it. */
export const span = (hours: number) =>
  hours % 24 === 0 ? days(hours / 24) : hours === 1 ? "1 hour" : `${hours} hours`;

/** "340 KB", in units of a thousand, as file managers count them. */
export const fileSize = (bytes: number) =>
  bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
