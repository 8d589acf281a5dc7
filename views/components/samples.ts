import type { Booking, BookingEvent } from "../../db/booking_moves.ts";
import type { ToldMail } from "../../db/booking_sides.ts";
import type { Status } from "../../db/booking_status.ts";
import type { Charts } from "../../db/charts.ts";
import type { Message } from "../../db/chat.ts";
import type { Payment } from "../../db/payments.ts";
import type { Service } from "../../db/services.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Invented rows for the page of components, around one instant. */
export const booking = (status: Status, now: number): Booking => ({
  ...{ id: 1, reference: "CP2026ABC123", idempotencyKey: "sample", accessToken: "sample" },
  ...{ userId: 1, serviceId: 1, serviceName: "Landing page", deliveryDays: 7, currency: "USD" },
  ...{ cataloguePriceMinor: 149_00, priceMinor: status === "pending" ? null : 149_00 },
  ...{ urgency: "medium", details: "A page for the spring fair.\nWith our opening hours." },
  ...{ clientName: "Grace Holm", clientEmail: "grace@holm.example", clientPhone: null },
  ...{ clientCompany: "Holm & Daughters", status, version: 2, approvalNote: null, heldAt: null },
  ...{ autoApproveAt: now + 52 * HOUR, attention: null, payBy: now + 3 * DAY, completedAt: null },
  ...{ assignedTo: null, createdAt: now - 3 * DAY, updatedAt: now - DAY },
});

export const events = (now: number): BookingEvent[] => [
  event({ version: 1, move: "submit", toStatus: "pending", at: now - 3 * DAY }),
  event({
    ...{ version: 2, move: "approve", fromStatus: "pending", toStatus: "approved" },
    ...{ actorKind: "admin", actorName: "Ada Novak", priceMinor: 149_00, at: now - DAY },
    note: "A second language is included.",
  }),
];

const event = (of: Partial<BookingEvent> & Pick<BookingEvent, "version" | "move" | "at">) => ({
  ...{ bookingId: 1, fromStatus: null, toStatus: "pending" as const, actorKind: "client" as const },
  ...{ actorId: 1, actorName: "Grace Holm", priceMinor: null, note: null, ...of },
});

export const payment = (
  status: Payment["status"],
  { now, ...of }: Partial<Payment> & { now: number },
): Payment => ({
  ...{
    id: `pay_${status}`,
    bookingId: 1,
    idempotencyKey: "sample",
    method: "bank",
    status,
    amountMinor: 149_00,
  },
  ...{ currency: "USD", receivedMinor: null, refundedMinor: 0, settledMinor: null, part: false },
  ...{ receivedOn: null, reference: null, reason: null, proofNote: null, proofFileId: null },
  ...{ providerRef: null, providerPayment: null, expiresAt: null, askedAt: null, closedAt: null },
  ...{
    disputedAt: null,
    network: null,
    usdtMicro: null,
    usdtAddress: null,
    usdtRate: null,
    usdtTx: null,
    createdAt: now - 2 * HOUR,
    updatedAt: now - HOUR,
  },
  ...of,
});

export const services: Service[] = [
  service("Landing page", 149_00, "One page with one goal: a launch, a campaign or a list."),
  service("Website relaunch", null, "A new site in place of the old one."),
  service("Barrierefreiheitsstärkungsgesetzberatung", 10_000_000_00, "The longest name we know."),
];

function service(name: string, priceMinor: number | null, summary: string): Service {
  return {
    ...{ id: 1, categoryId: 1, slug: "landing-page", name, summary, priceMinor, deliveryDays: 7 },
    ...{ description: "One page.", needs: "Your logo.", approvesItself: true },
    ...{ approveAfterHours: null, state: "active", position: 1 },
  };
}

export const files = [{ id: "sample", name: "offer.pdf", type: "application/pdf", size: 340_000 }];

export const messages = (now: number): Message[] => [
  message(1, { body: "Can you start on Monday?", createdAt: now - 3 * HOUR }),
  message(2, { ...ada, body: "Yes. See https://example.com/plan.", createdAt: now - 2 * HOUR }),
  message(3, { ...ada, body: "The offer as a file.", files, createdAt: now - 2 * HOUR + 60_000 }),
  message(4, { body: "Thank you.", editedAt: now, createdAt: now - HOUR }),
  message(5, { body: "", deletedAt: now, createdAt: now - HOUR }),
];

const ada = { authorKind: "admin", authorId: 1, authorName: "Ada Novak" } as const;
const message = (id: number, of: Partial<Message> & { createdAt: number }): Message => ({
  ...{ id, roomId: 1, authorKind: "client", authorId: 1, authorName: "Grace Holm" },
  ...{ clientId: `sample-${id}`, body: "", files: [], editedAt: null, deletedAt: null, ...of },
});

/** Who sent a file, and when. */
export const by = (now: number) => ({ author: "Ada Novak", at: now - HOUR });

export const mails = (now: number): ToldMail[] => [
  { id: 1, template: "booking_received", status: "sent", createdAt: now - 3 * DAY },
  { id: 2, template: "booking_approved", status: "queued", createdAt: now - DAY },
];

/** A transfer that waits for its last confirmations. */
export const quote = {
  facts: { confirmations: 12 },
  transfer: { confirmations: 7, removedAt: null },
};

/** Twelve weeks and months, rising and falling. */
export function charts(now: number): Charts {
  const twelve = Array.from({ length: 12 }, (_, at) => at);
  const spans = (length: number) =>
    twelve.map((at) => {
      const from = now - (12 - at) * length;
      return { day: new Date(from).toISOString().slice(0, 10), from, until: from + length };
    });
  return {
    ...{ weeks: spans(7 * DAY), months: spans(30 * DAY), currency: "USD" },
    bookings: twelve.map((at) => ({ open: at % 4, paid: 2 + at % 5, ended: at % 3 })),
    revenue: twelve.map((at) => 2000_00 + (at * 7 % 5) * 900_00),
    approvals: twelve.map((at) => ({ n: at, wait: at === 3 ? null : (8 + at * 5 % 11) * HOUR })),
    workload: [{ name: "Ada Novak", n: 7 }, { name: null, n: 3 }],
  };
}
