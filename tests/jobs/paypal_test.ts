import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Problem } from "../../db/problem.ts";
import { readConfig } from "../../jobs/config.ts";
import { type Gateway, GatewayError, type Named, type Whose } from "../../jobs/gateways/gateway.ts";
import { paypalGateway } from "../../jobs/gateways/paypal.ts";
import { fromPaypal, toPaypal } from "../../jobs/gateways/paypal_amounts.ts";
import type { PaypalConfig } from "../../jobs/gateways/paypal_client.ts";
import { sampleAttempts } from "../attempts.ts";
import { HOUR, NOW } from "../cast.ts";
import { forgedForPaypal } from "../forged_calls.ts";
import { paypalError, PaypalServer } from "../paypal_server.ts";
import { type Call, tersely } from "../stripe_server.ts";

const { booking, attempt, refund } = await sampleAttempts();
const RETURN = "https://agency.example/bookings/x/payments/y";

function open() {
  const server = new PaypalServer(() => NOW);
  const config = readConfig({ APP_ENV: "test", ...server.env }, []).paypal as PaypalConfig;
  const gateway = paypalGateway(config) as Required<Gateway>;
  const begin = async (amountMinor = 89000) => {
    const payment = attempt({ method: "paypal", amountMinor });
    return {
      ...payment,
      status: "open" as const,
      ...await gateway.start(payment, booking, RETURN),
    };
  };
  const told = (call: Call, now = NOW, whose: Whose = () => Promise.resolve(null)) =>
    gateway.verify({ body: call.body, headers: new Headers(call.headers) }, now, whose);
  return { ...gateway, server, begin, told, [Symbol.asyncDispose]: () => stop(server) };
}
const stop = (server: PaypalServer) => server[Symbol.asyncDispose]();

const fails = async (work: Promise<unknown>) => {
  const { word, permanent } = await assertRejects(() => work, GatewayError);
  return [word, permanent];
};

Deno.test("T-PRICE: an order asks for the attempt's own amount, once, and names the attempt", async () => {
  await using paypal = open();
  const payment = attempt({ method: "paypal", amountMinor: 89000 });

  const first = await paypal.start(payment, booking, RETURN);
  const { id, unit, returnUrl } = paypal.server.orderOf(payment.id);
  const url = `${paypal.server.url}/agree/${id}`;
  assertEquals(first, { providerRef: id, url, expiresAt: payment.createdAt + 3 * HOUR });
  assertEquals(unit.amount, { currency_code: "USD", value: "890.00" });
  assertEquals([unit.custom_id, unit.invoice_id], [payment.id, payment.id]);
  assertEquals(returnUrl, `${RETURN}?returned=1`);
  const twins = await Promise.all([1, 2].map(() => paypal.start(payment, booking, RETURN)));
  assertEquals([twins, paypal.server.orders.size], [[first, first], 1]);
  assertEquals(paypal.server.asked[0]?.key, `${payment.id}:start`);
});

Deno.test("an order that the payer agreed to is captured once, whoever asks and however often", async () => {
  await using paypal = open();
  const payment = await paypal.begin();
  assertEquals(await paypal.ask(payment, NOW), null);
  const call = await paypal.server.agree(payment.id);

  const [asked, told, ...more] = await Promise.all([
    paypal.ask(payment, NOW),
    paypal.told(call),
    paypal.ask(payment, NOW),
    paypal.told(call),
  ]);
  const [capture] = [...paypal.server.captures.values()];
  const fact = { outcome: "succeeded", amount: 89000, currency: "USD" } as const;
  assertEquals(asked, {
    ...{ provider: "paypal", eventId: `ask:${payment.providerRef}:succeeded`, kind: "asked" },
    ...{ ...fact, paymentId: payment.id, bodyHash: null, at: NOW, providerPayment: capture?.id },
  });
  assertEquals(
    [told?.outcome, told?.paymentId, told?.providerPayment, told?.kind, told?.bodyHash?.length],
    ["succeeded", payment.id, capture?.id, "CHECKOUT.ORDER.APPROVED", 64],
  );
  assertEquals(more, [asked, told]);
  assertEquals(paypal.server.captures.size, 1);
  assertEquals(paypal.server.signIns, 1);
});

