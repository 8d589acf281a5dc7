import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type Status, statuses } from "../../db/booking_status.ts";
import { payments } from "../../db/schema.ts";
import { openCardWorld } from "../card_world.ts";
import { alice, bookingIn, fileOf } from "../cast.ts";
import { fakeProvider } from "../fake_provider.ts";
import { files } from "../files.ts";
import { assertBothSizes, assertNothingWritten, assertUnknown, markOf } from "../pages.ts";
import { openWorld, type World } from "../world.ts";

const payable: Status[] = ["approved", "payment_pending"];

async function at(world: World, status: Status) {
  const file = await bookingIn(world.cast, status);
  const base = `/bookings/${file.booking.reference}`;
  return { ...file, base, payment: `${base}/payments/${file.payments[0]?.id}` };
}

Deno.test("a test payment pays at once, opens the chat and mails both", async () => {
  await using world = await openWorld();
  const client = await world.signedIn("alice");
  const { base, booking } = await at(world, "approved");

  const page = await assertBothSizes(client, `${base}/payment`);
  assertStringIncludes(page.text, "Pay USD 890.00");
  for (const method of ["bank", "test"]) assertStringIncludes(page.text, `value="${method}"`);
  const answer = await client.fill(`${base}/payment`, `${base}/payments`, { method: "test" });
  assertEquals(answer.status, 303);
  const paid = await assertBothSizes(client, answer.location);
  assertEquals(
    ["payment-status", "amount-minor", "currency", "status"].map((name) => markOf(paid, name)),
    ["succeeded", "89000", "USD", "paid"],
  );
  assertEquals((await client.get(`${base}/chat`)).status, 200);
  const file = await fileOf(world.db, booking.reference);
  assertEquals([file.booking.status, file.payments.length], ["paid", 1]);
  assert(file.room);
  const mails = (await world.mails()).filter(({ toEmail }) => toEmail === alice.email);
  const links = mails.filter(({ text }) => text.includes(`${base}/chat`));
  assertEquals(links.length > 0, true);
});

Deno.test("a transfer shows what to copy, takes the word that it is sent, and waits for us", async () => {
  await using world = await openWorld();
  const client = await world.signedIn("alice");
  const { base, booking } = await at(world, "approved");

  const begun = await client.fill(`${base}/payment`, `${base}/payments`, { method: "bank" });
  const open = await assertBothSizes(client, begun.location);
  assertEquals(markOf(open, "payment-status"), "open");
  for (const value of ["890.00", "DE02120300000000202051", booking.reference]) {
    assertStringIncludes(open.text, `data-copy="${value}"`);
  }
  const note = "From the <account> of Northwind.\r\nOn Monday.";
  const told = await client.fill(begun.location, `${begun.location}/proof`, { note });
  assertEquals([told.status, told.location], [303, begun.location]);
  const waiting = await assertBothSizes(client, begun.location);
  assertEquals(markOf(waiting, "payment-status"), "under_review");
  assertStringIncludes(waiting.text, "From the &lt;account&gt; of Northwind.\nOn Monday.");
  const [payment] = await world.db.select().from(payments);
  assertEquals(payment?.proofNote, note.replace("\r", ""));
  const mails = await world.mails();
  assert(mails.some(({ text }) => text.includes("DE02120300000000202051")));
});

Deno.test("a page of a payment asks for itself and gets nothing until the state has changed", async () => {
  await using world = await openWorld();
  const client = await world.signedIn("alice");
  const { payment } = await at(world, "payment_pending");

  const { text } = await client.get(payment);
  assertStringIncludes(text, `data-hx-get="${payment}?seen=open"`);
  const same = await client.get(`${payment}?seen=open`, { htmx: true });
  assertEquals([same.status, same.text], [204, ""]);
  await client.post(`${payment}/proof`, {});
  const changed = await client.get(`${payment}?seen=open`, { htmx: true });
  assertEquals([changed.status, markOf(changed, "payment-status")], [200, "under_review"]);
  assertEquals((await client.get(`${payment}?seen=under_review`)).status, 200);
});

