import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { findReceiptOf, type ReceiptFile } from "../../db/receipt_finders.ts";
import { findRefundFile } from "../../db/refund_finders.ts";
import { requestRefund } from "../../db/refunds.ts";
import { payments } from "../../db/schema.ts";
import { receiptPdf } from "../../views/receipt_pdf.ts";
import { sheetOf } from "../../views/receipt_words.ts";
import { bookingIn, fileOf, NOW, OWNER } from "../cast.ts";
import { linkIn, textOf } from "../marks.ts";
import { assertBothSizes, assertUnknown } from "../pages.ts";
import { openWorld, type World } from "../world.ts";

/** A booking of Alice's that was paid, and USD 90.00 of it sent back. */
async function partlyRefunded(world: World) {
  const { booking } = await bookingIn(world.cast, "in_progress");
  await world.db.update(payments).set({ method: "test" });
  const { payments: [payment] } = await fileOf(world.db, booking.reference);
  await requestRefund(world.db, await findRefundFile(world.db, OWNER, payment?.id ?? ""), {
    ...{ actor: world.cast.ada, now: NOW, amountMinor: 9_000 },
    ...{ reason: "One <b>page</b> less.", idempotencyKey: "once" },
  });
  // Any change that is accepted lets the jobs look what is due.
  await world.signedIn("bob");
  await world.mails();
  return booking;
}

Deno.test("receipt and credit note: a page in both sizes and a PDF, at every door of the booking", async () => {
  await using world = await openWorld();
  const { reference, accessToken } = await partlyRefunded(world);
  const doors = [
    { who: await world.signedIn("alice"), base: `/bookings/${reference}` },
    { who: await world.signedIn("ada"), base: `/admin/bookings/${reference}` },
    { who: world.stranger(), base: `/status/${accessToken}` },
  ];
  const pdfs: string[] = [];
  for (const { who, base } of doors) {
    const list = await who.get(base);
    assertEquals(linkIn(list.text, "Receipt R-000001"), `${base}/receipts/R-000001`);
    const page = await assertBothSizes(who, `${base}/receipts/R-000001`);
    const words = textOf(page.text);
    for (
      const word of ["Receipt R-000001", "2 March 2026", "USD 890.00", "Alice Meyer", reference]
    ) {
      assertStringIncludes(words, word);
    }
    assertEquals(linkIn(page.text, "Back to the booking"), base);

    const note = await assertBothSizes(who, `${base}/receipts/C-000001`);
    assertStringIncludes(textOf(note.text), "Sent back USD 90.00 Corrects Receipt R-000001");
    assertStringIncludes(note.text, "One &lt;b&gt;page&lt;/b&gt; less.");

    const link = linkIn(page.text, "Download as PDF") ?? "";
    const pdf = await who.get(link);
    assertEquals([link, pdf.status], [`${base}/receipts/R-000001.pdf`, 200]);
    assertEquals(pdf.headers.get("content-type"), "application/pdf");
    assertEquals(
      pdf.headers.get("content-disposition"),
      'attachment; filename="R-000001.pdf"',
    );
    assertEquals(pdf.headers.get("cache-control"), "private, no-store");
    assert(pdf.text.startsWith("%PDF-1."));
    pdfs.push(pdf.text);
    assertEquals((await who.get(`${base}/receipts/C-000001.pdf`)).status, 200);
  }
  assertEquals(new Set(pdfs).size, 1, "the same paper at every door");
});

Deno.test("T-IDOR: nobody reads a foreign receipt, and what is no receipt is not there", async () => {
  await using world = await openWorld();
  const { reference } = await partlyRefunded(world);
  const other = (await bookingIn(world.cast, "pending")).booking;
  const [alice, bob, ada] = await Promise.all([
    world.signedIn("alice"),
    world.signedIn("bob"),
    world.signedIn("ada"),
  ]);
  const agent = (await world.hired("agent")).visitor;
  for (const name of ["R-000001", "R-000001.pdf", "C-000001", "C-000001.pdf"]) {
    assertEquals((await alice.get(`/bookings/${reference}/receipts/${name}`)).status, 200);
    await assertUnknown(bob, await bob.get(`/bookings/${reference}/receipts/${name}`));
    await assertUnknown(agent, await agent.get(`/admin/bookings/${reference}/receipts/${name}`));
    await assertUnknown(alice, await alice.get(`/bookings/${other.reference}/receipts/${name}`));
    await assertUnknown(ada, await ada.get(`/admin/bookings/${other.reference}/receipts/${name}`));
    const guest = world.stranger();
    await assertUnknown(guest, await guest.get(`/status/${other.accessToken}/receipts/${name}`));
    const out = await guest.get(`/bookings/${reference}/receipts/${name}`);
    assertEquals([out.status, out.location.split("?")[0]], [303, "/sign-in"]);
  }
  const strange = ["R-000002", "C-000002", "R-1", "r-000001", "R-000001.PDF", "R-000001.pdf.exe"];
  for (const name of [...strange, "X-000001", "R-00000100000001", "..%2F", "%00", "1%20or%201=1"]) {
    const answer = await alice.get(`/bookings/${reference}/receipts/${name}`);
    assertEquals([name, answer.status], [name, 404]);
  }
});

