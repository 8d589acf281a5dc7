import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { parse } from "csv-parse/sync";
import { eq } from "drizzle-orm";
import type { Payment } from "../../../db/payments.ts";
import { payments, serviceBookings } from "../../../db/schema.ts";
import { startOfDay } from "../../../routes/admin/days.ts";
import { assignBooking } from "../../../db/assignments.ts";
import { bookingIn, DAY, HOUR, NOW } from "../../cast.ts";
import { elementsIn, linkIn, marksIn, textOf } from "../../marks.ts";
import type { Visitor } from "../../visitor.ts";
import { openWorld } from "../../world.ts";

const LIST = "/admin/payments";
const EXPORT = `${LIST}/export.csv`;

/** A paid booking today, one of yesterday, and a transfer that is awaited. */
async function openDesk() {
  const world = await openWorld({ env: { AGENCY_TIMEZONE: "Europe/Berlin" } });
  const [today, yesterday, open] = [
    await bookingIn(world.cast, "paid"),
    await bookingIn(world.cast, "paid", { now: NOW - DAY }),
    await bookingIn(world.cast, "payment_pending"),
  ];
  const ids = [today, yesterday, open].map(({ payments }) => payments[0]?.id ?? "");
  const ada = await world.signedIn("ada");
  const close = () => world[Symbol.asyncDispose]();
  return {
    world,
    ada,
    ids,
    references: [today, yesterday, open].map(refOf),
    [Symbol.asyncDispose]: close,
  };
}

const refOf = ({ booking }: { booking: { reference: string } }) => booking.reference;

async function found(who: Visitor, search: string) {
  return marksIn((await who.get(`${LIST}?${search}`)).text, "data-payment-id");
}

async function exported(who: Visitor, search = "") {
  const answer = await who.get(`${EXPORT}${search}`);
  const rows: Record<string, string>[] = parse(answer.text, { columns: true, bom: true });
  return { answer, rows };
}

Deno.test("the list is narrowed by status, method, days of the agency's clock and reference", async () => {
  await using desk = await openDesk();
  const { world, ada, ids: [today = "", yesterday = "", open = ""], references } = desk;
  await world.db.update(payments).set({ method: "stripe" }).where(eq(payments.id, yesterday));

  const cases: [string, string[]][] = [
    ["", [open, today, yesterday]],
    ["status=succeeded", [today, yesterday]],
    ["method=bank", [open, today]],
    ["method=stripe&status=succeeded", [yesterday]],
    ["method=paypal", []],
    ["from=2026-03-02", [open, today]],
    ["to=2026-03-01", [yesterday]],
    ["from=2026-03-01&to=2026-03-02&status=succeeded", [today, yesterday]],
    [`q=${references[1]?.toLowerCase()}`, [yesterday]],
    ["q=CP2026ZZZZZZ", []],
    ["q=nonsense", []],
    ["method=doge&from=yesterday&to=02.03.2026", [open, today, yesterday]],
  ];
  for (const [search, expected] of cases) {
    assertEquals([search, await found(ada, search)], [search, expected]);
    const { rows } = await exported(ada, `?${search}`);
    assertEquals([search, rows.map(({ payment }) => payment).sort()], [
      search,
      expected.toSorted(),
    ]);
  }
});

Deno.test("a day is as long as the agency's clocks make it", () => {
  const berlin = (date: string) =>
    [0, 1].map((days) => new Date(startOfDay(date, "Europe/Berlin", days)).toISOString());
  assertEquals(berlin("2026-03-02"), ["2026-03-01T23:00:00.000Z", "2026-03-02T23:00:00.000Z"]);
  assertEquals(berlin("2026-03-29"), ["2026-03-28T23:00:00.000Z", "2026-03-29T22:00:00.000Z"]);
  assertEquals(berlin("2026-10-25"), ["2026-10-24T22:00:00.000Z", "2026-10-25T23:00:00.000Z"]);
  assertEquals(startOfDay("2026-03-02", "UTC"), Date.UTC(2026, 2, 2));
  assertEquals(startOfDay("2026-03-02", "America/St_Johns"), Date.UTC(2026, 2, 2, 3, 30));
});

