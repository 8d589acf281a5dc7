import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { bookingIn, dump, fileOf, UNPRICED } from "../../cast.ts";
import { alertsIn, elementsIn } from "../../marks.ts";
import { attribute } from "../../visitor.ts";
import { openWorld, type World } from "../../world.ts";

const pathOf = (reference: string, name = "") =>
  `/admin/bookings/${reference}${name && `/${name}`}`;
type Prices = { accepted: Record<string, number>; refused: (string | string[])[]; example: string };

/** What is no price in any currency. */
const nonsense = [
  ...["", "  ", "0", "-1", "1e9", "1,000.5", "1.000,50", "1 000", "149.", ".5", "0x10", "NaN"],
  ...[
    "Infinity",
    "USD 149",
    "149 USD",
    "+149",
    "١٤٩",
    "149.00\n1",
    "9".repeat(21),
    "1".repeat(300),
  ],
  ["149", "149"],
];
const prices: Record<string, Prices> = {
  USD: {
    accepted: { "149.00": 14_900, " 149.00 ": 14_900, "149": 14_900, "149.5": 14_950, "0.01": 1 },
    refused: ["149.999", "0.00", "1000000.00", "1000000", "999999999", "149.000"],
    example: "149.00",
  },
  JPY: {
    accepted: { "149": 149, "99999999": 99_999_999, "1": 1 },
    refused: ["149.0", "149.5", "100000000"],
    example: "149",
  },
  KWD: {
    accepted: { "149.000": 149_000, "149.5": 149_500, "0.001": 1, "99999.999": 99_999_999 },
    refused: ["149.0001", "0.000", "100000.000"],
    example: "149.000",
  },
};

/** A booking sent by the form, so that it is in the agency's currency; returns its reference. */
async function book(world: World, service: string): Promise<string> {
  const person = { name: "Grace", email: `${crypto.randomUUID()}@holm.example` };
  const sent = { service, urgency: "low", details: "A fair.", ...person };
  const guest = world.stranger();
  const { status, location } = await guest.fill("/book", "/bookings", sent);
  assertEquals(status, 303);
  return /data-reference="([^"]+)"/.exec((await guest.get(location)).text)?.[1] ?? "";
}

for (const [currency, { accepted, refused, example }] of Object.entries(prices)) {
  Deno.test(`an agency that asks ${currency} takes its prices and refuses all others`, async () => {
    await using world = await openWorld({ env: { AGENCY_CURRENCY: currency } });
    const ada = await world.signedIn("ada");
    const reference = await book(world, UNPRICED);
    await world.mails();
    const before = await dump(world.db);

    for (const price of [...nonsense, ...refused]) {
      const answer = await ada.post(pathOf(reference, "approval"), { price, version: "1" });
      assertEquals([price, answer.status], [price, 422]);
      const [alert = ""] = alertsIn(answer.text);
      assertMatch(alert, /(Write|The amount) .*\.$/, String(price));
      const sums = alert.match(/\d[\d.]*\d/g) ?? [];
      if (alert.includes("like")) assertEquals(sums, [example], "the example is in the currency");
    }
    assertEquals(await dump(world.db), before);

    for (const [price, minor] of Object.entries(accepted)) {
      const { location } = await ada.post(pathOf(await book(world, UNPRICED), "approval"), {
        price,
      });
      const { booking } = await fileOf(world.db, location.split("/").at(-1) ?? "");
      assertEquals([price, booking.priceMinor, booking.currency], [price, minor, currency]);
    }
  });
}

Deno.test("a price that is missing is asked for", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const { reference } = (await bookingIn(world.cast, "pending")).booking;

  const answer = await ada.post(pathOf(reference, "approval"), { version: "1" });
  assertEquals(answer.status, 422);
  assertStringIncludes(alertsIn(answer.text)[0] ?? "", "Write the price.");
  assertEquals((await fileOf(world.db, reference)).booking.status, "pending");
});

for (
  const [currency, shown, prefilled] of [
    ["USD", "USD 890.00", "890.00"],
    ["JPY", "JPY 89,000", "89000"],
    ["KWD", "KWD 89.000", "89.000"],
  ] as const
) {
  Deno.test(`in ${currency} the catalogue's price stands in the form, and sent as it stands it is the price`, async () => {
    await using world = await openWorld({ env: { AGENCY_CURRENCY: currency } });
    const ada = await world.signedIn("ada");
    const reference = await book(world, "landing-page");

    const page = await ada.get(pathOf(reference));
    const form = elementsIn(page.text, "form", `action="${pathOf(reference, "approval")}"`)[0] ??
      "";
    const field = form.match(/<input\b[^>]*name="price"[^>]*>/)?.[0] ?? "";
    assertEquals(attribute(field, "value"), prefilled);
    const sent = { price: prefilled };
    await ada.fill(pathOf(reference), pathOf(reference, "approval"), sent);
    assertEquals((await fileOf(world.db, reference)).booking.priceMinor, 89_000);

    const mail = (await world.mails()).find(({ subject }) => subject.includes("Approved at"));
    assertStringIncludes(mail?.subject ?? "", `Approved at ${shown}`);
    assertStringIncludes((await ada.get(pathOf(reference))).text, shown);
  });
}

Deno.test("where the catalogue has no price the form has none, and the list says so", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const { reference } = (await bookingIn(world.cast, "pending", { service: UNPRICED })).booking;

  const { text } = await ada.get(pathOf(reference));
  const field = text.match(/<input\b[^>]*name="price"[^>]*>/)?.[0] ?? "";
  assertEquals(attribute(field, "value"), "");
  const list = await ada.get(`/admin/bookings?q=${reference}`);
  assertStringIncludes(list.text, "waits for a price");
  assert(!list.text.includes("NaN"));
});

Deno.test("only the exact price may be recorded as paid elsewhere", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const { reference } = (await bookingIn(world.cast, "approved")).booking;
  const path = pathOf(reference, "payments");
  const before = await dump(world.db);

  for (const amount of ["889.99", "890.01", "0", "-890", "890.001", "1e9", ["890.00", "890.00"]]) {
    const answer = await ada.post(path, { amount, version: "2", idempotency_key: "once-and-only" });
    assertEquals([amount, answer.status], [amount, 422]);
    assertMatch(alertsIn(answer.text)[0] ?? "", /(Write|The amount) .*\.$/);
  }
  for (const received_on of ["2026-02-30", "yesterday", "02.03.2026", "2026-3-2", "0"]) {
    const fields = {
      amount: "890.00",
      version: "2",
      idempotency_key: "once-and-only",
      received_on,
    };
    const answer = await ada.post(path, fields);
    assertEquals([received_on, answer.status], [received_on, 422]);
    assertStringIncludes(alertsIn(answer.text)[0] ?? "", "Choose a date.");
  }
  const keyless = await ada.post(path, { amount: "890.00", version: "2" });
  assertEquals(keyless.status, 422);
  assertStringIncludes(alertsIn(keyless.text)[0] ?? "", "Load this page again.");
  assertEquals(await dump(world.db), before);

  const paid = await ada.fill(pathOf(reference), path, { amount: " 890.00 ", received_on: "" });
  assertEquals(paid.status, 303);
  const { booking, payments, room } = await fileOf(world.db, reference);
  assertEquals([booking.status, room !== null], ["paid", true]);
  assertEquals(payments.map(({ method, status }) => [method, status]), [["manual", "succeeded"]]);
});