Deno.test("receipts and refunds cost one round trip to read, and two to change", async () => {
  await using world = await openWorld({ slow: 15 });
  const { reference } = await partlyRefunded(world);
  const { payments: [payment] } = await fileOf(world.db, reference);
  const [alice, ada] = [await world.signedIn("alice"), await world.signedIn("ada")];
  const trips = async (status: number, ask: () => Promise<{ status: number }>) => {
    await world.trips.begin();
    const answer = await ask();
    assertEquals(answer.status, status);
    return world.trips.count();
  };
  const back = `/admin/payments/${payment?.id}/refund`;
  const base = `/bookings/${reference}`;
  for (const name of ["R-000001", "R-000001.pdf"]) {
    assertEquals([name, await trips(200, () => alice.get(`${base}/receipts/${name}`))], [name, 1]);
  }
  assertEquals(await trips(200, () => ada.get(back)), 1);
  const order = { amount: "90", reason: "Sorry.", idempotency_key: "twice" };
  assertEquals(await trips(303, () => ada.post(back, order)), 2);
  const end = { money: "refund_all", reason: "Sorry." };
  assertEquals(await trips(303, () => ada.post(`/admin${base}/cancellation`, end)), 2);
});

Deno.test("the PDF is one page and the same bytes each time, whatever the names and however long", async () => {
  await using world = await openWorld();
  const { booking } = await bookingIn(world.cast, "paid");
  const { payments: [payment] } = await fileOf(world.db, booking.reference);
  const file = await findReceiptOf(world.db, { paymentId: payment?.id ?? "" }) as ReceiptFile;
  const long = "Bundesverkehrswegeplanungsgesellschaft ".repeat(60);
  const buyers = [
    { name: "Łukasz Żółć 東京 مرحبا 🙂", email: "lukasz@northwind.example" },
    { name: long.slice(0, 100), email: `${"a".repeat(180)}@x.example`, company: "W".repeat(200) },
    { name: "\u202eevil", email: "", company: null },
  ];
  for (const buyer of buyers) {
    const receipt = { ...file.receipt, buyer, kind: "credit_note" as const };
    const strange = { ...file, receipt, reason: long, corrects: [1] };
    const [one, two] = [await receiptPdf(strange, "UTC"), await receiptPdf(strange, "UTC")];
    assertEquals(one, two);
    const text = new TextDecoder("latin1").decode(one);
    assertEquals(text.match(/\/Type \/Page\b/g)?.length, 1);
    assert(text.includes("(D:20260302"), "it is dated by the receipt");
  }
});

Deno.test("a receipt for USDT says what was asked for and at which rate; one for a transfer where it is found", async () => {
  await using world = await openWorld();
  const { booking } = await bookingIn(world.cast, "paid");
  const { payments: [payment] } = await fileOf(world.db, booking.reference);
  const file = await findReceiptOf(world.db, { paymentId: payment?.id ?? "" }) as ReceiptFile;
  const quote = { usdtMicro: 890_001_234, usdtRate: "1.0021", network: "tron" } as const;
  const usdt = sheetOf({ ...file, payment: { ...file.payment, method: "usdt", ...quote } }, "UTC");
  assertEquals(usdt.facts, [
    ["Paid by", "USDT"],
    ["In USDT", "890.001234 USDT asked for (TRC-20), at 1.0021 USDT for USD 1"],
  ]);
  const found = { receivedOn: "2026-03-01", reference: "Statement 7" };
  const bank = sheetOf({ ...file, payment: { ...file.payment, ...found } }, "Pacific/Kiritimati");
  assertEquals(bank.facts, [
    ["Paid by", "Bank transfer"],
    ["Value date", "1 March 2026"],
    ["Reference", "Statement 7"],
  ]);
  assertEquals([usdt.date, bank.date], ["2 March 2026", "2 March 2026"]);
  assertEquals(usdt.total, { label: "Received", amount: "USD 890.00" });
});