Deno.test("sums per status and currency are those of what is shown, on every page", async () => {
  await using desk = await openDesk();
  const { world, ada, ids: [, yesterday = ""] } = desk;
  await world.db.update(payments).set({ currency: "JPY", amountMinor: 500 })
    .where(eq(payments.id, yesterday));
  const sums = async (who: Visitor, search: string) =>
    elementsIn((await who.get(`${LIST}?${search}`)).text, "tr", "data-sum-status").map(textOf);

  assertEquals(await sums(ada, ""), [
    "Waiting for the money 1 USD 890.00 USD 0.00 USD 0.00",
    "Paid 1 JPY 500 JPY 89,000 JPY 0",
    "Paid 1 USD 890.00 USD 890.00 USD 0.00",
  ]);
  assertEquals(await sums(ada, "status=succeeded&before=1.x"), [
    "Paid 1 JPY 500 JPY 89,000 JPY 0",
    "Paid 1 USD 890.00 USD 890.00 USD 0.00",
  ]);
  assertEquals(await sums(ada, "method=paypal"), []);
  const { visitor: agent } = await world.hired("agent");
  assertEquals(await sums(agent, ""), []);
});

Deno.test("T-CSV: what a table program would take for a formula comes as text", async () => {
  await using desk = await openDesk();
  const { world, ada, ids } = desk;
  const formulas = ["=1+1", "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", 'x","=1', "=1\n=2"];
  const bookings = [];
  for (const clientName of formulas) {
    const { booking } = await bookingIn(world.cast, "payment_pending", { now: NOW + HOUR });
    bookings.push(booking.id);
    await world.db.$client.execute({
      sql: "update service_bookings set client_name = ? where id = ?",
      args: [clientName, booking.id],
    });
    await world.db.update(payments).set({ reference: clientName })
      .where(eq(payments.bookingId, booking.id));
  }

  const { answer, rows } = await exported(ada);
  assertEquals([answer.status, answer.headers.get("content-type")], [
    200,
    "text/csv; charset=utf-8",
  ]);
  assertStringIncludes(answer.headers.get("content-disposition") ?? "", "payments-2026-03-02.csv");
  assertEquals(rows.length, ids.length + formulas.length);
  for (const row of rows) {
    for (const cell of Object.values(row)) assert(!/^[=+\-@\t\r]/.test(cell), JSON.stringify(cell));
  }
  const names = rows.map(({ client }) => client?.replace(/^'/, ""));
  for (const name of formulas) assert(names.includes(name), JSON.stringify(name));
  const paid = rows.find(({ payment }) => payment === ids[0]);
  assertEquals([paid?.currency, paid?.asked_for, paid?.came_in, paid?.sent_back], [
    ...["USD", "890.00", "890.00", "0.00"],
  ]);
  assertEquals(paid?.changed_at, "2026-03-02T09:03:00.000Z");
  assertEquals(
    (await world.db.select().from(serviceBookings)).length,
    ids.length + formulas.length,
  );
});

Deno.test("an export of several pieces holds each payment once, and only for who decides payments", async () => {
  await using desk = await openDesk();
  const { world, ada, ids: [today = ""] } = desk;
  const row = await world.db.select().from(payments).where(eq(payments.id, today)).get() as Payment;
  const many = Array.from({ length: 1100 }, (_, n) => ({
    ...{ ...row, id: `copy-${n}`, idempotencyKey: `copy-${n}`, status: "voided" as const },
    updatedAt: NOW + (n % 3),
  }));
  await world.db.insert(payments).values(many);

  const { rows } = await exported(ada, "?status=voided");
  assertEquals([rows.length, new Set(rows.map(({ payment }) => payment)).size], [1100, 1100]);
  assertEquals(
    linkIn((await ada.get(`${LIST}?status=voided`)).text, "Download these as CSV"),
    `${EXPORT}?status=voided`,
  );
  const { visitor: agent, id } = await world.hired("agent");
  const { booking } = await bookingIn(world.cast, "paid");
  await assignBooking(world.db, booking, { adminId: id, actor: world.cast.ada, now: NOW });
  const page = await agent.get(LIST);
  assertEquals([page.status, page.text.includes("export.csv")], [200, false]);
  assertEquals((await agent.get(EXPORT)).status, 403);
  const signedOut = await world.stranger().get(EXPORT);
  assertEquals([signedOut.status, signedOut.location.startsWith("/admin/sign-in")], [303, true]);
});

Deno.test("the page begins with what waits and what may be uploaded; a search shows payments alone", async () => {
  await using desk = await openDesk();
  const page = textOf((await desk.ada.get(LIST)).text);
  for (const words of ["1 for you to decide", "Upload a bank statement", "All others", "Sums"]) {
    assertStringIncludes(page, words);
  }
  const narrowed = textOf((await desk.ada.get(`${LIST}?status=succeeded`)).text);
  assertEquals(narrowed.includes("Upload a bank statement"), false);
});
