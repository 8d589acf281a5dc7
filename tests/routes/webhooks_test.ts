import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { paymentNotices, rateLimits } from "../../db/schema.ts";
import { readConfig } from "../../jobs/config.ts";
import { paymentGateways } from "../../jobs/gateways/payment_gateways.ts";
import { openCardWorld } from "../card_world.ts";
import { bookingIn, castIn, fileOf, HOUR } from "../cast.ts";
import { openTestDatabase } from "../databases.ts";
import { forgedForPaypal, forgedForStripe, genuineForStripe } from "../forged_calls.ts";
import { attempt, mailed, standing } from "../ledger.ts";
import { assertNothingWritten } from "../pages.ts";
import { PaypalServer } from "../paypal_server.ts";
import { type Product, startProduct } from "../process.ts";
import { deliver, type Fault, stripeError, StripeServer } from "../stripe_server.ts";

const MINUTE = 60_000;
const methods = ["stripe", "paypal"] as const;

Deno.test("T-WH-FORGE: a forged call is answered 400 and changes nothing, a genuine one settles once", async () => {
  await using cards = await openCardWorld();
  const { world, stripe, paypal, hook } = cards;
  const client = await world.signedIn("alice");
  const begin = async (method: typeof methods[number]) =>
    await cards.begin(client, await bookingIn(world.cast, "approved"), method);
  const [byCard, byPaypal] = [await begin("stripe"), await begin("paypal")];
  const paid = await cards.pay(byCard);
  await cards.pay(byPaypal);
  paypal.capture(paypal.orderOf(byPaypal.id).id);
  const captured = await paypal.call("PAYMENT.CAPTURE.COMPLETED", paypal.captureOf(byPaypal.id));

  await assertNothingWritten(world, async () => {
    for (const [name, call] of Object.entries(await forgedForStripe(stripe, paid))) {
      assertEquals([name, await hook("stripe", call)], [name, 400]);
    }
    for (const [name, call] of Object.entries(await forgedForPaypal(paypal, captured))) {
      assertEquals([name, await hook("paypal", call)], [name, 400]);
    }
    assertEquals(await hook("paypal", paid), 400);
    assertEquals(await hook("stripe", captured), 400);
    const strange = [
      await stripe.call("customer.created", { id: "cus_1" }),
      await stripe.call("a.kind.of.tomorrow", {}),
      await stripe.call("checkout.session.completed", {
        ...stripe.sessionOf(byCard.id),
        metadata: { payment_id: "nobody's" },
      }),
    ];
    for (const call of strange) assertEquals(await hook("stripe", call), 200);
    assertEquals(await hook("paypal", await paypal.call("BILLING.PLAN.CREATED", {})), 200);
  });
  const twice = [...await genuineForStripe(stripe, paid), paid];
  assertEquals(await Promise.all(twice.map((call) => hook("stripe", call))), Array(5).fill(200));
  assertEquals(await Promise.all([1, 2].map(() => hook("paypal", captured))), [200, 200]);
  for (const payment of [byCard, byPaypal]) {
    assertEquals(await standing(world.db, payment), "paid succeeded");
    assertEquals(await cards.effects(payment), ["succeeded"]);
  }
  assertEquals((await mailed(world.db, "payment_received")).length, 2);
});

Deno.test("T-WH-FORGE: who forges call after call in PayPal's name is not asked about any more, for a while", async () => {
  await using cards = await openCardWorld();
  const { world, paypal } = cards;
  const payment = await cards.begin(
    await world.signedIn("alice"),
    await bookingIn(world.cast, "approved"),
    "paypal",
  );
  const genuine = await cards.pay(payment);
  const forge = () => ({ ...genuine, body: `${genuine.body} ` });
  assertEquals(await cards.hook("paypal", forge()), 400);
  await world.db.update(rateLimits).set({ count: 98 });
  const asked = () => paypal.asked.filter(({ path }) => path.includes("verify")).length;
  assertEquals([await cards.hook("paypal", forge()), asked()], [400, 2]);
  assertEquals([await cards.hook("paypal", forge()), asked()], [400, 3]);
  for (const call of [forge(), genuine]) {
    assertEquals([await cards.hook("paypal", call), asked()], [429, 3]);
  }
  world.time.now += 16 * MINUTE;
  const again = await paypal.sign(genuine.body);
  assertEquals([await cards.hook("paypal", again), asked()], [200, 4]);
  assertEquals(await standing(world.db, payment), "paid succeeded");
});

