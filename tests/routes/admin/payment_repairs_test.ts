import { assertEquals, assertStringIncludes } from "@std/assert";
import { eq } from "drizzle-orm";
import { repairsFor } from "../../../db/repair_choices.ts";
import { payments } from "../../../db/schema.ts";
import { bookingIn, fileOf, NOW } from "../../cast.ts";
import { again, attempt, told } from "../../ledger.ts";
import { takeNotice } from "../../../db/payment_notices.ts";
import { alertsIn, elementsIn, marksIn, textOf } from "../../marks.ts";
import { assertNothingWritten } from "../../pages.ts";
import { openWorld, type World } from "../../world.ts";

const LIST = "/admin/payments";
const reason = "We spoke on the phone.";

/** A card payment of another amount than the price of 890.00 that waits for a decision. */
async function oddIn(world: World, amount: number) {
  const file = await bookingIn(world.cast, "approved");
  const payment = await attempt(world.cast, file);
  await takeNotice(world.db, told(payment, { amount, providerPayment: "pi_1" }), NOW);
  return { payment, path: `${LIST}/${payment.id}`, reference: file.booking.reference };
}

async function standing(world: World, reference: string) {
  const { booking, payments } = await fileOf(world.db, reference);
  return [booking.status, booking.priceMinor, ...payments.map(({ status }) => status)];
}

Deno.test("what came short is taken as the whole price, or the rest is asked for: each said with its amount", async () => {
  await using world = await openWorld();
  const [ada, alice] = [await world.signedIn("ada"), await world.signedIn("alice")];
  const [taken, asked] = [await oddIn(world, 80_000), await oddIn(world, 80_000)];

  const page = await ada.get(LIST);
  const row = elementsIn(page.text, "tr", `data-payment-id="${taken.payment.id}"`)[0] ?? "";
  const forms = ["acceptance", "rest", "refund"].map((form) => `${taken.path}/${form}`);
  assertEquals(marksIn(row, "action"), forms);
  for (
    const words of [
      "Take USD 800.00 as the whole price",
      "Ask for USD 90.00",
      "USD 90.00 too little",
    ]
  ) {
    assertStringIncludes(textOf(row), words);
  }
  const client = await alice.get(`/bookings/${taken.reference}/payments/${taken.payment.id}`);
  assertStringIncludes(textOf(client.text), "USD 800.00 arrived, USD 890.00 is due. We look at it");

  const accepted = await ada.fill(LIST, `${taken.path}/acceptance`, { reason });
  assertEquals([accepted.status, accepted.location], [303, LIST]);
  assertEquals(await standing(world, taken.reference), ["paid", 80_000, "succeeded"]);
  const rest = await ada.fill(`/admin/bookings/${asked.reference}`, `${asked.path}/rest`, {
    reason,
  });
  assertEquals([rest.status, rest.location], [303, `/admin/bookings/${asked.reference}`]);
  assertEquals(await standing(world, asked.reference), ["payment_pending", 89_000, "succeeded"]);
  const again = textOf((await alice.get(`/bookings/${asked.reference}/payment`)).text);
  for (const words of ["Pay USD 90.00", "USD 800.00 of USD 890.00 is here already."]) {
    assertStringIncludes(again, words);
  }
});

Deno.test("what came after a booking had ended is sent back from the list", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const { payment, path, reference } = await oddIn(world, 80_000);
  await world.db.$client.execute("update payments set reason = 'ended'");
  const fields = { amount: "800.00", reason };
  const answer = await ada.fill(LIST, `${path}/refund`, fields);
  assertEquals([answer.status, answer.location], [303, LIST]);
  const { refunds } = await fileOf(world.db, reference);
  assertEquals(refunds.map(({ amountMinor, paymentId }) => [amountMinor, paymentId]), [
    [80_000, payment.id],
  ]);
});

Deno.test("every repair that is offered works, and nothing is offered that does not", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const over = await oddIn(world, 90_000);
  const refused = await ada.post(`${over.path}/refusal`, { reason });
  assertEquals(refused.status, 409, "its provider says that it came");
  const late = { payment: await attempt(world.cast, await bookingIn(world.cast, "approved")) };
  await takeNotice(world.db, told(late.payment, { outcome: "failed" }), NOW);
  await takeNotice(world.db, told(late.payment, { providerPayment: "pi_2" }), NOW);
  const paid = await bookingIn(world.cast, "paid");
  const cases = [over.payment, late.payment, ...paid.payments];

  const offered: string[][] = [];
  for (const payment of cases) {
    const { file } = await again(world.db, payment);
    const now = file.payments.find(({ id }) => id === payment.id) ?? payment;
    const repairs = repairsFor({ payment: now, booking: file.booking });
    offered.push([now.status, now.reason ?? "", ...repairs]);
    for (const repair of ["rest", "dispute", "acceptance"] as const) {
      const status = repairs.includes(repair) ? 303 : 409;
      const answer = await ada.post(`${LIST}/${payment.id}/${repair}`, { reason });
      assertEquals([now.reason, repair, answer.status], [now.reason, repair, status]);
    }
  }
  assertEquals(offered, [
    ["needs_review", "over", "acceptance"],
    ["needs_review", "late", "acceptance"],
    ["succeeded", ""],
  ]);
});

Deno.test("a disputed payment comes first until somebody says that the dispute is over", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const { payments: [payment] } = await bookingIn(world.cast, "paid");
  const id = payment?.id ?? "";
  await world.db.update(payments).set({ disputedAt: NOW }).where(eq(payments.id, id));

  const page = await ada.get(LIST);
  assertStringIncludes(textOf(page.text), "1 for you to decide");
  assertStringIncludes(textOf(page.text), "The client disputes it.");
  const ended = await Promise.all(
    [1, 2].map(() => ada.post(`${LIST}/${id}/dispute`, { reason })),
  );
  assertEquals(ended.map(({ status }) => status).sort(), [303, 409]);
  assertStringIncludes(textOf((await ada.get(LIST)).text), "Nothing to decide");
  const [row] = await world.db.select().from(payments);
  assertEquals([row?.status, row?.disputedAt], ["succeeded", null]);
});

Deno.test("a repair without a reason is asked for again; one that does not fit is refused", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const { path, payment } = await oddIn(world, 90_000);
  await assertNothingWritten(world, async () => {
    for (const view of ["list", "page"]) {
      const empty = await ada.post(`${path}/acceptance`, { view, reason: " " });
      assertEquals([view, empty.status], [view, 422]);
      assertStringIncludes(alertsIn(empty.text).join(), "Write the reason.");
      const none = await ada.post(`${path}/rest`, { view, reason });
      assertEquals([view, none.status], [view, 409]);
    }
  });
  const { visitor: agent } = await world.hired("agent");
  for (const name of ["acceptance", "rest", "dispute"]) {
    assertEquals((await agent.post(`${path}/${name}`, { reason })).status, 403);
  }
  const { file } = await again(world.db, payment);
  assertEquals(file.booking.status, "payment_pending");
});