Deno.test("the form that is sent twice, or five times at once, pays once", async () => {
  await using world = await openWorld();
  const client = await world.signedIn("alice");

  for (const method of ["test", "bank"]) {
    const { base, booking } = await at(world, "approved");
    const form = { method, idempotency_key: `one form by ${method}` };
    const first = await Promise.all(
      [1, 2, 3, 4, 5].map(() => client.post(`${base}/payments`, form)),
    );
    const later = await client.post(`${base}/payments`, form);
    const { payments } = await fileOf(world.db, booking.reference);
    assertEquals(payments.length, 1);
    for (const { status, location } of [...first, later]) {
      assertEquals([status, location], [303, `${base}/payments/${payments[0]?.id}`]);
    }
  }
  const { base } = await at(world, "approved");
  const stolen = { method: "test", idempotency_key: "one form by test" };
  const answer = await assertNothingWritten(world, () => client.post(`${base}/payments`, stolen));
  assertEquals(answer.status, 409);
  assertStringIncludes(answer.text, "This form was sent already. Load the page again.");
});

Deno.test("another way to pay replaces the one that was begun", async () => {
  await using world = await openWorld();
  const client = await world.signedIn("alice");
  const { base, payment, booking } = await at(world, "payment_pending");

  const page = await client.get(`${base}/payment`);
  assertStringIncludes(page.text, `href="${payment}"`);
  const answer = await client.fill(`${base}/payment`, `${base}/payments`, { method: "test" });
  assertEquals(markOf(await client.get(answer.location), "payment-status"), "succeeded");
  assertEquals(markOf(await client.get(payment), "payment-status"), "voided");
  const stale = await assertNothingWritten(world, () => client.post(`${payment}/proof`, {}));
  assertEquals(stale.status, 409);
  assertStringIncludes(stale.text, "This payment is not waiting for a transfer.");
  assertEquals((await fileOf(world.db, booking.reference)).booking.status, "paid");
});

Deno.test("where nothing can be paid the page says so, and paying is refused", async () => {
  await using world = await openWorld();
  const client = await world.signedIn("alice");

  for (const status of statuses.filter((status) => !payable.includes(status))) {
    const { base, payments, payment } = await at(world, status);
    const { text } = await assertBothSizes(client, `${base}/payment`);
    assertStringIncludes(text, "There is nothing to pay now.");
    assertEquals([status, text.includes(`href="${payment}"`)], [status, payments.length > 0]);
    for (const htmx of [false, true]) {
      const sent = { method: "test", idempotency_key: `a new form ${htmx}` };
      const pay = () => client.post(`${base}/payments`, sent, { htmx });
      const answer = await assertNothingWritten(world, pay);
      assertEquals([status, answer.status], [status, 409]);
      assertEquals(answer.text.includes("<html"), !htmx);
      assertMatch(answer.text, /role="alert">This booking .*\./);
      assertStringIncludes(answer.text, `data-status="${status}"`);
    }
  }
});

Deno.test("while a transfer is being checked nothing else can be paid or told", async () => {
  await using world = await openWorld();
  const client = await world.signedIn("alice");
  const { base, payment } = await at(world, "payment_pending");
  const proofs = await Promise.all([1, 2].map(() => client.post(`${payment}/proof`, {})));
  assertEquals(proofs.map(({ status }) => status).sort(), [303, 409]);

  assertStringIncludes((await client.get(`${base}/payment`)).text, "There is nothing to pay now.");
  const pay = () => client.post(`${base}/payments`, { method: "test" });
  const answer = await assertNothingWritten(world, pay);
  assertEquals(answer.status, 409);
  assertStringIncludes(answer.text, "Your last payment is being checked. You need not pay again.");
});

const mistakes: [Record<string, string | string[]>, string][] = [
  [{}, "Choose one of the ways to pay."],
  [{ method: "" }, "Choose one of the ways to pay."],
  [{ method: "stripe" }, "Choose one of the ways to pay."],
  [{ method: "manual" }, "Choose one of the ways to pay."],
  [{ method: "constructor" }, "Choose one of the ways to pay."],
  [{ method: ["test", "bank"] }, "Choose one of the ways to pay."],
  [{ method: "test", network: "doge" }, "Choose one of the networks."],
  [{ method: "test", idempotency_key: "x".repeat(101) }, "This page is too old. Load it again."],
  [{ method: "test", idempotency_key: ["a", "b"] }, "This page is too old. Load it again."],
];

Deno.test("a choice that is not offered comes back with a sentence, and begins nothing", async () => {
  await using world = await openWorld();
  const client = await world.signedIn("alice");
  const { base, payment } = await at(world, "payment_pending");

  await assertNothingWritten(world, async () => {
    for (const [sent, sentence] of mistakes) {
      const answer = await client.post(`${base}/payments`, sent);
      assertEquals([sent, answer.status], [sent, 422]);
      assertMatch(answer.text, /role="alert"/);
      assertStringIncludes(answer.text, sentence);
      assertStringIncludes(answer.text, `action="${base}/payments"`);
    }
  });
  const notes: [Record<string, string | string[]>, string][] = [
    [{ note: "x".repeat(2001) }, "Write at most 2,000 characters."],
    [{ note: ["a", "b"] }, "Write one note."],
  ];
  for (const [sent, sentence] of notes) {
    const answer = await assertNothingWritten(world, () => client.post(`${payment}/proof`, sent));
    assertEquals([sent, answer.status], [sent, 422]);
    assertStringIncludes(answer.text, sentence);
    assertStringIncludes(answer.text, 'id="note-error"');
  }
});