Deno.test("T-PRICE: what the form says of the amount counts for nothing, and what else was paid waits", async () => {
  await using cards = await openCardWorld();
  const { world, stripe, paypal } = cards;
  const client = await world.signedIn("alice");
  const file = await bookingIn(world.cast, "approved");
  const lies = { amount: "1", amount_minor: "1", price: "0.01", currency: "JPY", status: "paid" };

  const payment = await cards.begin(client, file, "stripe", lies);
  const session = stripe.sessionOf(payment.id);
  assertEquals([session.amount_total, session.currency], [89000, "usd"]);
  assertEquals([payment.amountMinor, payment.status, payment.providerRef], [
    89000,
    "open",
    session.id,
  ]);
  const other = await cards.begin(client, await bookingIn(world.cast, "approved"), "paypal", lies);
  assertEquals(paypal.orderOf(other.id).unit.amount, { currency_code: "USD", value: "890.00" });

  const short = { ...session, amount_total: 100, payment_status: "paid" };
  const said = await stripe.call("checkout.session.completed", short);
  assertEquals(await cards.hook("stripe", said), 200);
  assertEquals(await standing(world.db, payment), "payment_pending needs_review short");
});

Deno.test("T-DOUBLE: a card, PayPal and an admin at once: one settles, the others wait with their money", async () => {
  await using cards = await openCardWorld();
  const { world } = cards;
  const [client, admin] = [await world.signedIn("alice"), await world.signedIn("ada")];
  const { booking } = await bookingIn(world.cast, "approved");
  const file = () => fileOf(world.db, booking.reference);
  const byCard = await cards.begin(client, await file(), "stripe");
  const paid = await cards.pay(byCard);
  const byPaypal = await cards.begin(client, await file(), "paypal");
  const agreed = await cards.pay(byPaypal);

  const form = { amount: "890.00", received_on: "2026-03-02", idempotency_key: "by hand" };
  const [card, paypal, byHand] = await Promise.all([
    cards.hook("stripe", paid),
    cards.hook("paypal", agreed),
    admin.post(`/admin/bookings/${booking.reference}/payments`, { ...form, version: "4" }),
  ]);
  assertEquals([card, paypal], [200, 200]);
  assert([303, 409].includes(byHand.status), `${byHand.status}`);
  const after = await file();
  const states = after.payments.map(({ status, reason }) => reason ?? status).sort();
  assertEquals(after.booking.status, "paid");
  const doubled = after.payments.length - 1;
  assertEquals(states, [...Array(doubled).fill("doubled"), "succeeded"]);
  assertEquals(after.payments.length, byHand.status === 303 ? 3 : 2);
  assertEquals((await mailed(world.db, "payment_received")).length, 1);
  assertStringIncludes((await admin.get("/admin/payments")).text, "needs_review");
});

Deno.test("F10: the call, the way back and the clock settle a payment once, in any order and all at once", async () => {
  await using cards = await openCardWorld();
  const { world } = cards;
  const client = await world.signedIn("alice");
  const steps = ["call", "return", "clock"] as const;
  const orders = [
    ...steps.map((_, first) => [...steps.slice(first), ...steps.slice(0, first)]),
    ["return", "call", "clock"] as const,
  ];

  for (const method of methods) {
    for (const order of [...orders, null]) {
      const { booking, ...file } = await bookingIn(world.cast, "approved", { now: world.time.now });
      const payment = await cards.begin(client, { booking, ...file }, method);
      const call = await cards.pay(payment);
      const check = `/bookings/${booking.reference}/payments/${payment.id}/check`;
      const ways = {
        call: async () => assertEquals(await cards.hook(method, call), 200),
        return: async () => assertEquals((await client.post(check, {})).status, 303),
        clock: () => cards.settle(),
      };
      world.time.now += 10 * MINUTE;
      const resigned = await cards[method].sign(call.body);
      call.headers = resigned.headers;
      for (const step of order ?? []) await ways[step]();
      if (!order) await Promise.all([...steps, ...steps].map((step) => ways[step]()));
      const told = [method, order?.join(" ") ?? "at once"].join(" ");
      assertEquals([told, await standing(world.db, payment)], [told, "paid succeeded"]);
      const effects = (await cards.effects(payment)).filter((effect) => effect !== "ignored");
      assertEquals([told, effects], [told, ["succeeded"]]);
    }
  }
  assertEquals((await mailed(world.db, "payment_received")).length, 10);
  assertEquals(cards.paypal.captures.size, 5);
});

Deno.test("F11: a call that cannot be checked now is answered 503, and works when it comes again", async () => {
  await using cards = await openCardWorld();
  const { world, paypal } = cards;
  const client = await world.signedIn("alice");
  const payment = await cards.begin(client, await bookingIn(world.cast, "approved"), "paypal");
  const call = await cards.pay(payment);

  await assertNothingWritten(world, async () => {
    for (const requests of [0, 1, 2]) {
      for (let n = 0; n < requests; n++) paypal.faults.push((serve) => serve());
      paypal.faults.push(() => Promise.resolve(new Response(null, { status: 500 })));
      assertEquals(await cards.hook("paypal", call), 503);
    }
  });
  assertEquals(await cards.hook("paypal", call), 200);
  assertEquals(await standing(world.db, payment), "paid succeeded");
  assertEquals(paypal.captures.size, 1);
});

