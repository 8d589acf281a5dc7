import { assert, assertEquals, assertRejects } from "@std/assert";
import { asc, eq } from "drizzle-orm";
import type { BookingFile } from "../../db/booking_finders.ts";
import type { Db } from "../../db/client.ts";
import { findReceiptFor, findReceiptOf, type ReceiptFile } from "../../db/receipt_finders.ts";
import { keepSeller } from "../../db/receipts.ts";
import { payments, receipts, settings } from "../../db/schema.ts";
import { takeNotice } from "../../db/payment_notices.ts";
import { askForRest } from "../../db/payment_parts.ts";
import { bookingIn, castIn, fileOf, manyBookings, NOW, openCast, OWNER } from "../cast.ts";
import { again, paying, standing, told } from "../ledger.ts";
import { eachDatabase, openTestDatabase } from "../databases.ts";
import { assertProblem, winnersOf } from "../problems.ts";
import { verbs } from "../verbs.ts";
import { atOnce } from "./processes_at_once.ts";

const numbersIn = async (db: Db) =>
  (await db.select().from(receipts).orderBy(asc(receipts.number))).map(({ number }) => number);
const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

eachDatabase("a settled payment has one receipt, with what stood on it that day", async (db) => {
  const cast = await castIn(db);
  await keepSeller(db, { name: "The <Agency>", email: "hello@agency.example" });
  const { booking, payments: [payment], receipts: [receipt] } = await bookingIn(cast, "completed");
  await keepSeller(db, { name: "Renamed", email: "new@agency.example" });

  const file = await findReceiptOf(db, { paymentId: payment?.id ?? "" });
  assertEquals(file?.receipt, receipt);
  const { kind, number, seller, buyer, ...sum } = (file as ReceiptFile).receipt;
  assertEquals([kind, number, sum.amountMinor], ["receipt", 1, booking.priceMinor]);
  assertEquals([sum.currency, sum.serviceName], ["USD", booking.serviceName]);
  assertEquals(seller, { name: "The <Agency>", email: "hello@agency.example" });
  assertEquals(buyer, { name: "Alice Meyer", email: "alice@northwind.example", company: null });
  assertEquals([file?.corrects, file?.reason], [[], null]);

  await bookingIn(cast, "paid");
  const [, second] = await db.select().from(receipts).orderBy(asc(receipts.number));
  assertEquals([second?.number, second?.seller.name], [2, "Renamed"]);
});

Deno.test("before any start there is a seller, and a start names its own", async () => {
  await using database = await openTestDatabase();
  const { db } = database;
  const kept = async () => {
    const row = await db.select().from(settings).where(eq(settings.key, "seller")).get();
    return JSON.parse(row?.value ?? "");
  };
  assertEquals(await kept(), { name: "ConnectPro", email: "hello@connectpro.example" });
  for (const name of ["The Agency", "The Agency", "Renamed"]) {
    await keepSeller(db, { name, email: "hello@agency.example" });
    assertEquals(await kept(), { name, email: "hello@agency.example" });
  }
});

Deno.test("a receipt is never changed and never deleted", async () => {
  await using database = await openTestDatabase();
  const { db } = database;
  await bookingIn(await castIn(db), "paid");
  for (const sql of ["update receipts set amount_minor = 1", "delete from receipts"]) {
    await assertRejects(() => db.$client.execute(sql), Error, "receipts is append-only");
  }
  assertEquals(await numbersIn(db), [1]);
});

Deno.test("a settlement that fails leaves no gap behind", async () => {
  await using cast = await openCast();
  const { db } = cast;
  const by = { actor: cast.ada, now: NOW };
  const stale = await bookingIn(cast, "payment_pending");
  await verbs.confirm_payment(db, stale, by);
  await assertProblem(verbs.confirm_payment(db, stale, by) as Promise<unknown>, "conflict");
  await bookingIn(cast, "paid");
  assertEquals(await numbersIn(db), [1, 2]);
});

