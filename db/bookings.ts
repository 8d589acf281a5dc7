import { and, eq, getTableColumns, sql } from "drizzle-orm";
import { promiseNothing, refreshAttention } from "./attention.ts";
import type { Booking } from "./booking_moves.ts";
import { commit, type Db, isEmpty, isUnique, type Statement } from "./client.ts";
import { mailToAdmins, mailToClient } from "./emails.ts";
import { rowAsJson, rowOf } from "./json_rows.ts";
import { once, placeholders, writeOnce } from "./prepared.ts";
import { Problem } from "./problem.ts";
import { newReference } from "./reference.ts";
import { bookingEvents, serviceBookings, services, type Urgency, users } from "./schema.ts";
import type { Service } from "./services.ts";
import { randomToken } from "./tokens.ts";

/** How many bookings an address nobody has confirmed may have open at once. */
const OPEN_UNVERIFIED = 5;
const TRIES = 8;

export type BookingForm = {
  service: string;
  name: string;
  email: string;
  phone?: string;
  company?: string;
  urgency: Urgency;
  details: string;
  idempotency_key: string;
};
export type Submitted = Pick<Booking, "reference" | "accessToken" | "autoApproveAt">;
type NewBooking = Omit<Booking, "id" | "userId">;

type Submission = {
  form: BookingForm;
  /** The signed-in client; without one the account is found or made by the e-mail address. */
  userId?: number;
  /** The same while it is still being read: their account's address counts, whatever was typed. */
  client?: PromiseLike<{ id: number; email: string } | null>;
  currency: string;
  /** Hours until a booking of this urgency approves itself, where its service does not say. */
  approveAfter: (urgency: Urgency) => number;
  now: number;
  /** Makes the label; a test may make it repeat itself. */
  reference?: () => string;
};

/**
 * Takes a booking: the client's account (without a password where the address is new), the booking with a
 * snapshot of its service, the first event, a mail to the client and one to every admin. The same
 * idempotency key again returns the booking it made. Throws `invalid` for a service that cannot be booked and
 * `too_many` while an address that nobody confirmed has five open.
 */
export async function submitBooking(db: Db, submission: Submission): Promise<Submitted> {
  const [before, client] = await Promise.all([readBefore(db, submission.form), submission.client]);
  const order = client ? { ...submission, ...ofClient(submission.form, client) } : submission;
  const earlier = earlierOf(before, order.form);
  if (earlier) return earlier;
  return await submitNew(db, order, bookable(before));
}

const ofClient = (form: BookingForm, { id, email }: { id: number; email: string }) => ({
  userId: id,
  form: { ...form, email },
});

async function submitNew(db: Db, order: Submission, service: Service): Promise<Submitted> {
  const reference = order.reference ?? (() => newReference(order.now, randomBytes));
  for (let attempt = 1;; attempt++) {
    const booking = newBooking(order, service, reference());
    try {
      await commit(db, submitStatements(db, booking, order));
      return booking;
    } catch (error) {
      const full = isEmpty(error, "service_bookings.user_id");
      const twin = isUnique(error, "service_bookings.idempotency_key");
      const earlier = full || twin
        ? earlierOf(await readBefore(db, order.form), order.form)
        : undefined;
      if (earlier) return earlier;
      if (full) throw new Problem("too_many", tooManyOpen);
      if (attempt === TRIES || !isUnique(error, "service_bookings.reference")) throw error;
    }
  }
}

type Before = Awaited<ReturnType<typeof readBefore>>;

/** What a new booking must know, as one row: half the work of two lists. */
const beforeOf = once((db) => {
  const service = db.select({ row: rowAsJson(services) }).from(services)
    .where(and(eq(services.slug, sql.placeholder("service")), eq(services.state, "active")));
  const earlier = db.select({ row: rowAsJson(serviceBookings) }).from(serviceBookings)
    .where(eq(serviceBookings.idempotencyKey, sql.placeholder("key")));
  const columns = {
    service: sql<string | null>`(${service})`,
    earlier: sql<string | null>`(${earlier})`,
  };
  return db.select(columns).from(sql`(select 1)`).prepare();
});