Deno.test("a capture that was made meanwhile counts; a bank that says no ends the attempt", async () => {
  await using paypal = open();
  const { server } = paypal;
  const lost = await paypal.begin();
  await server.agree(lost.id);
  server.faults.push((serve) => serve(), async (serve) => {
    await serve();
    return paypalError(422, "ORDER_ALREADY_CAPTURED");
  });
  assertEquals((await paypal.ask(lost, NOW))?.outcome, "succeeded");
  const away = await paypal.begin();
  await server.agree(away.id);
  server.faults.push((serve) => serve(), () => Promise.resolve(paypalError(500, "")));
  assertEquals(await fails(paypal.ask(away, NOW)), ["refused-500", false]);

  const table = { PENDING: "processing", DECLINED: "failed", INSTRUMENT: "failed" } as const;
  for (const [capture, outcome] of Object.entries(table)) {
    server.ends.capture = capture;
    const payment = await paypal.begin();
    await server.agree(payment.id);
    assertEquals([capture, (await paypal.ask(payment, NOW))?.outcome], [capture, outcome]);
    const again = await paypal.told(await server.agree(payment.id));
    if (capture === "INSTRUMENT") assertEquals([again, server.captures.size], [null, 3]);
  }
});

Deno.test("an attempt that ended here is not captured, and nobody's money is taken for nothing", async () => {
  await using paypal = open();
  await paypal.close(attempt({ method: "paypal" }));
  const [closed, ended, paid] = [await paypal.begin(), await paypal.begin(), await paypal.begin()];

  await paypal.close(closed);
  const late = await paypal.server.agree(closed.id);
  assertEquals([await paypal.told(late), await paypal.ask(closed, NOW)], [null, null]);
  await paypal.server.agree(ended.id);
  assertEquals(await paypal.ask({ ...ended, status: "voided" }, NOW), null);
  assertEquals(paypal.server.captures.size, 0);
  await paypal.told(await paypal.server.agree(paid.id));
  await paypal.close(paid);
  assertEquals((await paypal.ask({ ...paid, status: "voided" }, NOW))?.outcome, "succeeded");
  paypal.server.faults.push(() => Promise.resolve(paypalError(422, "BUSY")));
  assertEquals(await fails(paypal.close(ended)), ["refused-busy", true]);
});

Deno.test("an order that nobody agreed to is over after three hours", async () => {
  await using paypal = open();
  const payment = await paypal.begin();
  const at = payment.createdAt + 3 * HOUR;
  assertEquals(await paypal.ask(payment, at - 1), null);
  const over = await paypal.ask(payment, at);
  await paypal.server.agree(payment.id);
  assertEquals((await paypal.ask(payment, at))?.outcome, "expired");
  assertEquals(paypal.server.captures.size, 0);
  assertEquals([over?.outcome, over?.eventId], ["expired", `ask:${payment.providerRef}:expired`]);
  paypal.server.orderOf(payment.id).status = "VOIDED";
  assertEquals((await paypal.ask(payment, NOW))?.outcome, "failed");
});