Deno.test("a call that names no attempt of ours is known by its page, and its money later by itself", async () => {
  await using cards = await openCardWorld();
  const { world, stripe, paypal } = cards;
  const client = await world.signedIn("alice");
  const byCard = await cards.begin(client, await bookingIn(world.cast, "approved"), "stripe");
  const { metadata: _, ...session } = stripe.sessionOf(byCard.id);
  const unnamed = { ...session, client_reference_id: null, payment_status: "paid" };
  const paid = await stripe.call("checkout.session.completed", unnamed);
  assertEquals(await cards.hook("stripe", paid), 200);
  assertEquals(await standing(world.db, byCard), "paid succeeded");
  const dispute = { amount: 100, currency: "usd", payment_intent: session.payment_intent };
  stripe.faults.push(() => Promise.resolve(stripeError(500)));
  assertEquals(
    await cards.hook("stripe", await stripe.call("charge.dispute.created", dispute)),
    200,
  );
  assertEquals(await cards.effects(byCard), ["disputed", "succeeded"]);

  const byPaypal = await cards.begin(client, await bookingIn(world.cast, "approved"), "paypal");
  const order = paypal.orderOf(byPaypal.id);
  const { id, unit: { amount } } = order;
  const capture = { id: "C-1", amount, supplementary_data: { related_ids: { order_id: id } } };
  const captured = await paypal.call("PAYMENT.CAPTURE.COMPLETED", capture);
  assertEquals(await cards.hook("paypal", captured), 200);
  assertEquals(await standing(world.db, byPaypal), "paid succeeded");
});

Deno.test("a call of either provider costs two round trips", async () => {
  await using cards = await openCardWorld({ slow: 15 });
  const { world } = cards;
  const client = await world.signedIn("alice");
  for (const method of methods) {
    const payment = await cards.begin(client, await bookingIn(world.cast, "approved"), method);
    const call = await cards.pay(payment);
    await world.trips.begin();
    assertEquals(await deliver(`${world.url}/hooks/${method}`, call), 200);
    assertEquals([method, world.trips.count()], [method, 2]);
    assertEquals(await standing(world.db, payment), "paid succeeded");
  }
});

/** Two processes of the product over one database, and an attempt to pay that waits for its provider's call. */
async function openTwice() {
  const stack = new AsyncDisposableStack();
  const stripe = stack.use(new StripeServer());
  const paypal = stack.use(new PaypalServer());
  const { db, url } = stack.use(await openTestDatabase());
  const cast = await castIn(db);
  const env = { TURSO_DATABASE_URL: url, ...stripe.env, ...paypal.env };
  const [one, two] = await Promise.all([1, 2].map(async () => stack.use(await startProduct(env))));
  const gateways = paymentGateways(readConfig({ APP_ENV: "test", ...env }, []));
  return {
    ...{ db, stripe, paypal, one: one as Product, two: two as Product },
    async begin(method: typeof methods[number]) {
      const now = Date.now();
      const file = await bookingIn(cast, "approved", { now: now - HOUR });
      const payment = await attempt(cast, file, { method, now });
      await gateways.find((gateway) => gateway.method === method)
        ?.start?.(payment, file.booking, "https://agency.example/here");
      return payment;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

Deno.test("T-WH-FORGE, F11: fifty copies at two processes have one effect, and so has a call that one died over", async () => {
  await using twice = await openTwice();
  const { db, stripe, paypal, one, two } = twice;
  const byCard = await twice.begin("stripe");
  const call = await stripe.pay(byCard.id);
  const unsigned = { body: call.body, headers: {} };
  for (const { url } of [one, two]) {
    assertEquals(await deliver(`${url}/hooks/stripe`, unsigned), 400);
  }

  const copies = Array.from({ length: 50 }, (_, n) => (n % 2 ? one : two).url);
  const answers = await Promise.all(copies.map((url) => deliver(`${url}/hooks/stripe`, call)));
  assertEquals(answers, Array(50).fill(200));
  assertEquals(await standing(db, byCard), "paid succeeded");
  const kept = await db.select().from(paymentNotices);
  assertEquals(kept.map(({ effect }) => effect), ["succeeded"]);
  assertEquals((await mailed(db, "payment_received")).length, 1);

  const byPaypal = await twice.begin("paypal");
  const agreed = await paypal.agree(byPaypal.id);
  const [captured, dead] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const pass: Fault = (serve) => serve();
  paypal.faults.push(pass, pass, async (serve) => {
    const answer = await serve();
    captured.resolve();
    await dead.promise;
    return answer;
  });
  const lost = assertRejects(() => deliver(`${one.url}/hooks/paypal`, agreed), TypeError);
  await captured.promise;
  await one.stop("SIGKILL");
  await lost;
  dead.resolve();
  assertEquals(await standing(db, byPaypal), "payment_pending open");
  const again = [1, 2, 3].map(() => deliver(`${two.url}/hooks/paypal`, agreed));
  assertEquals(await Promise.all(again), [200, 200, 200]);
  assertEquals(await standing(db, byPaypal), "paid succeeded");
  assertEquals([paypal.captures.size, (await mailed(db, "payment_received")).length], [1, 2]);
});
