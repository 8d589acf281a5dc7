import { assertEquals, assertStringIncludes } from "@std/assert";
import { assignBooking } from "../../../db/assignments.ts";
import { admins } from "../../../db/schema.ts";
import { chartSpans } from "../../../routes/admin/chart_spans.ts";
import { bookingIn, HOUR, NOW } from "../../cast.ts";
import { elementsIn } from "../../marks.ts";
import { assertUnknown } from "../../pages.ts";
import { openWorld } from "../../world.ts";

const lines = (text: string) => text.replace(/^\ufeff/, "").trim().split("\r\n");

Deno.test("the overview draws what has happened, and gives the numbers as files", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  await bookingIn(world.cast, "completed");
  const file = async (name: string) => {
    const answer = await ada.get(`/admin/charts/${name}.csv`);
    assertEquals([answer.status, answer.headers.get("content-type")], [
      ...[200, "text/csv; charset=utf-8"],
    ]);
    const disposition = answer.headers.get("content-disposition") ?? "";
    assertStringIncludes(disposition, `${name}-2026-03-02.csv`);
    return lines(answer.text);
  };

  assertEquals(elementsIn((await ada.get("/admin")).text, "figure", 'class="chart"').length, 4);
  const [bookings, revenue, approvals, workload] = [
    await file("bookings"),
    await file("revenue"),
    await file("approvals"),
    await file("workload"),
  ];
  assertEquals([bookings.length, bookings[0], bookings[1], bookings[12]], [
    ...[13, "week,paid,open,ended", "2025-12-15,0,0,0", "2026-03-02,1,0,0"],
  ]);
  assertEquals([revenue[0], revenue[1], revenue[12]], [
    ...["month,revenue_usd", "2025-04,0.00", "2026-03,890.00"],
  ]);
  assertEquals([approvals[0], approvals[11], approvals[12]], [
    ...["week,approvals,median_hours", "2026-02-23,0,", "2026-03-02,1,0"],
  ]);
  assertEquals(workload, ["person,open_bookings"]);
  await assertUnknown(ada, await ada.get("/admin/charts/bookings"));
  await assertUnknown(ada, await ada.get("/admin/charts/salaries.csv"));
});

Deno.test("T-CSV: an agent's files are of their own bookings, and no name becomes a formula", async () => {
  await using world = await openWorld();
  const { visitor: agent, id } = await world.hired("agent");
  const { booking } = await bookingIn(world.cast, "pending");
  await bookingIn(world.cast, "pending");
  await world.db.update(admins).set({ name: "=1+1" });
  await assignBooking(world.db, booking, { adminId: id, actor: world.cast.ada, now: NOW });

  const { text } = await agent.get("/admin/charts/workload.csv");
  assertEquals(lines(text), ["person,open_bookings", "'=1+1,1"]);
  const [, ...weeks] = lines((await agent.get("/admin/charts/bookings.csv")).text);
  assertEquals(weeks.at(-1), "2026-03-02,0,1,0");
});

Deno.test("weeks begin on Monday and months on the first, by the agency's own clocks", () => {
  const hours = ({ from, until }: { from: number; until: number }) => (until - from) / HOUR;
  const late = Date.UTC(2026, 2, 29, 22, 30);

  const berlin = chartSpans(late, "Europe/Berlin");
  assertEquals(berlin.weeks.map(({ day }) => day).slice(-2), ["2026-03-23", "2026-03-30"]);
  assertEquals(berlin.weeks.slice(-2).map(hours), [7 * 24 - 1, 7 * 24]);
  assertEquals(new Date(berlin.weeks[11]?.from ?? 0).toISOString(), "2026-03-29T22:00:00.000Z");
  const utc = chartSpans(late, "UTC");
  assertEquals([utc.weeks[0]?.day, utc.weeks[11]?.day], ["2026-01-05", "2026-03-23"]);
  assertEquals([utc.months[0]?.day, utc.months[11]?.day], ["2025-04-01", "2026-03-01"]);
  for (const { weeks, months } of [berlin, utc]) {
    assertEquals([weeks.length, months.length], [12, 12]);
    for (const spans of [weeks, months]) {
      assertEquals(
        spans.slice(0, -1).map(({ until }) => until),
        spans.slice(1).map(({ from }) => from),
      );
    }
  }
});