Deno.test("each sum that came has its receipt once, and each that went back its credit note", async () => {
  await using cast = await openCast();
  const { db } = cast;
  const { payment } = await paying(cast);
  const tell = (over: Parameters<typeof told>[1]) => takeNotice(db, told(payment, over), NOW);
  const papers = async () =>
    (await db.select().from(receipts)).map(({ kind, number, amountMinor }) =>
      `${kind} ${number}: ${amountMinor}`
    );

  await tell({ amount: 10_000, providerPayment: "one" });
  assertEquals(await papers(), [], "it waits for a decision");
  const { file } = await again(db, payment);
  const repair = { ...file, payment: file.payments[0] as typeof payment };
  await askForRest(db, repair, { actor: cast.ada, now: NOW, note: "The rest, please." });
  await tell({ amount: 79_000, providerPayment: "two" });
  assertEquals(await standing(db, payment), "paid succeeded");
  assertEquals(await tell({ amount: 500, providerPayment: "three" }), "doubled");
  await tell({ outcome: "refunded", amount: 500, providerPayment: "three" });
  assertEquals(await papers(), [
    ...["receipt 1: 10000", "receipt 2: 79000", "receipt 3: 500", "credit_note 1: 500"],
  ]);
  const [note] = (await again(db, payment)).file.refunds;
  const found = await findReceiptOf(db, { refundId: note?.id ?? "" });
  assertEquals([found?.receipt.kind, found?.corrects], ["credit_note", [1, 2, 3]]);
  assertEquals((await findReceiptOf(db, { paymentId: payment.id }))?.receipt.number, 3);
});

eachDatabase("settlements at once take numbers without a gap and none twice", async (db) => {
  const cast = await castIn(db);
  const files: BookingFile[] = [];
  for (let n = 0; n < 6; n++) files.push(await bookingIn(cast, "payment_pending"));
  const settle = () =>
    files.map((file) => verbs.confirm_payment(db, file, { actor: cast.ada, now: NOW }));
  assertEquals(await winnersOf([...settle(), ...settle()]), 6);
  assertEquals(await numbersIn(db), upTo(6));
});

Deno.test("two processes settle the same 20 bookings: receipts 1 to 20", async () => {
  await using database = await openTestDatabase();
  const { db, url } = database;
  const cast = await castIn(db);
  const references = await manyBookings(cast, 20);
  for (const reference of references) {
    const by = { now: NOW, actor: cast.ada };
    await verbs.approve(db, await fileOf(db, reference), by);
    await verbs.start_payment(db, await fileOf(db, reference), { ...by, actor: cast.alice });
  }
  const won = await atOnce("confirmPayments", { url, argument: references.join(",") });
  assertEquals(won.reduce((sum, count) => sum + count, 0), 20);
  assertEquals(await numbersIn(db), upTo(20));
  const paid = await db.select().from(payments).where(eq(payments.status, "succeeded"));
  assertEquals(paid.length, 20);
});

Deno.test("T-IDOR: whoever may not see a booking does not find its receipt", async () => {
  await using cast = await openCast();
  const { db } = cast;
  const { booking } = await bookingIn(cast, "paid");
  const other = await bookingIn(cast, "pending");
  const name = { kind: "receipt", number: 1 } as const;
  const at = { reference: booking.reference, ...name };
  const alice = { kind: "client", id: cast.alice.id as number } as const;
  const bob = { kind: "client", id: cast.bob.id as number } as const;
  const guest = (token: string) => ({ kind: "guest", token }) as const;

  for (const viewer of [alice, OWNER, guest(booking.accessToken)]) {
    assertEquals((await findReceiptFor(db, viewer, at)).receipt.number, 1);
  }
  for (const viewer of [bob, guest(other.booking.accessToken), guest("none")]) {
    await assertProblem(findReceiptFor(db, viewer, at), "not_found");
  }
  const wrong = [
    { ...at, reference: other.booking.reference },
    { ...at, number: 2 },
    { ...at, kind: "credit_note" as const },
  ];
  for (const place of wrong) {
    await assertProblem(findReceiptFor(db, alice, place), "not_found");
  }
  assert(await findReceiptOf(db, { refundId: "none" }) === undefined);
});
