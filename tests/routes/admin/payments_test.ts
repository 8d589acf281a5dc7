import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { listEmailsOf } from "../../../db/email_lists.ts";
import { bookingIn, dump, fileOf, HOUR, NOW, OWNER } from "../../cast.ts";
import { alertsIn, elementsIn, linkIn, marksIn, textOf } from "../../marks.ts";
import { openWorld, type World } from "../../world.ts";

const LIST = "/admin/payments";
const LATER = NOW + HOUR;
const receipt = { amount: "890.00", received_on: "2026-03-02", reference: "Statement 7, line 3" };

/** The app an hour after a booking's bank transfer was begun, with Ada at her desk. */
async function openDesk() {
  const world = await openWorld();
  const transfer = await transferIn(world);
  world.time.now = LATER;
  const desk = { world, ada: await world.signedIn("ada"), ...transfer };
  return { ...desk, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() };
}

async function transferIn({ cast }: World) {
  const { booking: { reference }, payments } = await bookingIn(cast, "payment_pending");
  const path = `${LIST}/${payments[0]?.id}`;
  return {
    reference,
    id: payments[0]?.id ?? "",
    confirm: `${path}/confirmation`,
    refuse: `${path}/refusal`,
  };
}

/** The templates of the mails that the last hour's work caused. */
const mailsAfter = async ({ db }: World, reference: string) =>
  (await listEmailsOf(db, OWNER, reference)).filter(({ createdAt }) => createdAt === LATER)
    .map((mail) => mail.template);

async function standing({ db }: World, reference: string) {
  const { booking, payments } = await fileOf(db, reference);
  return [booking.status, ...payments.map((payment) => payment.status)];
}

Deno.test("the exact amount settles: booking paid, room open, receipt kept, client told and invited", async () => {
  await using desk = await openDesk();
  const { world, ada, reference, confirm } = desk;

  const answer = await ada.fill(LIST, confirm, receipt);
  assertEquals([answer.status, answer.location], [303, LIST]);
  assertEquals(await standing(world, reference), ["paid", "succeeded"]);
  const { payments: [payment], room, events } = await fileOf(world.db, reference);
  assertEquals([payment?.receivedMinor, payment?.receivedOn], [89_000, "2026-03-02"]);
  assertEquals([payment?.reference, room !== null], ["Statement 7, line 3", true]);
  assertEquals([events.at(-1)?.move, events.at(-1)?.actorId], [
    "confirm_payment",
    world.cast.ada.id,
  ]);
  assertEquals(await mailsAfter(world, reference), ["payment_received", "chat_invitation"]);
});

for (
  const [amount, words, minor] of [
    ["889.99", "USD 0.01 too little", 88_999],
    ["900", "USD 10.00 too much", 90_000],
  ] as const
) {
  Deno.test(`USD ${amount} for USD 890.00 waits for a decision, and the page says why`, async () => {
    await using desk = await openDesk();
    const { world, ada, reference, confirm } = desk;

    assertEquals((await ada.post(confirm, { ...receipt, amount })).status, 303);
    assertEquals(await standing(world, reference), ["payment_pending", "needs_review"]);
    const { payments: [payment], room } = await fileOf(world.db, reference);
    assertEquals([payment?.receivedMinor, room, await mailsAfter(world, reference)], [
      minor,
      null,
      [],
    ]);
    for (const path of [LIST, `/admin/bookings/${reference}`]) {
      assertStringIncludes(textOf((await ada.get(path)).text), words);
    }
    assertStringIncludes(textOf((await ada.get("/admin")).text), "1 question of money waits");

    assertEquals((await ada.post(confirm, receipt)).status, 303);
    assertEquals(await standing(world, reference), ["paid", "succeeded"]);
  });
}