async function readBefore(db: Db, { service, idempotency_key: key }: BookingForm) {
  const row = await beforeOf(db).get({ service, key });
  return {
    service: rowOf(services, row?.service),
    earlier: rowOf(serviceBookings, row?.earlier),
  };
}

/** The booking that this very form made before; nobody else's. */
function earlierOf({ earlier }: Before, form: BookingForm): Submitted | undefined {
  if (earlier && earlier.clientEmail !== form.email) throw new Problem("conflict", sentAlready);
  return earlier;
}

function bookable({ service }: Before): Service {
  if (service) return service;
  throw new Problem("invalid", "Choose one of the services on the list.", "service");
}

const sentAlready = "This form was sent already. Load the page again to book once more.";

const tooManyOpen = `There are ${OPEN_UNVERIFIED} open bookings for this address already. ` +
  "Claim your account with the link in one of their e-mails, then book again.";

function newBooking(submission: Submission, service: Service, reference: string): NewBooking {
  const { form, now } = submission;
  return {
    reference,
    idempotencyKey: form.idempotency_key,
    accessToken: randomToken(),
    serviceId: service.id,
    serviceName: service.name,
    cataloguePriceMinor: service.priceMinor,
    deliveryDays: service.deliveryDays,
    currency: submission.currency,
    urgency: form.urgency,
    details: form.details,
    clientName: form.name,
    clientEmail: form.email,
    clientPhone: form.phone || null,
    clientCompany: form.company || null,
    autoApproveAt: approvalTime(submission, service),
    ...{ status: "pending", version: 1, priceMinor: null, approvalNote: null, heldAt: null },
    attention: null,
    ...{ payBy: null, completedAt: null, assignedTo: null, createdAt: now, updatedAt: now },
  };
}

/** When it approves itself: fixed now, so that both sides read the same. */
function approvalTime(submission: Submission, service: Service): number | null {
  if (service.priceMinor === null || !service.approvesItself) return null;
  const hours = service.approveAfterHours ?? submission.approveAfter(submission.form.urgency);
  return submission.now + hours * 3_600_000;
}

function submitStatements(db: Db, booking: NewBooking, order: Submission): Statement[] {
  const { userId = null, now } = order;
  const { reference } = booking;
  const urgent = booking.urgency === "urgent";
  return [
    ...(userId === null ? [accountOf(db, booking)] : []),
    booked(db, { ...booking, userId }),
    refreshAttention(db, now, reference),
    submitted(db, booking),
    mailToClient(db, booking, { template: "booking_received", now }),
    mailToAdmins(booking, { template: urgent ? "urgent_booking" : "new_booking", now }),
    promiseNothing(reference),
  ];
}

const of = placeholders(...Object.keys(getTableColumns(serviceBookings)) as (keyof Booking)[]);

const accountOf = writeOnce((db) =>
  db.insert(users).values({
    ...{ name: of.clientName, email: of.clientEmail },
    ...{ phone: of.clientPhone, company: of.clientCompany, createdAt: of.createdAt },
  }).onConflictDoNothing()
);

const booked = writeOnce((db) =>
  db.insert(serviceBookings).values({
    ...of,
    id: undefined,
    userId: sql`coalesce(${of.userId}, ${accountWithRoom})`,
  })
);

/** The account of the address; nobody, which no booking takes, where the limit for unconfirmed addresses is reached. */
const accountWithRoom =
  sql`(select id from users where email = ${of.clientEmail} and (email_verified_at is not null or (
    select count(*) from service_bookings booking where booking.user_id = users.id
      and booking.status not in ('completed', 'rejected', 'cancelled', 'expired')
  ) < ${OPEN_UNVERIFIED}))`;

const submitted = writeOnce((db) => {
  const own = (column: string) =>
    sql`(select ${sql.identifier(column)} from service_bookings where reference = ${of.reference})`;
  return db.insert(bookingEvents).values({
    ...{ bookingId: own("id"), version: 1, move: "submit", toStatus: "pending" },
    ...{ actorKind: "client", actorId: own("user_id"), actorName: of.clientName },
    at: of.createdAt,
  });
});

const randomBytes = (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes);
