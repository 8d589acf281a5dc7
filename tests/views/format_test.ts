import { assertEquals } from "@std/assert";
import { clock, days, fromNow, instant, money, span, Time, zoneName } from "../../views/format.tsx";
import { DAY, HOUR, NOW } from "../cast.ts";

const MINUTE = 60_000;
const BERLIN = "Europe/Berlin";

Deno.test("money() says the currency and as many decimals as it has", () => {
  assertEquals(money(14_900, "USD"), "USD 149.00");
  assertEquals(money(123_456_789, "USD"), "USD 1,234,567.89");
  assertEquals(money(5, "USD"), "USD 0.05");
  assertEquals(money(0, "USD"), "USD 0.00");
  assertEquals(money(14_900, "JPY"), "JPY 14,900");
  assertEquals(money(14_900, "KWD"), "KWD 14.900");
  assertEquals(money(1, "KWD"), "KWD 0.001");
  assertEquals(money(99_999_999, "KWD"), "KWD 99,999.999");
});

for (
  const [distance, words] of [
    [0, "just now"],
    [1, "in a minute"],
    [MINUTE - 1, "in a minute"],
    [MINUTE, "in 1 minute"],
    [HOUR - 1, "in 59 minutes"],
    [HOUR, "in 1 hour"],
    [DAY - 1, "in 23 hours"],
    [DAY, "in 1 day"],
    [2 * DAY - 1, "in 1 day"],
    [365 * DAY, "in 365 days"],
    [-1, "just now"],
    [-MINUTE + 1, "just now"],
    [-MINUTE, "1 minute ago"],
    [-HOUR, "1 hour ago"],
    [-DAY + 1, "23 hours ago"],
    [-DAY, "1 day ago"],
  ] as const
) {
  Deno.test(`fromNow() calls ${distance} ms "${words}"`, () => {
    assertEquals(fromNow(NOW + distance, NOW), words);
  });
}

Deno.test("span() says days where days divide the hours", () => {
  assertEquals([96, 72, 24, 36, 1].map(span), ["4 days", "3 days", "1 day", "36 hours", "1 hour"]);
});

Deno.test("instant() tells the time of the agency's zone, across both changes of the clock", () => {
  const at = (iso: string) => instant(Date.parse(iso), BERLIN, NOW);
  assertEquals(at("2026-03-29T00:59:00Z"), "Sun 29 Mar, 01:59");
  assertEquals(at("2026-03-29T01:00:00Z"), "Sun 29 Mar, 03:00");
  assertEquals(at("2026-10-25T00:30:00Z"), "Sun 25 Oct, 02:30");
  assertEquals(at("2026-10-25T01:30:00Z"), "Sun 25 Oct, 02:30");
  assertEquals(at("2026-06-30T22:00:00Z"), "Wed 1 Jul, 00:00");
  assertEquals(at("2026-03-02T09:00:00Z"), "Mon 2 Mar, 10:00");
});

Deno.test("instant() names the year where it is not this one, as the zone counts years", () => {
  const newYear = Date.parse("2026-12-31T23:30:00Z");
  assertEquals(instant(newYear, "UTC", NOW), "Thu 31 Dec, 23:30");
  assertEquals(instant(newYear, BERLIN, NOW), "Fri 1 Jan 2027, 00:30");
  assertEquals(instant(newYear + DAY, BERLIN, newYear), "Sat 2 Jan, 00:30");
  assertEquals(instant(NOW, BERLIN, newYear), "Mon 2 Mar 2026, 10:00");
  assertEquals(instant(newYear + 365 * DAY, "UTC", NOW), "Fri 31 Dec 2027, 23:30");
});

Deno.test("clock() tells midnight and noon apart", () => {
  assertEquals(clock(Date.parse("2026-03-02T00:05:00Z"), "UTC"), "00:05");
  assertEquals(clock(Date.parse("2026-03-02T12:05:00Z"), "UTC"), "12:05");
  assertEquals(clock(Date.parse("2026-03-02T12:05:00Z"), "Asia/Kathmandu"), "17:50");
});

Deno.test("<Time> says both how far and when, in which zone, and marks the exact instant", () => {
  const html = String(Time({ at: NOW + 2 * DAY, now: NOW, zone: BERLIN }));
  assertEquals(
    html,
    `<time datetime="2026-03-04T09:00:00.000Z">in 2 days - Wed 4 Mar, 10:00 Berlin</time>`,
  );
});

Deno.test("zoneName() and days() speak as people do", () => {
  const zones = ["UTC", BERLIN, "America/Argentina/Buenos_Aires", "America/New_York"];
  assertEquals(zones.map(zoneName), ["UTC", "Berlin", "Buenos Aires", "New York"]);
  assertEquals([days(1), days(2), days(60)], ["1 day", "2 days", "60 days"]);
});
