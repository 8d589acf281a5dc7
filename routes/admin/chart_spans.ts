import type { Span, Spans } from "../../db/charts.ts";
import { localTime } from "../../db/quiet_hours.ts";
import { startOfDay } from "./days.ts";

const DAY = 86_400_000;
const LENGTH = 12;

let last: { key: string; spans: Spans } | undefined;

/** The last twelve weeks, from Monday, and months of an IANA time zone, those that are not over last. */
export function chartSpans(now: number, zone: string): Spans {
  const { day } = localTime(now, zone);
  const key = `${day} ${zone}`;
  // Looking up fifty midnights costs more than drawing the charts, and a day has the same ones all day.
  if (last?.key !== key) {
    last = {
      key,
      spans: { weeks: spansOf(weeksTo(day), zone), months: spansOf(monthsTo(day), zone) },
    };
  }
  return last.spans;
}

/** The first days of the last twelve weeks, and of the next one. */
function weeksTo(day: string): string[] {
  const date = Date.parse(day);
  const monday = date - (new Date(date).getUTCDay() + 6) % 7 * DAY;
  return starts((back) => monday - 7 * back * DAY);
}

function monthsTo(day: string): string[] {
  const [year = 0, month = 0] = day.split("-").map(Number);
  return starts((back) => Date.UTC(year, month - 1 - back, 1));
}

const starts = (dateOf: (back: number) => number) =>
  Array.from(
    { length: LENGTH + 1 },
    (_, at) => new Date(dateOf(LENGTH - 1 - at)).toISOString().slice(0, 10),
  );

function spansOf(days: string[], zone: string): Span[] {
  const instants = days.map((day) => startOfDay(day, zone));
  return days.slice(0, -1).map((day, at) => ({
    ...{ day, from: instants[at] as number, until: instants[at + 1] as number },
  }));
}
