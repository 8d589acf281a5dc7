import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { bankLines } from "../../../db/schema.ts";
import { MAX_STATEMENT } from "../../../jobs/statements.ts";
import { bookingIn, fileOf } from "../../cast.ts";
import { alertsIn, elementsIn, marksIn, textOf } from "../../marks.ts";
import { assertNothingWritten, assertUnknown } from "../../pages.ts";
import type { Visitor } from "../../visitor.ts";
import { openWorld, type World } from "../../world.ts";

const LIST = "/admin/payments";
const STATEMENTS = `${LIST}/statements`;

async function openDesk() {
  const world = await openWorld();
  const ada = await world.signedIn("ada");
  return { world, ada, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() };
}

const awaited = async ({ cast }: World) =>
  (await bookingIn(cast, "payment_pending")).booking.reference;

const csv = (...lines: string[]) => `Date;Amount;Counterparty;Details\n${lines.join("\n")}\n`;
const line = (words: string, amount = "890.00") => `2026-03-01;${amount};Alice Meyer;${words}`;

function upload(who: Visitor, text: string | Uint8Array<ArrayBuffer>, name = "march.csv") {
  const body = new FormData();
  body.set("file", new File([text], name));
  return who.send(STATEMENTS, { method: "POST", body, headers: { Origin: who.url } });
}

/** The lines of the page: id, verdict and what is found. */
function linesIn(html: string) {
  const rows = elementsIn(html, "tr", "data-bank-line");
  return rows.map((row) => [marksIn(row, "data-bank-line")[0], marksIn(row, "data-verdict")[0]]);
}

const statusOf = async ({ db }: World, reference: string) =>
  (await fileOf(db, reference)).booking.status;

Deno.test("a statement is read, matched, and all that fits is confirmed by one click", async () => {
  await using desk = await openDesk();
  const { world, ada } = desk;
  const refs = [await awaited(world), await awaited(world), await awaited(world)];
  const [first = "", second = "", third = ""] = refs;
  const spread = first.toLowerCase().replace(/(.{4})/g, "$1 ");
  const statement = csv(
    ...[line(`invoice ${spread}`), line(second), line(third, "889.99"), line("<rent>", "12.00")],
    line("fee", "-3.00"),
  );

  const sent = await upload(ada, statement);
  assertEquals([sent.status, sent.location], [303, `${LIST}?added=4&known=0`]);
  const page = await ada.get(sent.location);
  assertStringIncludes(textOf(page.text), "The statement has 4 new credits; 0 were here already.");
  assertEquals(linesIn((await ada.get(LIST)).text), [
    ...[["1", "exact"], ["2", "exact"], ["3", "amount"], ["4", "unknown"]],
  ]);
  const shown = (await ada.get(LIST)).text;
  assertStringIncludes(shown, "&lt;rent&gt;");
  assertStringIncludes(textOf(shown), "Other amount: USD 890.00 is due");

  const exact = ["1", "2"];
  const hidden = elementsIn(shown, "form", `action="${STATEMENTS}/confirmation"`)[0] ?? "";
  assertEquals(marksIn(hidden, "value"), exact);
  const done = await ada.post(`${STATEMENTS}/confirmation`, { line: exact });
  assertEquals([done.status, done.location], [303, `${LIST}?confirmed=2`]);
  for (const reference of [first, second]) assertEquals(await statusOf(world, reference), "paid");
  const { payments: [payment] } = await fileOf(world.db, second);
  assertEquals([payment?.status, payment?.receivedOn, payment?.reference], [
    ...["succeeded", "2026-03-01", second],
  ]);
  assertEquals(linesIn((await ada.get(LIST)).text), [["3", "amount"], ["4", "unknown"]]);

  const again = await upload(ada, statement, "march again.csv");
  assertEquals(again.location, `${LIST}?added=0&known=4`);
  assertEquals((await world.db.select().from(bankLines)).length, 4);
});

Deno.test("the same confirmation twice and at once: one effect, and what was not done is said", async () => {
  await using desk = await openDesk();
  const { world, ada } = desk;
  const refs = [await awaited(world), await awaited(world)];
  await upload(ada, csv(line(refs[0] ?? ""), line(refs[1] ?? ""), line(`again ${refs[1]}`)));

  const confirm = () => ada.post(`${STATEMENTS}/confirmation`, { line: ["1", "2"] });
  const answers = await Promise.all([confirm(), confirm(), confirm()]);
  assert(answers.every(({ status }) => status === 303 || status === 409));
  const late = await confirm();
  assertEquals(late.status, 409);
  assertStringIncludes(textOf(late.text), "2 changed meanwhile. This is how they stand.");
  for (const reference of refs) {
    const { booking, payments } = await fileOf(world.db, reference);
    assertEquals([booking.status, payments.map(({ status }) => status)], ["paid", ["succeeded"]]);
  }
  const [over, ...more] = linesIn((await ada.get(LIST)).text);
  assertEquals([over, more], [["3", "paid"], []]);
  const third = await ada.post(`${STATEMENTS}/lines/3/confirmation`, {});
  assertEquals(third.status, 303);
  const list = await ada.get(LIST);
  assertEquals(linesIn(list.text), []);
  for (const words of ["1 for you to decide", "Paid already: USD 890.00 more than that arrived."]) {
    assertStringIncludes(textOf(list.text), words);
  }
  assertStringIncludes(textOf((await ada.get("/admin")).text), "1 question of money waits for you");
  const page = textOf((await ada.get(`/admin/bookings/${refs[1]}`)).text);
  assertStringIncludes(page, "Paid already: USD 890.00 more than that arrived.");
  assertStringIncludes(page, "A payment waits for you: decide it first");
  const client = textOf((await (await world.signedIn("alice")).get(`/bookings/${refs[1]}`)).text);
  assertStringIncludes(
    client,
    "USD 890.00 more than that arrived. We look at it and write to you.",
  );
});