Deno.test("somebody else's payments read like none at all", async () => {
  await using world = await openWorld();
  const outsider = await world.signedIn("bob");
  const owner = await world.signedIn("alice");
  const [mine, other] = [await at(world, "payment_pending"), await at(world, "payment_pending")];
  const crossed = `${mine.base}/payments/${other.payments[0]?.id}`;

  await assertNothingWritten(world, async () => {
    for (const path of [`${mine.base}/payment`, mine.payment, crossed, `${mine.base}/payments/x`]) {
      await assertUnknown(outsider, await outsider.get(path));
    }
    for (const sent of [{ method: "test" }, { method: "none" }]) {
      await assertUnknown(outsider, await outsider.post(`${mine.base}/payments`, sent));
    }
    await assertUnknown(outsider, await outsider.post(`${mine.payment}/proof`, {}));
    for (const path of [crossed, `${mine.base}/payments/x`]) {
      await assertUnknown(owner, await owner.get(path));
      await assertUnknown(owner, await owner.post(`${path}/proof`, {}));
    }
  });
});

Deno.test("a proof may come as a form with a file", async () => {
  await using world = await openWorld();
  const client = await world.signedIn("alice");
  const { payment } = await at(world, "payment_pending");
  const body = new FormData();
  body.set("note", "See the receipt.");
  body.set("file", new File([files.png], "receipt.png"));

  const headers = { Origin: world.url };
  const answer = await client.send(`${payment}/proof`, { method: "POST", body, headers });
  assertEquals([answer.status, answer.location], [303, payment]);
  const { text } = await client.get(payment);
  assertStringIncludes(text, "See the receipt.");
});

