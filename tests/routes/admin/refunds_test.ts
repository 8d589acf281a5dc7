import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { eq } from "drizzle-orm";
import type { Status } from "../../../db/booking_status.ts";
import { type PaymentMethod, payments, refunds } from "../../../db/schema.ts";
import { bookingIn, fileOf, HOUR, NOW } from "../../cast.ts";
import { alertsIn, linkIn, marksIn, textOf } from "../../marks.ts";
import { assertBothSizes, assertNothingWritten, assertUnknown } from "../../pages.ts";
import type { Visitor } from "../../visitor.ts";
import { openWorld, PASSWORD, type World } from "../../world.ts";

const MINUTE = 60_000;
const reason = "The <b>fair</b> was moved.";

/** The app an hour after a booking was paid by `method`, with Ada at her desk. */
async function openDesk(method: PaymentMethod = "test", status: Status = "paid") {
  const world = await openWorld();
  const desk = { world, ...await paidIn(world, method, status) };
  world.time.now = NOW + HOUR;
  const ada = await world.signedIn("ada");
  await world.mails();
  return { ...desk, ada, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() };
}

async function paidIn({ cast, db }: World, method: PaymentMethod, status: Status = "paid") {
  const { booking: { reference, id } } = await bookingIn(cast, status);
  await db.update(payments).set({ method }).where(eq(payments.bookingId, id));
  const { payments: [payment] } = await fileOf(db, reference);
  const path = `/admin/payments/${payment?.id}/refund`;
  return { reference, path, page: `/admin/bookings/${reference}` };
}

async function standing({ db }: World, reference: string) {
  const file = await fileOf(db, reference);
  const back = file.refunds.map(({ status, amountMinor }) => `${status} ${amountMinor}`);
  return [file.booking.status, file.payments[0]?.status, ...back.sort()];
}

const subjectsOf = async (world: World) => (await world.mails()).map(({ subject }) => subject);

Deno.test("money goes back within the request's own moment: page, credit note, mail", async () => {
  await using desk = await openDesk();
  const { world, ada, reference, path } = desk;
  const form = await assertBothSizes(ada, path);
  assertStringIncludes(textOf(form.text), "USD 890.00 came, USD 0.00 of it went back");
  assertStringIncludes(form.text, 'value="890.00"');

  const answer = await ada.fill(path, path, { amount: "90", reason });
  assertEquals([answer.status, answer.location], [303, path]);
  const mail = (await world.mails())[0];
  assertEquals(await standing(world, reference), ["paid", "succeeded", "succeeded 9000"]);
  const after = await ada.get(path);
  assertStringIncludes(textOf(after.text), "USD 890.00 came, USD 90.00 of it went back");
  assertEquals(marksIn(after.text, "data-refund-status"), ["succeeded"]);
  assertStringIncludes(after.text, "The &lt;b&gt;fair&lt;/b&gt; was moved.");
  assertEquals(mail?.toEmail, "alice@northwind.example");
  assertStringIncludes(mail?.text ?? "", "USD 90.00");

  const rest = await ada.fill(path, path, { amount: "800.00", reason, view: "page" });
  assertEquals(rest.location, desk.page);
  await world.mails();
  assertEquals((await standing(world, reference))[1], "refunded");
  const page = await ada.get(desk.page);
  for (const name of ["Credit note C-000001", "Credit note C-000002", "Receipt R-000001"]) {
    assert(linkIn(page.text, name), name);
  }
  assert(!(await ada.get(path)).text.includes(`action="${path}"`), "nothing is left to send back");
  assertEquals((await ada.post(path, { amount: "1", reason })).status, 409);
});

Deno.test("the same form sent twice, or five times at once, sends money back once", async () => {
  await using desk = await openDesk();
  const { world, ada, reference, path } = desk;
  const fields = { amount: "300", reason, idempotency_key: "once" };
  const answers = await Promise.all([1, 2, 3, 4, 5].map(() => ada.post(path, fields)));
  assertEquals(new Set(answers.map(({ status }) => status)), new Set([303]));
  assertEquals((await ada.post(path, fields)).status, 303);
  await world.mails();
  assertEquals(await standing(world, reference), ["paid", "succeeded", "succeeded 30000"]);

  const other = () => ada.post(path, { ...fields, idempotency_key: crypto.randomUUID() });
  const statuses = (await Promise.all([other(), other(), other()])).map(({ status }) => status);
  assertEquals(statuses.filter((status) => status === 303).length, 1);
  assert(statuses.every((status) => [303, 409, 422].includes(status)), String(statuses));
});

