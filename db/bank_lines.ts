import { and, asc, desc, eq, getTableColumns, inArray, isNull, type SQL, sql } from "drizzle-orm";
import { audited } from "./audit.ts";
import type { Booking, Change } from "./booking_moves.ts";
import { commit, type Db, isEmpty, type Statement } from "./client.ts";
import type { Payment } from "./payments.ts";
import { lastOf } from "./payment_targets.ts";
import { notFound, Problem } from "./problem.ts";
import { bankLines, payments, type PaymentStatus, serviceBookings } from "./schema.ts";
import { seesAll, type Viewer } from "./viewers.ts";

export type BankLine = typeof bankLines.$inferSelect;
/** A line that waits for a decision, with the booking it names and that one's last transfer, awaited or not. */
export type OpenLine = { line: BankLine; booking: Booking | null; payment: Payment | null };

const SHOWN = 100;

/** The lines that wait for a decision of `viewer`, what fits exactly first: query for a batch. */
export const openLines = (db: Db, viewer: Viewer) =>
  filed(db).where(linesFor(viewer)).orderBy(desc(fits), asc(bankLines.id)).limit(SHOWN);

/** These lines as they stand, if they wait still. */
export async function findOpenLines(db: Db, viewer: Viewer, ids: number[]): Promise<OpenLine[]> {
  return await filed(db).where(linesFor(viewer, inArray(bankLines.id, ids.slice(0, SHOWN))))
    .orderBy(asc(bankLines.id));
}

/** One line, decided or not, with what it names. Throws `not_found`. */
export async function findLine(db: Db, viewer: Viewer, id: number): Promise<OpenLine> {
  const found = await filed(db).where(and(eq(bankLines.id, id), linesSeenBy(viewer))).get();
  if (!found) throw notFound();
  return found;
}

/** What a transfer may still be confirmed for, as an admin would by hand. */
const awaited: PaymentStatus[] = ["created", "open", "under_review"];
export const isAwaited = ({ status }: Payment) => awaited.includes(status);

/** Over, with no money. */
const isEnded = ({ status }: Payment) => ["voided", "failed", "expired"].includes(status);

/** Whether a line pays exactly what is awaited for the booking that it names. */
export const isExact = ({ line, payment }: OpenLine): boolean =>
  payment !== null && isAwaited(payment) && payment.amountMinor === line.amountMinor &&
  payment.currency === line.currency;

/** How a line stands to what its words name, for those who decide it. */
export type Verdict =
  | "exact"
  | "amount"
  | "currency"
  /** Its transfer was replaced, refused or never made: what comes now is taken all the same. */
  | "ended"
  /** What came before waits for a decision. */
  | "decide"
  /** Confirmed by hand or by another line: either the same money, or it came twice. */
  | "paid"
  | "unpaid"
  | "unknown";

export function verdictOf(open: OpenLine): Verdict {
  const { line, booking, payment } = open;
  if (!booking) return "unknown";
  if (!payment) return "unpaid";
  if (payment.currency !== line.currency) return "currency";
  if (isAwaited(payment)) return isExact(open) ? "exact" : "amount";
  if (payment.status === "needs_review") return "decide";
  return isEnded(payment) ? "ended" : "paid";
}

const fits = sql`${inArray(payments.status, awaited)} and ${payments.amountMinor} =
  ${bankLines.amountMinor} and ${payments.currency} = ${bankLines.currency}`;

export const lineWaits = and(isNull(bankLines.confirmedAt), isNull(bankLines.dismissedAt));

/** A statement tells of everybody's money: those see it who see all bookings. */
const linesSeenBy = (viewer: Viewer) => viewer.kind === "admin" ? seesAll(viewer.id) : sql`false`;

/** Which lines wait for a decision of `viewer`. */
export const linesFor = (viewer: Viewer, chosen?: SQL) =>
  and(lineWaits, chosen, linesSeenBy(viewer));

const filed = (db: Db) =>
  db.select({
    line: getTableColumns(bankLines),
    booking: getTableColumns(serviceBookings),
    payment: getTableColumns(payments),
  }).from(bankLines)
    .leftJoin(serviceBookings, eq(serviceBookings.id, bankLines.bookingId))
    .leftJoin(payments, lastOf("bank", bankLines.bookingId)).$dynamic();

/** The write that settles a line with a payment, for the batch that confirms it; it fails if it was decided. */
export const claimLine = (line: BankLine, payment: Payment, now: number): Statement => ({
  sql:
    `update bank_lines set key = case when confirmed_at is null and dismissed_at is null then key end,
    payment_id = ?, confirmed_at = ? where id = ?`,
  args: [payment.id, now, line.id],
});

/** Runs what confirms a line. Throws `conflict` when somebody decided it meanwhile. */
export async function orDecided<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isEmpty(error, "bank_lines.key")) throw error;
    throw decided();
  }
}

export const decided = () =>
  new Problem("conflict", "Somebody decided this line a moment ago. Nothing was done twice.");

/** The line has nothing to do with a booking: it is not shown again. Throws `conflict` when it is decided. */
export async function dismissLine(db: Db, line: BankLine, by: Change) {
  const { amountMinor, currency, receivedOn } = line;
  await orDecided(() =>
    commit(db, [
      {
        sql: `update bank_lines set key = case when confirmed_at is null and dismissed_at is null
          then key end, dismissed_at = ? where id = ?`,
        args: [by.now, line.id],
      },
      audited(db, by, {
        action: "statement.dismiss",
        subject: `line ${line.id}`,
        before: { amountMinor, currency, receivedOn },
      }),
    ])
  );
}
