import type { Template } from "../../db/schema.ts";
import type { LetterFacts } from "./letter_words.ts";
import { isForStaff, letters, whyOf } from "./letters.ts";
import { type Frame, mailHtml, mailText } from "./mail.tsx";

type Place = {
  agency: LetterFacts["agency"] & Frame["agency"] & { currency: string };
  url: string;
  now: number;
};
type Params = LetterFacts["params"];

const DAY = 86_400_000;

/** What each mail says beside what is the same in all. */
const said: Partial<Record<Template, Params>> = {
  urgent_booking: { urgency: "urgent" },
  booking_approved: { note: "We begin with the text, so have your opening hours ready." },
  booking_rejected: { reason: "We do not build shops for this system." },
  booking_cancelled: { reason: "The fair was moved to autumn.", money: "all" },
  payment_received: { method: "stripe" },
  payment_refused: { reason: "The transfer named no reference." },
  refund_sent: { reason: "The fair was moved to autumn.", method: "stripe" },
  approval_revoked: { reason: "The price was for one language only." },
  chat_unread: { note: "The first draft is ready, have a look." },
  admin_invitation: { role: "manager" },
  approval_reminder: { reason: "price_changed" },
  staff_digest: { count: 3, list: "Urgent bookings to review: 1\nPayments to decide: 2" },
  payment_review: { reason: "short", amountMinor: 100_00 },
  refund_failed: { reason: "The card was closed." },
};

const aboutNoBooking: Template[] = [
  ...["email_verification", "password_reset", "admin_invitation", "staff_digest"] as const,
];

/** A mail as it would be, with invented facts and links that open nothing. */
export function sampleMail(template: Template, place: Place) {
  const letter = letters[template](factsOf(template, place));
  const frame = frameOf(template, place);
  return {
    subject: letter.subject,
    text: mailText(letter, frame),
    html: mailHtml(letter, frame),
  };
}

function factsOf(template: Template, { agency, url, now }: Place): LetterFacts {
  const status = `${url}/status/sample`;
  return {
    ...{ agency, now, known: true, open: true },
    params: { ...booked(template, agency.currency, now), ...said[template] },
    attached: { payment_received: "R-000123", refund_sent: "C-000045" }[template as string],
    links: {
      booking: status,
      pay: `${status}/payment`,
      chat: `${url}/bookings/CP2026ABC123/chat`,
      review: template === "staff_digest" ? `${url}/admin` : `${url}/admin/bookings/CP2026ABC123`,
      account: `${url}/account`,
      token: `${url}/sample-link-that-works-once`,
    },
    instructions: transfer(agency.name, agency.currency),
  };
}

function booked(template: Template, currency: string, now: number): Params {
  if (aboutNoBooking.includes(template)) return {};
  return {
    ...{ reference: "CP2026ABC123", serviceName: "Landing page", urgency: "medium", currency },
    ...{ priceMinor: 149_00, cataloguePriceMinor: 149_00, amountMinor: 149_00 },
    ...{ payBy: now + 7 * DAY, autoApproveAt: now + 4 * DAY, clientName: "Grace Holm" },
  };
}

const transfer = (name: string, currency: string): [string, string][] => [
  ["Account holder", name],
  ["IBAN", "DE02 1203 0000 0000 2020 51"],
  ["Amount", `${currency} 149.00`],
  ["Reference", "CP2026ABC123"],
];

function frameOf(template: Template, { agency, url }: Place): Frame {
  const staff = isForStaff({ template, params: {} });
  const booking = !aboutNoBooking.includes(template);
  return {
    agency,
    reference: booking ? "CP2026ABC123" : undefined,
    status: booking && !staff ? `${url}/status/sample` : undefined,
    why: whyOf({ template, params: {} }, agency),
  };
}
