import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Problem } from "../../db/problem.ts";
import { readConfig } from "../../jobs/config.ts";
import { type Gateway, GatewayError, type Named, type Whose } from "../../jobs/gateways/gateway.ts";
import { stripeGateway } from "../../jobs/gateways/stripe.ts";
import { fromStripe, toStripe } from "../../jobs/gateways/stripe_amounts.ts";
import type { StripeConfig } from "../../jobs/gateways/stripe_client.ts";
import { sampleAttempts } from "../attempts.ts";
import { HOUR, NOW } from "../cast.ts";
import { assertProblem } from "../problems.ts";
import { forgedForStripe, genuineForStripe } from "../forged_calls.ts";
import { known } from "../stripe_books.ts";
import { type Call, stripeError, StripeServer, tersely } from "../stripe_server.ts";

const { booking, attempt, refund } = await sampleAttempts();
const RETURN = "https://agency.example/bookings/x/payments/y";

const nobodys: Whose = () => Promise.resolve(null);

function open() {
  const server = new StripeServer(() => NOW);
  const config = readConfig({ APP_ENV: "test", ...server.env }, []).stripe as StripeConfig;
  const { opens, start, close, ask, verify, refund } = stripeGateway(config) as Required<Gateway>;
  const told = (call: Call, now = NOW, whose: Whose = nobodys) =>
    verify({ body: call.body, headers: new Headers(call.headers) }, now, whose);
  const stop = () => server[Symbol.asyncDispose]();
  return { server, opens, start, close, ask, told, refund, [Symbol.asyncDispose]: stop };
}

const fails = async (work: Promise<unknown>) => {
  const { word, permanent } = await assertRejects(() => work, GatewayError);
  return [word, permanent];
};

Deno.test("T-PRICE: a card page asks for the attempt's own amount, and names it on session and intent", async () => {
  await using stripe = open();
  const payment = attempt({ method: "stripe", amountMinor: 89000 });

  const started = await stripe.start(payment, booking, RETURN);
  const session = stripe.server.sessionOf(payment.id);
  assertEquals(started, {
    providerRef: session.id,
    url: `${stripe.server.url}/pay/${session.id}`,
    expiresAt: payment.createdAt + HOUR,
  });
  const metadata = { payment_id: payment.id, booking: booking.reference, price: "890.00 USD" };
  assertEquals([session.amount_total, session.currency], [89000, "usd"]);
  assertEquals([session.metadata, stripe.server.books.intentOf(session).metadata], [
    metadata,
    metadata,
  ]);
  assertEquals(session.client_reference_id, payment.id);
  assertEquals([session.success_url, session.cancel_url], [`${RETURN}?returned=1`, RETURN]);
  assertEquals(stripe.server.asked[0]?.key, `${payment.id}:start`);
});

Deno.test("a card page is opened once, however often it is asked for and whatever gets lost", async () => {
  await using stripe = open();
  const payment = attempt({ method: "stripe" });
  stripe.server.faults.push(async (serve) => {
    await serve();
    return stripeError(500);
  });

  const first = await stripe.start(payment, booking, RETURN);
  const twins = await Promise.all([1, 2].map(() => stripe.start(payment, booking, RETURN)));
  const { providerRef } = first;
  const later = await stripe.start({ ...payment, providerRef }, booking, RETURN);
  assertEquals([...twins, later], [first, first, first]);
  assertEquals(stripe.server.books.sessions.size, 1);
  const keys = stripe.server.asked.filter(({ method }) => method === "POST").map(({ key }) => key);
  assertEquals(keys, Array(4).fill(`${payment.id}:start`));
});

Deno.test("closing a card page ends it, and is fine where it ended by itself", async () => {
  await using stripe = open();
  const payment = attempt({ method: "stripe" });
  await stripe.close(payment);
  const { providerRef } = await stripe.start(payment, booking, RETURN);
  const begun = { ...payment, providerRef };

  for (const _ of [1, 2]) await stripe.close(begun);
  assertEquals(stripe.server.sessionOf(payment.id).status, "expired");
  assertEquals((await stripe.ask(begun, NOW))?.outcome, "expired");
  assertEquals(await fails(stripe.start(begun, booking, RETURN)), ["refused-page-closed", true]);
  const other = attempt({ method: "stripe" });
  const another = { ...other, ...await stripe.start(other, booking, RETURN) };
  stripe.server.faults.push(() => Promise.resolve(stripeError(400, "busy")));
  assertEquals(await fails(stripe.close(another)), ["refused-busy", true]);
});

