import { assert, assertEquals } from "@std/assert";
import type { InStatement } from "@libsql/client";
import { findBookingFor, listBookingsOf } from "../../db/booking_finders.ts";
import {
  type BookingFilter,
  listBookings,
  listOverdueApprovals,
  listUnpaid,
  readDashboard,
} from "../../db/booking_lists.ts";
import { findConversationFor } from "../../db/chat_finders.ts";
import { listAllMessagesAfter, listMessages, listMessagesAfter } from "../../db/chat.ts";
import type { Db } from "../../db/client.ts";
import { listEmailsOf } from "../../db/email_lists.ts";
import { claimEmails, listEmails } from "../../db/emails.ts";
import { listAttemptsOf } from "../../db/payment_finders.ts";
import { findPaymentFor, listPayments } from "../../db/payment_lists.ts";
import { findPerson } from "../../db/sessions.ts";
import { bookingIn, castIn, DAY, NOW, OWNER } from "../cast.ts";
import { openTestDatabase } from "../databases.ts";

type Plan = { sql: string; steps: string[] };

/** Runs `query` and returns the plans of all statements it sent. */
async function plansOf(db: Db, query: () => Promise<unknown>): Promise<Plan[]> {
  const client = db.$client;
  const { execute, batch } = client;
  const sent: InStatement[] = [];
  client.execute = (statement: InStatement | string) => {
    sent.push(statement);
    return execute.call(client, statement as string);
  };
  client.batch = (statements, mode) => {
    sent.push(...statements as InStatement[]);
    return batch.call(client, statements, mode);
  };
  try {
    await query();
  } finally {
    Object.assign(client, { execute, batch });
  }
  return await Promise.all(sent.map((statement) => explain(db, statement)));
}

async function explain(db: Db, statement: InStatement): Promise<Plan> {
  const { sql, args } = typeof statement === "string" ? { sql: statement, args: [] } : statement;
  const { rows } = await db.$client.execute({ sql: `explain query plan ${sql}`, args: args ?? [] });
  return { sql, steps: rows.map((row) => String(row.detail)) };
}

/**
 * A walk is fine where an index holds all that it reads, or where a limit ends it soon: nothing is left out
 * on the way, or, by time, only the few payments that wait for a person. Whose bookings somebody sees leaves
 * nothing out for those who see all.
 */
function isCheap(step: string, sql: string): boolean {
  if (!step.startsWith("SCAN")) return true;
  if (/USING COVERING INDEX|VIRTUAL TABLE INDEX/.test(step)) return true;
  const narrowed = /\bwhere (?!order|group)/.test(sql.replace(scope, ""));
  if (/\bgroup by\b/.test(sql) && /USING INDEX/.test(step)) return !narrowed;
  return /\blimit\b/.test(sql) && (!narrowed || /USING INDEX \w+_by_time$/.test(step));
}

const scope = /\(exists \(select 1 from "admins".*?'agent'\) or .*?= \?\)+ /;

const filters: Record<string, Partial<BookingFilter>> = {
  "nothing": {},
  "the oldest": { sort: "oldest" },
  "a page": { page: 5 },
  "a status": { status: "pending" },
  "an urgency": { urgency: "urgent" },
  "a service": { service: "landing-page" },
  "a status, further on": { status: "pending", page: 5 },
};
const searches: Record<string, Partial<BookingFilter>> = {
  "words": { q: "ali web" },
  "everything": { q: "ali", status: "pending", urgency: "low", service: "landing-page", page: 5 },
};

Deno.test("the queries behind pages, streams and jobs walk no table", async (t) => {
  await using database = await openTestDatabase("sqld");
  const { db } = database;
  const cast = await castIn(db);
  const { booking, payments } = await bookingIn(cast, "in_progress");
  const { id, reference, accessToken } = booking;
  const client = { kind: "client" as const, id: cast.alice.id as number };
  const guest = { kind: "guest" as const, token: accessToken };
  const list = (filter: Partial<BookingFilter>) =>
    listBookings(db, OWNER, { sort: "newest", ...filter });
  const queries: Record<string, () => Promise<unknown>> = {
    findBookingFor: () => findBookingFor(db, client, reference),
    "findBookingFor a guest": () => findBookingFor(db, guest, reference),
    listBookingsOf: () => listBookingsOf(db, client.id),
    readDashboard: () => readDashboard(db, OWNER, NOW),
    listOverdueApprovals: () => listOverdueApprovals(db, NOW, 50),
    listUnpaid: () => listUnpaid(db, NOW, 50),
    listMessages: () => listMessages(db, id),
    listMessagesAfter: () => listMessagesAfter(db, 1, { after: 0, limit: 50 }),
    listAllMessagesAfter: () => listAllMessagesAfter(db, 0, 50),
    findConversationFor: () => findConversationFor(db, client, { reference, before: 5 }),
    claimEmails: () => claimEmails(db, NOW + DAY),
    listEmails: () => listEmails(db, OWNER, {}),
    "listEmails by status": () => listEmails(db, OWNER, { status: "dead", before: 5 }),
    listEmailsOf: () => listEmailsOf(db, OWNER, reference),
    listPayments: () => listPayments(db, OWNER, {}),
    findPaymentFor: () => findPaymentFor(db, OWNER, payments[0]?.id ?? ""),
    listAttemptsOf: () => listAttemptsOf(db, client.id),
    findPerson: () => findPerson(db, "session", NOW),
  };
  for (const [by, filter] of Object.entries({ ...filters, ...searches })) {
    queries[`listBookings by ${by}`] = () => list(filter);
  }
  for (const [name, query] of Object.entries(queries)) {
    await t.step(name, async () => {
      const plans = await plansOf(db, query);
      assert(plans.length > 0);
      for (const { sql, steps } of plans) {
        assertEquals(steps.filter((step) => !isCheap(step, sql)), [], sql);
      }
    });
  }
  for (const [by, filter] of Object.entries(filters)) {
    await t.step(`listBookings by ${by} comes in order without sorting`, async () => {
      const [plan] = await plansOf(db, () => list(filter));
      assertEquals(plan?.steps.filter((step) => step.includes("ORDER BY")), []);
    });
  }
});