Deno.test("a signed call becomes what it says of the attempt", async () => {
  await using paypal = open();
  const { server, told } = paypal;
  const payment = await paypal.begin();
  await told(await server.agree(payment.id));
  const [capture] = [...server.captures.values()];
  const amount = { currency_code: "USD", value: "8.90" };
  const up = [{ rel: "up", href: `${server.url}/v2/payments/captures/${capture?.id}` }];
  const back = { amount, links: up };
  const seller_payable_breakdown = { total_refunded_amount: { ...amount, value: "20.00" } };
  const disputed_transactions = [{ seller_transaction_id: capture?.id }];
  const said: [string, unknown, string, number][] = [
    ["PAYMENT.CAPTURE.COMPLETED", capture, "succeeded", 89000],
    ["PAYMENT.CAPTURE.PENDING", { ...capture, status: "PENDING" }, "processing", 89000],
    ["PAYMENT.CAPTURE.DENIED", { ...capture, status: "DECLINED" }, "failed", 89000],
    ["PAYMENT.CAPTURE.REFUNDED", back, "refunded", 890],
    ["PAYMENT.CAPTURE.REFUNDED", { ...back, seller_payable_breakdown }, "refunded", 2000],
    ["PAYMENT.CAPTURE.REVERSED", back, "refunded", 890],
    ["PAYMENT.REFUND.FAILED", back, "refund_failed", 890],
    [
      "CUSTOMER.DISPUTE.CREATED",
      { disputed_transactions, dispute_amount: amount },
      "disputed",
      890,
    ],
    [
      "PAYMENT.CAPTURE.COMPLETED",
      { ...capture, custom_id: `closed:${payment.id}` },
      "succeeded",
      89000,
    ],
  ];
  for (const [kind, resource, outcome, minor] of said) {
    const notice = await told(await server.call(kind, resource));
    const facts = [notice?.paymentId, notice?.outcome, notice?.amount, notice?.currency];
    assertEquals([kind, ...facts], [kind, payment.id, outcome, minor, "USD"]);
    assertEquals([kind, notice?.providerPayment], [kind, capture?.id]);
  }
  const strange = [
    await server.call("BILLING.SUBSCRIPTION.CREATED", {}),
    await server.call("PAYMENT.CAPTURE.COMPLETED", { ...capture, custom_id: undefined }),
    await server.call("PAYMENT.CAPTURE.REFUNDED", { amount }),
    await server.call("CUSTOMER.DISPUTE.CREATED", { dispute_amount: amount }),
  ];
  for (const call of strange) assertEquals(await told(call), null);
});

Deno.test("answers and calls that leave out what they may are understood", async () => {
  await using paypal = open();
  const { server, told } = paypal;
  const payment = await paypal.begin();
  const whose = ({ page, money }: Named) =>
    Promise.resolve(page === payment.providerRef || money === "C-OURS" ? payment.id : null);
  const said = async (kind: string, resource: unknown) => {
    const notice = await told(await server.call(kind, resource), NOW, whose);
    return [notice?.paymentId, notice?.outcome, notice?.amount];
  };

  await server.agree(payment.id);
  const brief = tersely("id", "status");
  server.faults.push((serve) => serve(), brief, brief);
  const approved = await said("CHECKOUT.ORDER.APPROVED", { id: payment.providerRef });
  assertEquals(approved, [payment.id, "succeeded", 89000]);
  server.faults.push(brief);
  assertEquals(await paypal.ask(payment, NOW + 4 * HOUR), null, "captured, but nobody said what");

  const amount = { currency_code: "USD", value: "890.00" };
  const capture = { id: "C-OURS", amount };
  const related = { id: "C-NEW", amount };
  const supplementary_data = { related_ids: { order_id: payment.providerRef } };
  const up = [{ rel: "up", href: "https://api-m.paypal.com/v2/payments/captures/C-OURS" }];
  const disputed = [{ seller_transaction_id: "C-OURS" }];
  const table: [string, unknown, string][] = [
    ["PAYMENT.CAPTURE.COMPLETED", capture, "succeeded"],
    ["PAYMENT.CAPTURE.COMPLETED", { ...related, supplementary_data }, "succeeded"],
    ["PAYMENT.CAPTURE.PENDING", capture, "processing"],
    ["PAYMENT.CAPTURE.DENIED", capture, "failed"],
    ["PAYMENT.CAPTURE.COMPLETED", { ...capture, status: "TOMORROWS" }, "processing"],
    ["PAYMENT.CAPTURE.REFUNDED", { id: "R-1", amount, links: up }, "refunded"],
    [
      "CUSTOMER.DISPUTE.CREATED",
      { disputed_transactions: disputed, dispute_amount: amount },
      "disputed",
    ],
  ];
  for (const [kind, resource, outcome] of table) {
    assertEquals([kind, await said(kind, resource)], [kind, [payment.id, outcome, 89000]]);
  }
  const theirs = { id: "R-2", amount, links: [{ rel: "up", href: "https://x.example/C-THEIRS" }] };
  assertEquals(await told(await server.call("PAYMENT.CAPTURE.REFUNDED", theirs)), null);
  const fault = () => Promise.resolve(new Response("<h1>Busy</h1>"));
  server.faults.push(fault);
  assertEquals(await fails(paypal.ask(payment, NOW)), ["unreadable", false]);
});

