import { assertEquals } from "@std/assert";
import { readTrends } from "../../db/trends.ts";
import { chartSpans } from "../../routes/admin/chart_spans.ts";
import { trendWords } from "../../views/admin/trend_words.ts";
import { bookingIn, DAY, NOW, openCast, OWNER } from "../cast.ts";

Deno.test("readTrends() compares 7 days with the 7 before, and a month with the same days of the last", async () => {
  await using cast = await openCast();
  const { months } = chartSpans(NOW, "UTC");
  const read = (viewer: Parameters<typeof readTrends>[1] = OWNER) =>
    readTrends(cast.db, viewer, { now: NOW, months, currency: "USD" });
  const none = { last: 0, before: 0 };
  assertEquals(await read(), { came: none, approved: none, started: none, completed: none });

  const minutes = 5 * 60_000;
  // Now is the second day of March: what was done in February counts up to its second day.
  const month = months.at(-2)?.from ?? 0;
  await bookingIn(cast, "completed", { now: NOW - minutes });
  await bookingIn(cast, "completed", { now: month });
  await bookingIn(cast, "completed", { now: month + 3 * DAY });
  await bookingIn(cast, "pending", { now: NOW });
  await bookingIn(cast, "pending", { now: NOW + 1 });
  await bookingIn(cast, "approved", { now: NOW - 7 * DAY });
  await bookingIn(cast, "approved", { now: NOW - 7 * DAY - minutes });

  const trends = await read();
  assertEquals(trends.came, { last: 2, before: 2 });
  assertEquals(trends.approved, { last: 2 * 89_000, before: 89_000 });
  assertEquals([trends.started, trends.completed], [{ last: 1, before: 0 }, {
    last: 1,
    before: 1,
  }]);
  assertEquals((await read({ kind: "admin", id: 99 })).came, none);

  assertEquals(trendWords.came(trends), "2 new in 7 days, the same as the 7 before");
  assertEquals(
    trendWords.approved(trends, "USD"),
    "USD 1,780.00 approved in 7 days, USD 890.00 more than the 7 before",
  );
  assertEquals(trendWords.completed(trends), "as many as by this day last month");
  const fewer = { ...trends, started: { last: 1, before: 3 } };
  assertEquals(trendWords.started(fewer), "1 begun in 7 days, 2 fewer than the 7 before");
});