Deno.test("a single line is confirmed for the booking it names, or for another, or dismissed", async () => {
  await using desk = await openDesk();
  const { world, ada } = desk;
  const refs = [await awaited(world), await awaited(world)];
  const [short = "", nameless = ""] = refs;
  const unpaid = (await bookingIn(world.cast, "approved")).booking.reference;
  await upload(ada, csv(line(short, "100.00"), line("thank you"), line("rent"), line(unpaid)));
  const at = (id: number, act: string) => `${STATEMENTS}/lines/${id}/${act}`;

  assertEquals((await ada.fill(LIST, at(1, "confirmation"))).status, 303);
  const { booking, payments: [payment] } = await fileOf(world.db, short);
  assertEquals([booking.status, payment?.status, payment?.reason], [
    ...["payment_pending", "needs_review", "short"],
  ]);

  for (
    const [reference, sentence] of [
      ["CP2026ZZZZZZ", "There is no booking with this reference."],
      ["rent", "There is no booking with this reference."],
      [unpaid, "This booking was never to be paid this way."],
    ] as const
  ) {
    const send = () => ada.post(at(2, "confirmation"), { reference });
    const answer = await assertNothingWritten(world, send);
    assertEquals([reference, answer.status], [reference, 422]);
    assertStringIncludes(alertsIn(answer.text).join(), sentence);
  }
  const typed = nameless.toLowerCase().replaceAll("0", "o");
  assertEquals((await ada.post(at(2, "confirmation"), { reference: typed })).status, 303);
  assertEquals(await statusOf(world, nameless), "paid");
  assertEquals((await ada.fill(LIST, at(3, "dismissal"))).status, 303);
  assertEquals((await ada.post(at(3, "dismissal"), {})).status, 409);
  assertEquals((await ada.post(at(3, "confirmation"), { reference: nameless })).status, 409);
  assertEquals(linesIn((await ada.get(LIST)).text), [["4", "unpaid"]]);
  for (const id of ["99", "x", "%00"]) {
    await assertUnknown(ada, await ada.post(`${STATEMENTS}/lines/${id}/dismissal`, {}));
  }
});

Deno.test("what is no statement comes back with a sentence, and nothing is kept", async () => {
  await using desk = await openDesk();
  const { world, ada } = desk;
  await assertNothingWritten(world, async () => {
    for (
      const [text, sentence] of [
        ["", "This file is empty."],
        ["hello", "We find no columns"],
        [`<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>`, "document type"],
        ["x".repeat(MAX_STATEMENT + 1), "larger than 1 MB"],
      ] as const
    ) {
      const answer = await upload(ada, text);
      assertEquals([sentence, answer.status], [sentence, 422]);
      assertStringIncludes(alertsIn(answer.text).join(), sentence);
    }
    assertEquals((await ada.post(STATEMENTS, {})).status, 422);
    assertEquals((await upload(ada, "x".repeat(MAX_STATEMENT * 2))).status, 413);
    for (const line of [[], "x", ["1", "-1"]]) {
      assertEquals((await ada.post(`${STATEMENTS}/confirmation`, { line })).status, 422);
    }
  });
});

Deno.test("statements are for those who decide payments, and are nobody else's to see", async () => {
  await using desk = await openDesk();
  const { world, ada } = desk;
  const reference = await awaited(world);
  await upload(ada, csv(line(reference)));
  const { visitor: agent } = await world.hired("agent");
  const { visitor: manager } = await world.hired("manager");

  assertEquals(linesIn((await manager.get(LIST)).text), [["1", "exact"]]);
  assertEquals((await agent.get(LIST)).text.includes("statements"), false);
  assertEquals((await upload(agent, csv(line("rent")))).status, 403);
  for (const act of ["confirmation", "lines/1/confirmation", "lines/1/dismissal"]) {
    assertEquals((await agent.post(`${STATEMENTS}/${act}`, { line: "1" })).status, 403);
  }
  assertEquals(await statusOf(world, reference), "payment_pending");
});