Deno.test("T-WH-FORGE: a call is believed when PayPal signed it for us, a moment ago", async () => {
  await using paypal = open();
  const { server, told } = paypal;
  const payment = await paypal.begin();
  await told(await server.agree(payment.id));
  const [capture] = [...server.captures.values()];
  // Spaces and an escape: written anew, it would be another text.
  const body = (await server.call("PAYMENT.CAPTURE.COMPLETED", capture)).body
    .replace('"id"', ' "\\u0069d" ').replace("}", " }");
  const call = await server.sign(body);
  for (const [name, forged] of Object.entries(await forgedForPaypal(server, call))) {
    const problem = await assertRejects(() => told(forged), Problem, undefined, name);
    assertEquals([name, problem.code], [name, "unauthenticated"]);
  }
  const genuine = [
    call,
    ...await Promise.all([-300_000, 300_000].map((by) => server.sign(body, { at: NOW + by }))),
  ];
  for (const call of genuine) assertEquals((await told(call))?.paymentId, payment.id);
});

Deno.test("money goes back once, and a refund that takes days is asked after", async () => {
  await using paypal = open();
  const { server } = paypal;
  const payment = await paypal.begin();
  const early = paypal.refund(refund(payment, 500), payment, NOW);
  assertEquals(await fails(early), ["refused-nothing-paid", true]);
  await server.agree(payment.id);
  const providerPayment = (await paypal.ask(payment, NOW))?.providerPayment ?? null;
  const paid = { ...payment, providerPayment };

  const part = refund(paid, 500);
  const [first, again] = [
    await paypal.refund(part, paid, NOW),
    await paypal.refund(part, paid, NOW),
  ];
  assertEquals([first.status, again, server.refunds.size], ["succeeded", first, 1]);
  server.forgetRequests();
  const later = await paypal.refund(part, paid, NOW + 6 * HOUR);
  assertEquals([later, server.refunds.size], [first, 1], "found, not made again");
  const tooMuch = paypal.refund(refund(paid, 88501), paid, NOW);
  assertEquals(await fails(tooMuch), ["refused-refund-amount-exceeded", true]);
  server.ends.refund = "PENDING";
  const slow = refund(paid, 300);
  const { providerRef, status } = await paypal.refund(slow, paid, NOW);
  assertEquals(status, "processing");
  Object.assign(server.refunds.get(providerRef ?? "") ?? {}, { status: "FAILED" });
  assertEquals(await paypal.refund({ ...slow, providerRef }, paid, NOW), {
    ...{ providerRef, status: "failed", error: "failed" },
  });
});

Deno.test("what PayPal does not do comes down to one word; a token that ended is renewed", async () => {
  const paypal = open();
  const unknown = attempt({ method: "paypal", providerRef: "O-0" });
  assertEquals(await fails(paypal.ask(unknown, NOW)), ["refused-invalid-resource-id", true]);
  const payment = await paypal.begin();
  const meets = (status: number) =>
    paypal.server.faults.push(() => Promise.resolve(new Response("<h1>No</h1>", { status })));
  meets(401);
  assertEquals(await paypal.ask(payment, NOW), null);
  assertEquals(paypal.server.signIns, 2);
  const words: [number[], string][] = [
    [[401, 401], "sign-in-refused"],
    [[403], "sign-in-refused"],
    [[429], "rate-limited"],
    [[503], "refused-503"],
  ];
  for (const [statuses, word] of words) {
    statuses.forEach(meets);
    assertEquals(await fails(paypal.ask(payment, NOW)), [word, false]);
  }
  await stop(paypal.server);
  assertEquals(await fails(paypal.ask(payment, NOW)), ["unreachable", false]);
});

Deno.test("amounts reach PayPal as it writes them, or not at all", () => {
  const table: [number, string, string][] = [
    [89000, "USD", "890.00"],
    [1, "EUR", "0.01"],
    [99_999_999, "GBP", "999999.99"],
    [500, "JPY", "500"],
    [150000, "HUF", "1500"],
  ];
  for (const [minor, currency, value] of table) {
    assertEquals(toPaypal(minor, currency), { currency_code: currency, value });
    assertEquals(fromPaypal({ currency_code: currency, value }), minor);
  }
  for (const [minor, currency] of [[150001, "HUF"], [5000, "KWD"], [100, "ISK"]] as const) {
    assertThrows(() => toPaypal(minor, currency), Problem, "Choose another way to pay.");
  }
});