Deno.test("a refund that is wrong is answered 422 with what was typed, and nothing is written", async () => {
  await using desk = await openDesk();
  const { world, ada, path } = desk;
  const good = { amount: "90.00", reason };
  const wrong: Record<string, string | string[]>[] = [
    ...["", "0", "-1", "890.01", "1e3", "90,00", "90.001", "nine"].map((amount) => ({
      ...good,
      amount,
    })),
    { amount: "90.00" },
    { ...good, reason: " \n" },
    { ...good, reason: "x".repeat(2001) },
    { ...good, amount: ["1", "2"] },
    { ...good, by_hand: "maybe" },
    { ...good, idempotency_key: "" },
  ];
  for (const fields of wrong) {
    const answer = await assertNothingWritten(world, () => ada.post(path, fields));
    assertEquals([fields, answer.status], [fields, 422]);
    assertEquals(alertsIn(answer.text).length, 1, String(Object.values(fields)));
    assert(
      marksIn(answer.text, "aria-invalid").length > 0 || "by_hand" in fields ||
        "idempotency_key" in fields,
    );
  }
  const typed = await ada.post(path, { ...good, amount: "890.01" });
  for (const value of ["890.01", "The &lt;b&gt;fair&lt;/b&gt; was moved."]) {
    assertStringIncludes(typed.text, value);
  }
  const id = path.split("/")[3];
  assertStringIncludes(typed.text, `href="#${id}-refund-amount"`);
  assertStringIncludes(typed.text, `id="${id}-refund-amount"`);
});

Deno.test("asvs V7.5.3: money goes back only after a fresh proof, and only by who decides payments", async () => {
  await using desk = await openDesk();
  const { world, ada, path, page } = desk;
  const fields = { amount: "90.00", reason, money: "refund_all" };
  const agent = (await world.hired("agent")).visitor;
  const manager = (await world.hired("manager")).visitor;
  const guests = [world.stranger(), await world.signedIn("alice")];
  for (const who of guests) {
    const answer = await assertNothingWritten(world, () => who.post(path, fields));
    assertEquals([answer.status, answer.location], [303, "/admin/sign-in"]);
  }
  assertEquals((await assertNothingWritten(world, () => agent.post(path, fields))).status, 403);
  assertEquals((await agent.get(path)).status, 403);
  const unknown = "/admin/payments/nope/refund";
  await assertUnknown(ada, await ada.get(unknown));
  await assertUnknown(ada, await ada.post(unknown, fields));
  await assertUnknown(ada, await ada.post("/admin/refunds/nope/proof", { reference: "x" }));
  await assertUnknown(ada, await ada.post("/admin/refunds/nope/proof", {}));
  assertEquals((await agent.post("/admin/refunds/nope/failure", fields)).status, 403);

  world.time.now += 11 * MINUTE;
  for (const to of [path, `${page}/cancellation`]) {
    const answer = await assertNothingWritten(world, () => ada.post(to, fields));
    assertEquals([to, answer.status], [to, 303]);
    assertStringIncludes(answer.location, "/admin/confirm?next=");
  }
  assertEquals((await ada.get(path)).location, `/admin/confirm?next=${encodeURIComponent(path)}`);
  await ada.fill("/admin/confirm", "/admin/confirm", { password: PASSWORD });
  assertEquals((await ada.post(path, fields)).status, 303);
  assertEquals((await manager.get(path)).location.split("?")[0], "/admin/confirm");
});

Deno.test("a transfer goes back by hand: proof or failure, once, and each wrong form again", async () => {
  await using desk = await openDesk("bank");
  const { world, ada, reference, path, page } = desk;
  await ada.fill(path, path, { amount: "90", reason });
  await world.mails();
  assertEquals(await standing(world, reference), ["paid", "succeeded", "processing 9000"]);
  const refund = await world.db.select().from(refunds).get();
  const [proof, failure] = ["proof", "failure"].map((end) =>
    `/admin/refunds/${refund?.id}/${end}`
  ) as [string, string];
  assertStringIncludes(textOf((await ada.get(page)).text), "Waits for you to send it");

  for (
    const [to, fields] of [[proof, {}], [proof, { reference: "x".repeat(141) }], [failure, {
      reason: "",
    }]] as const
  ) {
    const answer = await assertNothingWritten(world, () => ada.post(to, fields));
    assertEquals([to, answer.status], [to, 422]);
    assertEquals(alertsIn(answer.text).length, 1);
    assertStringIncludes(answer.text, '<details class="action" open');
  }
  const answers = await Promise.all([
    ada.post(proof, { reference: "Statement 9,\nline 1" }),
    ada.post(failure, { reason: "The account is closed." }),
    ada.post(proof, { reference: "Statement 9, line 2" }),
  ]);
  assertEquals(answers.map(({ status }) => status).sort(), [303, 409, 409]);
  await world.mails();
  const after = await standing(world, reference);
  assert(["failed 9000", "succeeded 9000"].includes(String(after[2])), String(after));
  assertEquals((await ada.post(proof, { reference: "again" })).status, 409);

  await ada.fill(path, path, { amount: "800", reason });
  const second = (await fileOf(world.db, reference)).refunds.find(({ amountMinor }) =>
    amountMinor === 80_000
  );
  assertEquals(
    (await ada.post(`/admin/refunds/${second?.id}/failure`, { reason: "Closed." })).status,
    303,
  );
  const alarm = (await world.mails()).find(({ subject }) => subject.includes("refund failed"));
  assertEquals(alarm?.toEmail, "ada@connectpro.example");
});