Deno.test("asking tells how an attempt stands: the same thing under the same name", async () => {
  await using stripe = open();
  const begin = async () => {
    const payment = attempt({ method: "stripe" });
    return { ...payment, ...await stripe.start(payment, booking, RETURN) };
  };
  assertEquals(await stripe.ask(attempt({ method: "stripe" }), NOW), null);
  const card = await begin();
  assertEquals(await stripe.ask(card, NOW), null);
  await stripe.server.pay(card.id);
  const notice = await stripe.ask(card, NOW);
  const session = stripe.server.sessionOf(card.id);
  assertEquals(notice, {
    ...{ provider: "stripe", eventId: `ask:${session.id}:succeeded`, paymentId: card.id },
    ...{ kind: "asked", bodyHash: null, outcome: "succeeded", amount: 89000, currency: "USD" },
    ...{ at: NOW, providerPayment: session.payment_intent ?? "", reason: undefined },
  });
  assertEquals(await stripe.ask(card, NOW), notice);

  for (const [fine, outcome] of [[true, "succeeded"], [false, "failed"]] as const) {
    const debit = await begin();
    await stripe.server.pay(debit.id, "debit");
    assertEquals((await stripe.ask(debit, NOW))?.outcome, "processing");
    stripe.server.books.finish(debit.providerRef, fine);
    const end = await stripe.ask(debit, NOW);
    const reason = fine ? undefined : "debit_not_authorized";
    assertEquals([end?.outcome, end?.reason], [outcome, reason]);
  }
});

Deno.test("a signed call becomes what it says of the attempt", async () => {
  await using stripe = open();
  const { server, told } = stripe;
  const payment = attempt({ method: "stripe" });
  const { providerRef: id } = await stripe.start(payment, booking, RETURN);
  const session = server.sessionOf(payment.id);
  const intent = session.payment_intent ?? "";

  const paid = await told(await server.pay(payment.id));
  assertEquals([paid?.provider, paid?.kind, paid?.bodyHash?.length, paid?.at], [
    "stripe",
    "checkout.session.completed",
    64,
    NOW,
  ]);
  const unpaid = { ...session, payment_status: "unpaid" };
  const said: [string, unknown, string, number][] = [
    ["checkout.session.completed", session, "succeeded", 89000],
    ["checkout.session.completed", unpaid, "processing", 89000],
    ["checkout.session.async_payment_succeeded", session, "succeeded", 89000],
    ["checkout.session.async_payment_failed", unpaid, "failed", 89000],
    ["checkout.session.expired", { ...unpaid, id, payment_intent: null }, "expired", 89000],
    ["charge.refunded", { ...server.books.charge(intent), amount_refunded: 500 }, "refunded", 500],
    ["charge.dispute.created", { ...server.books.charge(intent), amount: 700 }, "disputed", 700],
  ];
  for (const [kind, object, outcome, amount] of said) {
    const notice = await told(await server.call(kind, object));
    const facts = [notice?.paymentId, notice?.outcome, notice?.amount, notice?.currency];
    assertEquals([kind, ...facts], [kind, payment.id, outcome, amount, "USD"]);
  }
  server.books.refundsEnd = "failed";
  const back = server.books.refund({ payment_intent: intent, amount: "300" });
  for (const kind of ["charge.refund.updated", "refund.updated", "refund.failed"]) {
    for (const metadata of [{}, { payment_id: payment.id, refund_id: "ours" }]) {
      const notice = await told(await server.call(kind, { ...back, metadata }));
      const { paymentId, outcome, amount, reason, refund } = notice ?? {};
      assertEquals([paymentId, outcome, amount], [payment.id, "refund_failed", 300]);
      const id = "refund_id" in metadata ? metadata.refund_id : undefined;
      assertEquals([reason, refund], ["expired_or_canceled_card", { ref: back.id, id }]);
    }
  }
  const strange = [
    await server.call("refund.updated", { ...back, status: "succeeded" }),
    await server.call("invoice.paid", {}),
    await server.call("checkout.session.completed", {
      ...session,
      ...{ metadata: {}, client_reference_id: null },
    }),
    await server.call("charge.refunded", { ...server.books.charge(intent), payment_intent: null }),
    await server.call("charge.dispute.created", {
      ...{ amount: 700, currency: "usd", payment_intent: "pi_of_somebody_else" },
    }),
  ];
  for (const call of strange) assertEquals(await told(call), null);
});

Deno.test("answers and calls that leave out what they may are understood", async () => {
  await using stripe = open();
  const { server, told } = stripe;
  const payment = attempt({ method: "stripe" });
  server.faults.push(tersely("id", "url"));
  const begun = { ...payment, ...await stripe.start(payment, booking, RETURN) };
  assertEquals(begun.expiresAt, payment.createdAt + HOUR);
  server.faults.push(tersely("id", "payment_status"));
  assertEquals(await stripe.ask(begun, NOW), null);

  const { metadata: _, ...session } = JSON.parse((await server.pay(payment.id)).body).data.object;
  server.faults.push(tersely("id", "payment_status"));
  const asked = await stripe.ask(begun, NOW);
  assertEquals([asked?.outcome, asked?.amount, asked?.currency], ["succeeded", 89000, "USD"]);
  const terse = { livemode: undefined, created: undefined };
  const { id, payment_status } = session;
  const whose = ({ page, money }: Named) =>
    Promise.resolve([page, money].includes(id) || money === "pi_ours" ? payment.id : null);
  for (const [said, knows] of [[session, nobodys], [{ id, payment_status }, whose]] as const) {
    const call = await server.call("checkout.session.completed", said, terse);
    const notice = await told(call, NOW, knows);
    assertEquals([notice?.paymentId, notice?.amount, notice?.at], [payment.id, 89000, NOW]);
  }
  const dispute = { amount: "700", currency: "usd", payment_intent: "pi_ours" };
  const disputed = await told(await server.call("charge.dispute.created", dispute), NOW, whose);
  assertEquals([disputed?.paymentId, disputed?.amount], [payment.id, 700]);
  assertEquals((await stripe.refund(refund(begun, 500), begun, NOW)).status, "succeeded");
});

