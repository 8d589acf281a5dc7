import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { startPayment } from "../../../db/payment_starts.ts";
import { claimEmails } from "../../../db/email_claims.ts";
import { markFailed } from "../../../db/email_results.ts";
import { statuses } from "../../../db/booking_status.ts";
import { bookingIn, DAY, fileOf, HOUR, NOW, UNPRICED } from "../../cast.ts";
import { alertsIn, elementsIn, marksIn, textOf } from "../../marks.ts";
import { start, verbs } from "../../verbs.ts";
import type { Visitor } from "../../visitor.ts";
import { openWorld } from "../../world.ts";

/** The numbers beside each status's link, by the status that the link narrows the list to. */
function countsIn(html: string): Record<string, number> {
  const rows = elementsIn(html, "tr", "").filter((row) => row.includes("bookings?status="));
  return Object.fromEntries(rows.map((row) => [
    /status=(\w+)/.exec(row)?.[1] ?? "",
    Number(/(\d+)$/.exec(textOf(row))?.[1]),
  ]));
}

async function overview(ada: Visitor) {
  const { status, text } = await ada.get("/admin");
  assertEquals(status, 200);
  return text;
}

Deno.test("a fresh product says that nothing has happened, with zeros and no alert", async () => {
  await using world = await openWorld();
  const text = await overview(await world.signedIn("ada"));

  assertEquals(alertsIn(text), []);
  assertEquals(countsIn(text), Object.fromEntries(statuses.map((status) => [status, 0])));
  assertStringIncludes(text, "USD 0.00");
  assertStringIncludes(text, "Nothing has happened yet.");
});

Deno.test("the overview counts bookings by status, each with the way to its list", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  for (const [at, status] of statuses.entries()) {
    for (let n = 0; n <= at % 3; n++) await bookingIn(world.cast, status);
  }

  const counts = countsIn(await overview(ada));
  assertEquals(counts, Object.fromEntries(statuses.map((status, at) => [status, at % 3 + 1])));
  for (const status of statuses) {
    const list = await ada.get(`/admin/bookings?status=${status}`);
    assertEquals(elementsIn(list.text, "tr", "data-reference").length, counts[status]);
  }
});

Deno.test("money waits from approval to payment, summed by currency", async () => {
  await using world = await openWorld({ env: { AGENCY_CURRENCY: "JPY" } });
  const ada = await world.signedIn("ada");
  for (const status of ["approved", "payment_pending", "paid", "cancelled", "expired"] as const) {
    await bookingIn(world.cast, status);
  }
  const guest = world.stranger();
  const form = {
    service: UNPRICED,
    urgency: "low",
    details: "x",
    name: "G",
    email: "g@holm.example",
  };
  const booked = await guest.fill("/book", "/bookings", form);
  const [reference = ""] = marksIn((await guest.get(booked.location)).text, "data-reference");
  await ada.post(`/admin/bookings/${reference}/approval`, { price: "5000" });

  const text = textOf(await overview(ada));
  assertStringIncludes(text, "USD 1,780.00 approved, not paid yet");
  assertStringIncludes(text, "JPY 5,000 approved, not paid yet");
});

Deno.test("urgent bookings are shouted until they are answered, each with the way to it", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const urgent = (await bookingIn(world.cast, "pending", { urgency: "urgent" })).booking.reference;
  await bookingIn(world.cast, "pending", { urgency: "high" });
  await bookingIn(world.cast, "approved", { urgency: "urgent" });

  const alert = elementsIn(await overview(ada), "div", 'role="alert"')[0] ?? "";
  assertStringIncludes(alert, "Urgent");
  assertEquals(marksIn(alert, "data-reference"), [urgent]);
  assertStringIncludes(alert, `href="/admin/bookings/${urgent}"`);

  await ada.post(`/admin/bookings/${urgent}/rejection`, { reason: "No." });
  assertEquals(alertsIn(await overview(ada)), []);
});

Deno.test("what waits for 3 days is overdue, to the millisecond, held or without a price too", async () => {
  await using world = await openWorld();
  const { db, cast } = world;
  const held = await bookingIn(cast, "pending");
  await verbs.hold(db, held, { actor: cast.ada, now: NOW + HOUR });
  const unpriced = await bookingIn(cast, "pending", { service: UNPRICED });
  await bookingIn(cast, "pending", { now: NOW + 1 });
  world.time.now = NOW + 3 * DAY - 1;
  const ada = await world.signedIn("ada");

  assertEquals(alertsIn(await overview(ada)), []);
  world.time.now++;
  const alert = elementsIn(await overview(ada), "div", 'role="alert"')[0] ?? "";
  assertStringIncludes(textOf(alert), "more than 3 days");
  const late = [held, unpriced].map(({ booking }) => booking.reference);
  assertEquals(marksIn(alert, "data-reference"), late);
});

Deno.test("payments that need a person and mails that are dead are pointed at", async () => {
  await using world = await openWorld();
  const { db, cast } = world;
  const ada = await world.signedIn("ada");
  await bookingIn(cast, "payment_pending");
  const elsewhere = await bookingIn(cast, "approved");
  const begun = { ...start(elsewhere, { actor: cast.alice, now: NOW }), method: "test" as const };
  await startPayment(db, elsewhere.booking, begun);
  assertEquals((await fileOf(db, elsewhere.booking.reference)).booking.status, "payment_pending");
  for (const due of await claimEmails(db, NOW, 2)) {
    await markFailed(db, due, { error: "refused-550", permanent: true, now: NOW });
  }

  const html = await overview(ada);
  assertStringIncludes(textOf(html), "1 question of money waits for you");
  assertStringIncludes(textOf(html), "2 mails could not be delivered");
  assertStringIncludes(html, 'href="/admin/payments"');
  assertStringIncludes(html, 'href="/admin/emails?status=dead"');
});

Deno.test("the last activity says who did what when, newest first", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const { booking } = await bookingIn(world.cast, "payment_pending");
  await bookingIn(world.cast, "pending", { now: NOW + HOUR });

  const text = textOf((await overview(ada)).split("Last activity")[1] ?? "");
  const order = ["Booked by Alice Meyer", "Payment begun by Alice Meyer", "Approved by Ada Novak"];
  const places = order.map((words) => text.indexOf(words));
  assert(places.every((place) => place >= 0), text);
  assertEquals(places, places.toSorted((a, b) => a - b));
  assertStringIncludes(text, booking.reference);
});

Deno.test("the overview answers in both sizes, and to admins alone", async () => {
  await using world = await openWorld();
  const [ada, alice] = [await world.signedIn("ada"), await world.signedIn("alice")];
  await bookingIn(world.cast, "pending", { urgency: "urgent" });

  const part = await ada.get("/admin", { htmx: true });
  assertStringIncludes(await overview(ada), part.text);
  assert(!part.text.includes("<html"));
  for (const who of [world.stranger(), alice]) {
    const answer = await who.get("/admin");
    assertEquals([answer.status, answer.location], [303, "/admin/sign-in?next=%2Fadmin"]);
  }
});