Deno.test("a provider's payment can be sent back another way", async () => {
  await using desk = await openDesk("stripe");
  const { world, ada, reference, path } = desk;
  await ada.fill(path, path, { amount: "10", reason, by_hand: "yes" });
  await ada.fill(path, path, { amount: "20", reason });
  await world.mails();
  assertEquals(await standing(world, reference), [
    "paid",
    "succeeded",
    "failed 2000",
    "processing 1000",
  ]);
  const text = textOf((await ada.get(path)).text);
  assertStringIncludes(text, "Failed: not-configured. Nothing was sent. Send it another way.");
});

const cancelled = (who: Visitor, page: string, fields: Record<string, string>) =>
  who.fill(page, `${page}/cancellation`, { reason, ...fields });

for (
  const [fields, after, words] of [
    [{ money: "refund_all" }, ["cancelled", "refunded", "succeeded 89000"], "USD 890.00"],
    [
      { money: "refund_part", refund_amount: "90" },
      ["cancelled", "succeeded", "succeeded 9000"],
      "USD 90.00",
    ],
    [{ money: "keep" }, ["cancelled", "succeeded"], ""],
  ] as const
) {
  for (const status of ["paid", "in_progress"] as const) {
    Deno.test(`a booking that is ${status} is cancelled with ${fields.money}`, async () => {
      await using desk = await openDesk("test", status);
      const { world, ada, reference, page } = desk;
      const answer = await cancelled(ada, page, fields);
      assertEquals([answer.status, answer.location], [303, page]);
      const mail = (await world.mails()).find(({ subject }) => subject.startsWith("Cancelled"));
      assertEquals(await standing(world, reference), after);
      assertStringIncludes(mail?.text ?? "", words);
      assertStringIncludes(mail?.text ?? "", reason);
      const sent = (await subjectsOf(world)).filter((subject) => subject.startsWith("Money"));
      assertEquals(sent.length, fields.money === "keep" ? 0 : 1);
      assertEquals((await ada.post(`${page}/cancellation`, { ...fields, reason })).status, 409);
    });
  }
}

Deno.test("a paid booking is not cancelled before somebody says what happens with the money", async () => {
  await using desk = await openDesk();
  const { world, ada, page } = desk;
  const to = `${page}/cancellation`;
  const asked = await assertNothingWritten(world, () => ada.post(to, { reason }));
  assertEquals(asked.status, 409);
  assertStringIncludes(alertsIn(asked.text)[0] ?? "", "say what happens with the money");
  assertEquals(marksIn(asked.text, "value").filter((value) => value.startsWith("refund_")), [
    "refund_all",
    "refund_part",
  ]);
  assertStringIncludes(asked.text, "The &lt;b&gt;fair&lt;/b&gt; was moved.");

  const wrong: Record<string, string>[] = [
    { money: "burn", reason },
    { money: "refund_all" },
    { money: "refund_part", reason },
    { money: "refund_part", refund_amount: "0", reason },
    { money: "refund_part", refund_amount: "890.01", reason },
  ];
  for (const fields of wrong) {
    const answer = await assertNothingWritten(world, () => ada.post(to, fields));
    assertEquals([fields, answer.status], [fields, 422]);
  }
});

Deno.test("clients and agents cannot cancel what is paid; a client is told to write", async () => {
  await using desk = await openDesk();
  const { world, reference, page } = desk;
  const alice = await world.signedIn("alice");
  const path = `/bookings/${reference}/cancellation`;
  const answer = await assertNothingWritten(world, () => alice.post(path, { money: "refund_all" }));
  assertEquals(answer.status, 409);
  assertStringIncludes(alertsIn(answer.text)[0] ?? "", "Write to us in the conversation.");

  const { id, visitor: agent } = await world.hired("agent");
  await desk.ada.post(`${page}/assignment`, { assignee: String(id), admin: String(id) });
  const { booking } = await fileOf(world.db, reference);
  assertEquals(booking.assignedTo, id);
  assert(!(await agent.get(page)).text.includes("/cancellation"), "agents are not offered it");
  const refused = await assertNothingWritten(
    world,
    () => agent.post(`${page}/cancellation`, { reason, money: "refund_all" }),
  );
  assertEquals(refused.status, 403);
});