Deno.test("T-WH-FORGE: a call is believed when Stripe signed it for us, a moment ago", async () => {
  await using stripe = open();
  const { server, told } = stripe;
  const payment = attempt({ method: "stripe" });
  await stripe.start(payment, booking, RETURN);
  const call = await server.pay(payment.id);
  for (const [name, forged] of Object.entries(await forgedForStripe(server, call))) {
    const problem = await assertRejects(() => told(forged), Problem, undefined, name);
    assertEquals([name, problem.code], [name, "unauthenticated"]);
  }
  for (const genuine of await genuineForStripe(server, call)) {
    assertEquals((await told(genuine))?.paymentId, payment.id);
  }
});

Deno.test("money goes back once, and a refund that takes days is asked after", async () => {
  await using stripe = open();
  const { server } = stripe;
  const payment = attempt({ method: "stripe" });
  await stripe.start(payment, booking, RETURN);
  assertEquals(await fails(stripe.refund(refund(payment, 500), payment, NOW)), [
    "refused-nothing-paid",
    true,
  ]);
  await server.pay(payment.id);
  const paid = { ...payment, providerPayment: server.sessionOf(payment.id).payment_intent };

  const part = refund(paid, 500);
  const answers = [await stripe.refund(part, paid, NOW), await stripe.refund(part, paid, NOW)];
  const [first] = answers;
  assertEquals(answers, Array(2).fill({ providerRef: first?.providerRef, status: "succeeded" }));
  assertEquals(server.books.refunded(paid.providerPayment ?? ""), 500);
  assertEquals(server.asked.at(-1)?.key, `${part.id}:refund`);
  server.forgetKeys();
  assertEquals(await stripe.refund(part, paid, NOW + 24 * HOUR), first);
  assertEquals(server.books.refunded(paid.providerPayment ?? ""), 500, "found, not made again");
  assertEquals(await fails(stripe.refund(refund(paid, 88501), paid, NOW)), [
    "refused-charge-already-refunded",
    true,
  ]);

  server.books.refundsEnd = "pending";
  const slow = refund(paid, 300);
  const { providerRef, status } = await stripe.refund(slow, paid, NOW);
  assertEquals(status, "processing");
  Object.assign(known(server.books.refunds, providerRef ?? ""), {
    status: "failed",
    failure_reason: "lost_or_stolen_card",
  });
  assertEquals(await stripe.refund({ ...slow, providerRef }, paid, NOW), {
    ...{ providerRef, status: "failed", error: "lost_or_stolen_card" },
  });
});

Deno.test("what Stripe does not do comes down to one word", async () => {
  await using stripe = open();
  const payment = attempt({ method: "stripe", providerRef: "cs_unknown" });
  assertEquals(await fails(stripe.ask(payment, NOW)), ["refused-resource-missing", true]);
  const words: [number, string][] = [
    [401, "sign-in-refused"],
    [403, "sign-in-refused"],
    [429, "rate-limited"],
  ];
  for (const [status, word] of words) {
    stripe.server.faults.push(() => Promise.resolve(stripeError(status)));
    assertEquals(await fails(stripe.ask(payment, NOW)), [word, false]);
  }
});

Deno.test("amounts reach Stripe as it counts them", () => {
  const table: [number, string, number][] = [
    [89000, "USD", 89000],
    [500, "JPY", 500],
    [5, "ISK", 500],
    [5, "UGX", 500],
    [5120, "KWD", 5120],
    [1500, "HUF", 1500],
  ];
  for (const [minor, currency, amount] of table) {
    assertEquals([currency, toStripe(minor, currency)], [currency, amount]);
    assertEquals([currency, fromStripe(amount, currency)], [currency, minor]);
  }
  assertThrows(() => toStripe(5124, "KWD"), Problem, "Choose another way to pay.");
});

Deno.test("an amount that cards cannot take is refused before anything is asked", async () => {
  await using stripe = open();
  const odd = attempt({ method: "stripe", amountMinor: 5124, currency: "KWD" });
  await assertProblem(Promise.resolve().then(() => stripe.opens(odd, NOW)), "conflict");
  assertEquals(stripe.server.asked, []);
});