Deno.test("a refused payment fails, the booking can be paid again, and the client is told why", async () => {
  await using desk = await openDesk();
  const { world, ada, reference, refuse } = desk;

  const answer = await ada.fill(LIST, refuse, { reason: "Nothing <came>." });
  assertEquals([answer.status, answer.location], [303, LIST]);
  assertEquals(await standing(world, reference), ["approved", "failed"]);
  assertEquals(await mailsAfter(world, reference), ["payment_refused"]);
  const mail = (await world.mails()).find(({ subject }) => subject.includes("did not arrive"));
  assertStringIncludes(mail?.text ?? "", "Nothing <came>.");
  assertStringIncludes(mail?.html ?? "", "Nothing &lt;came&gt;.");
  assertStringIncludes((await ada.get(LIST)).text, "Nothing &lt;came&gt;.");
});

Deno.test("a decided payment is not decided again: 409 with the page as it stands", async () => {
  await using desk = await openDesk();
  const { world, ada, reference } = desk;
  const other = await transferIn(world);
  await ada.post(desk.confirm, receipt);
  await ada.post(other.refuse, { reason: "Nothing came." });
  await world.mails();
  const before = await dump(world.db);

  for (const { confirm, refuse } of [desk, other]) {
    for (
      const [path, fields] of [[confirm, receipt], [refuse, { reason: "No." }], [
        refuse,
        {},
      ]] as const
    ) {
      for (const view of ["list", "page"]) {
        const answer = await ada.post(path, { ...fields, view });
        assertEquals([path, view, answer.status], [path, view, 409]);
        assertMatch(
          alertsIn(answer.text)[0] ?? "",
          /^This payment is \w+ already, so nothing was changed\.$/,
        );
        assert(!answer.text.includes(`action="${path}"`), "there is no form for it any more");
      }
    }
  }
  assertEquals(await dump(world.db), before);
  assertEquals(await standing(world, reference), ["paid", "succeeded"]);
});

Deno.test("confirmed and refused at once: one of them wins, the other is told", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  for (let round = 0; round < 5; round++) {
    const { reference, confirm, refuse } = await transferIn(world);
    const answers = await Promise.all([
      ada.post(confirm, receipt),
      ada.post(refuse, { reason: "Nothing came." }),
      ada.post(confirm, receipt),
    ]);
    assertEquals(answers.map((answer) => answer.status).sort(), [303, 409, 409]);
    const won = answers[1]?.status === 303 ? ["approved", "failed"] : ["paid", "succeeded"];
    assertEquals(await standing(world, reference), won);
  }
});

Deno.test("a form that is wrong is shown again with what was typed, and nothing is written", async () => {
  await using desk = await openDesk();
  const { world, ada, id, confirm, refuse } = desk;
  const before = await dump(world.db);
  const wrong: [path: string, fields: Record<string, string | string[]>][] = [
    ...["", " ", "0", "-1", "1e9", "1,000.5", "890.001", "1000000.00", "nine hundred"].map((
      amount,
    ) => [confirm, { ...receipt, amount }] as [string, Record<string, string>]),
    [confirm, {}],
    [confirm, { ...receipt, amount: ["890.00", "890.00"] }],
    ...["2026-02-30", "yesterday", "2027-03-02", "02.03.2026", "2026-03-02T00:00:00Z"].map((
      received_on,
    ) => [confirm, { ...receipt, received_on }] as [string, Record<string, string>]),
    [confirm, { ...receipt, received_on: ["2026-03-01", "2026-03-02"] }],
    [confirm, { ...receipt, reference: "x".repeat(141) }],
    ...[{}, { reason: "" }, { reason: " \n" }, { reason: "x".repeat(2001) }, { reason: ["a", "b"] }]
      .map((fields) => [refuse, fields] as [string, Record<string, string>]),
  ];
  for (const [path, fields] of wrong) {
    for (const view of ["list", "page"]) {
      const answer = await ada.post(path, { ...fields, view });
      assertEquals([fields, view, answer.status], [fields, view, 422]);
      assertMatch(alertsIn(answer.text)[0] ?? "", /(Write|Choose|The amount) .+\.$/);
      assertStringIncludes(answer.text, `data-payment-id="${id}"`);
    }
  }
  const typed = await ada.post(confirm, { ...receipt, amount: "8,90" });
  for (const value of ["8,90", "2026-03-02", "Statement 7, line 3"]) {
    assertStringIncludes(typed.text, `value="${value}"`);
  }
  assertEquals(await dump(world.db), before);
});