Deno.test("paying by card leads to the provider's page, once the pages before it are closed", async () => {
  const gateway = fakeProvider();
  await using world = await openWorld({ gateways: [gateway] });
  const client = await world.signedIn("alice");
  const { base, booking } = await at(world, "approved");
  const page = await client.get(`${base}/payment`);
  const policy = page.headers.get("content-security-policy") ?? "";
  assertStringIncludes(policy, "form-action 'self' https://pay.example;");

  const first = await client.fill(`${base}/payment`, `${base}/payments`, { method: "stripe" });
  const [id = ""] = gateway.started;
  const back = encodeURIComponent(`${world.url}${base}/payments/${id}`);
  assertEquals([first.status, first.location], [303, `https://pay.example/${id}?back=${back}`]);
  assertEquals(markOf(await client.get(`${base}/payments/${id}`), "payment-status"), "open");
  const sent = { method: "stripe", idempotency_key: "one form", amount: "1", price: "1" };
  const second = await client.post(`${base}/payments`, sent, { htmx: true });
  assertMatch(second.headers.get("hx-redirect") ?? "", /^https:\/\/pay\.example\//);
  assertEquals(gateway.closed, [id]);

  await client.post(`${base}/payments`, sent);
  assertEquals(gateway.started.length, 3);
  assertEquals(new Set(gateway.started).size, 2, "a form sent twice is one attempt");
  const { payments: rows } = await fileOf(world.db, booking.reference);
  const byStatus = new Map(rows.map((row) => [row.status, row]));
  assertEquals([byStatus.get("open")?.amountMinor, byStatus.get("open")?.providerRef], [
    ...[89_000, `page-${byStatus.get("open")?.id}`],
  ]);
  assertEquals(byStatus.get("voided")?.closedAt, world.time.now);
  const other = await client.post(`${base}/payments`, { ...sent, method: "test" });
  assertEquals(other.status, 409);
});

Deno.test("a provider that is away says so beside the other ways, and the same form goes on later", async () => {
  const gateway = fakeProvider();
  await using world = await openWorld({ gateways: [gateway] });
  const client = await world.signedIn("alice");
  const { base, booking } = await at(world, "approved");
  const sent = { method: "stripe", idempotency_key: "one form" };
  gateway.away = true;

  for (const htmx of [false, true]) {
    const answer = await client.post(`${base}/payments`, sent, { htmx });
    assertEquals([answer.status, answer.text.includes("<html")], [503, !htmx]);
    assertStringIncludes(answer.text, "Card does not answer right now. You have paid nothing.");
    assertStringIncludes(answer.text, 'value="bank"');
  }
  const { payments: [row, ...more] } = await fileOf(world.db, booking.reference);
  assertEquals([row?.status, more], ["created", []]);
  gateway.away = false;
  assertEquals((await client.post(`${base}/payments`, sent)).status, 303);
  assertEquals(new Set(gateway.started), new Set([row?.id]));
});

Deno.test("F10: who comes back sees how it ended, the provider is asked once, and reading alone writes nothing", async () => {
  const gateway = fakeProvider();
  await using world = await openWorld({ gateways: [gateway] });
  const client = await world.signedIn("alice");
  const { base } = await at(world, "approved");
  await client.fill(`${base}/payment`, `${base}/payments`, { method: "stripe" });
  const [id = ""] = gateway.started;
  const payment = `${base}/payments/${id}`;

  const bob = await world.signedIn("bob");
  await assertNothingWritten(world, async () => {
    assertEquals((await bob.get(`${payment}?returned=1`)).status, 404);
    await client.send(`${payment}?returned=1`, { method: "HEAD" });
    assert(!(await client.get(payment)).text.includes("data-hx-post"));
  });
  assertEquals(gateway.asked, []);
  const back = await client.get(`${payment}?returned=1`);
  assertEquals([back.status, gateway.asked.length], [200, 1]);
  assertStringIncludes(back.text, "We are confirming your payment.");
  assertStringIncludes(back.text, `data-hx-post="${payment}/check"`);
  assert(!back.text.includes("Pay USD"), "nobody who comes back is asked to pay again");
  await client.get(`${payment}?returned=1`);
  assertEquals(gateway.asked.splice(0).length, 1);
  world.time.now += 5000;
  gateway.away = true;
  assertEquals((await client.post(`${payment}/check`, {})).status, 303);
  gateway.away = false;
  gateway.knows.set(id, {});
  const early = await client.post(`${payment}/check`, {}, { htmx: true });
  assertEquals([markOf(early, "payment-status"), gateway.asked.length], ["open", 1]);

  world.time.now += 5000;
  const checks = await Promise.all(
    [1, 2, 3].map(() => client.post(`${payment}/check`, {}, { htmx: true })),
  );
  assertEquals(checks.map(({ status }) => status), [200, 200, 200]);
  assertEquals(gateway.asked.length, 2);
  assertEquals(markOf(await client.get(payment), "payment-status"), "succeeded");
  world.time.now += 5000;
  await client.post(`${payment}/check`, {});
  assertEquals(gateway.asked.length, 2, "what is final is not asked about");
});

Deno.test("F10: who comes back from a page that was paid reads so at once, without JavaScript and with no call", async () => {
  await using cards = await openCardWorld();
  const { world } = cards;
  const client = await world.signedIn("alice");
  for (const method of ["stripe", "paypal"] as const) {
    const { booking, ...file } = await bookingIn(world.cast, "approved");
    const payment = await cards.begin(client, { booking, ...file }, method);
    await cards.pay(payment);
    const page = `/bookings/${booking.reference}/payments/${payment.id}`;
    const back = await client.get(`${page}?returned=1`);
    assertEquals(markOf(back, "payment-status"), "succeeded");
  }
});

Deno.test("a transaction that the client names is kept as a hint and changes no state", async () => {
  const usdt = {
    USDT_EVM_RPC_URL: "http://127.0.0.1:1",
    USDT_EVM_TOKEN: `0x${"1".repeat(40)}`,
    USDT_EVM_ADDRESS: `0x${"2".repeat(40)}`,
  };
  await using world = await openWorld({ env: usdt });
  const client = await world.signedIn("alice");
  const { base } = await at(world, "approved");
  const choice = { method: "usdt", network: "evm" };
  const { location } = await client.fill(`${base}/payment`, `${base}/payments`, choice);

  const wrong = await client.post(`${location}/proof`, { tx_hash: "0x12" });
  assertEquals(wrong.status, 422);
  assertStringIncludes(wrong.text, "Copy the transaction&#39;s hash");
  const hash = `0x${"AB".repeat(32)}`;
  assertEquals((await client.post(`${location}/proof`, { tx_hash: hash })).status, 303);
  const [row] = await world.db.select().from(payments);
  assertEquals([row?.status, row?.usdtTx, row?.network], ["open", hash.toLowerCase(), "evm"]);
});