Deno.test("an unknown payment is not found, whatever is posted; strangers and clients are sent away", async () => {
  await using desk = await openDesk();
  const { world, ada, confirm, refuse } = desk;
  const unknown = (await ada.get("/admin/bookings/CP2026ZZZZZZ")).text;
  const before = await dump(world.db);
  for (const id of ["nope", "%00", "1", "x".repeat(300)]) {
    for (
      const [name, fields] of [["confirmation", receipt], ["confirmation", {}], [
        "refusal",
        {},
      ]] as const
    ) {
      const answer = await ada.post(`${LIST}/${id}/${name}`, fields);
      assertEquals([id, name, answer.status, answer.text === unknown], [id, name, 404, true]);
    }
  }
  assertEquals(await dump(world.db), before);

  for (const who of [world.stranger(), await world.signedIn("alice")]) {
    for (const path of [confirm, refuse]) {
      const answer = await who.post(path, { ...receipt, reason: "No." });
      assertEquals([answer.status, answer.location], [303, "/admin/sign-in"]);
    }
    assertEquals((await who.get(LIST)).status, 303);
  }
  assertEquals(await standing(world, desk.reference), ["payment_pending", "open"]);
});

Deno.test("what needs a person comes first, longest waiting first, with its marks and its forms", async () => {
  await using desk = await openDesk();
  const { world, ada, id } = desk;
  const paid = await bookingIn(world.cast, "paid", { now: NOW + 2 * HOUR });
  const later = await transferIn(world);
  const alice = await world.signedIn("alice");
  await alice.post(`/bookings/${later.reference}/payments/${later.id}/proof`, {
    note: "Sent <now>",
  });

  const page = await ada.get(LIST);
  const rows = elementsIn(page.text, "tr", "data-payment-id");
  assertEquals(marksIn(rows.join(), "data-payment-id"), [id, later.id, paid.payments[0]?.id]);
  assertEquals(marksIn(rows.join(), "data-payment-status"), ["open", "under_review", "succeeded"]);
  assertEquals(marksIn(rows.join(), "data-amount-minor"), ["89000", "89000", "89000"]);
  assertEquals(marksIn(rows.join(), "data-currency"), ["USD", "USD", "USD"]);
  assertEquals(rows.map((row) => elementsIn(row, "form", "action").length), [2, 2, 0]);
  assertStringIncludes(rows[1] ?? "", "Sent &lt;now&gt;");
  const part = await ada.get(LIST, { htmx: true });
  assertStringIncludes(page.text, part.text);
  assert(!part.text.includes("<html"));
});

Deno.test("paging shows each payment once, though many changed in the same millisecond", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const { id } = await transferIn(world);
  for (let at = 0; at < 45; at++) await bookingIn(world.cast, "paid");

  const first = await ada.get(`${LIST}?status=succeeded`);
  const second = await ada.get(linkIn(first.text, "Older") ?? "");
  const shown = [first, second].map(({ text }) => marksIn(text, "data-payment-id"));
  assertEquals(shown.map((ids) => ids.length), [40, 5]);
  assertEquals(new Set(shown.flat()).size, 45);
  assertEquals(linkIn(second.text, "Older"), null);
  assertEquals(marksIn((await ada.get(`${LIST}?status=open`)).text, "data-payment-id"), [id]);
  for (
    const search of ["status=nonsense", "before=nonsense", "before=1", "before=1.'", "status="]
  ) {
    const { status, text } = await ada.get(`${LIST}?${search}`);
    assertEquals([search, status, marksIn(text, "data-payment-id").length], [search, 200, 41]);
  }
});
