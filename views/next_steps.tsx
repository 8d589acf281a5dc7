import type { Booking } from "../db/booking_moves.ts";
import type { Payment } from "../db/payments.ts";
import { money } from "./format.tsx";

/** Where a booking stands, for the client who looks. */
export type Standing = {
  booking: Booking;
  /** The attempt to pay that is under way, or that a person must look at. */
  attempt: Payment | null;
  /** What is left of the price, in minor units, where parts of it came before. */
  due?: number | null;
  /** The booking's address for this client: their own, or the one with the guest's link. */
  base: string;
  /** When the work is due; null where no date was promised. */
  deliverBy?: number | null;
  /** Somebody without an account, who cannot open the chat yet. */
  guest?: { claimed: boolean };
};

/** Until when; and what is said in place of the text and "by" once that has passed. */
type Until = { instant: number; late?: string };
export type NextStep = {
  /** Who must act; nobody when the booking is over. */
  who: "you" | "we" | "nobody";
  text: string;
  /** The instant that the text ends with. */
  by?: Until;
  /** Ends with what the clock does to this booking. */
  promise?: Booking;
  action?: { label: string; href: string; quiet?: boolean };
};

/** The one thing that happens next, whichever state the booking is in. */
export function nextStepOf(standing: Standing): NextStep {
  const { status } = standing.booking;
  if (status === "pending") return review(standing.booking);
  if (status === "approved") return pay(standing);
  if (status === "payment_pending") return finishPaying(standing);
  if (status === "in_progress") return work(standing);
  if (status === "paid" || status === "completed") return talk(standing, ...talks[status]);
  const action = { label: "Book a service", href: "/book", quiet: true };
  return { who: "nobody", text: ends[status], action };
}

/** What happens next where the conversation is open. */
export const talks: Record<"paid" | "in_progress" | "completed", [NextStep["who"], string]> = {
  paid: ["you", "you say hello in the chat. Your first message starts the work"],
  in_progress: ["we", "we do the work. Talk to us in the chat at any time"],
  completed: ["nobody", "The work is done. You can still write to us in the chat"],
};
const ends: Record<"rejected" | "cancelled" | "expired", string> = {
  rejected: "We could not take this booking",
  cancelled: "This booking was cancelled",
  expired: "The price was not paid in time, so the booking has expired",
};

function review(booking: Booking): NextStep {
  const { heldAt, autoApproveAt, attention, cataloguePriceMinor } = booking;
  if (heldAt !== null) {
    return { who: "we", text: "we look into your booking more closely and then answer you" };
  }
  if (cataloguePriceMinor === null || autoApproveAt === null) {
    return { who: "we", text: "we review your booking and name a price" };
  }
  if (attention !== null) {
    return { who: "we", text: "one of us reviews your booking and answers you: no clock does" };
  }
  return { who: "we", text: "we review your booking. It is", promise: booking };
}

function pay(standing: Standing): NextStep {
  const { base } = standing;
  const price = priceOf(standing);
  const action = { label: `Pay ${price}`, href: `${base}/payment` };
  return { who: "you", text: `you pay ${price}`, by: payUntil(standing), action };
}

const payUntil = ({ booking: { payBy } }: Standing): Until | undefined =>
  payBy === null ? undefined : { instant: payBy };

function work(standing: Standing): NextStep {
  const { deliverBy = null } = standing;
  if (deliverBy === null) return talk(standing, ...talks.in_progress);
  const by = { instant: deliverBy, late: "we finish the work. It was due on" };
  return { ...talk(standing, "we", "we do the work"), by };
}

function finishPaying(standing: Standing): NextStep {
  const { attempt, base } = standing;
  if (attempt === null) return pay(standing);
  const href = `${base}/payments/${attempt.id}`;
  const ours = checks[attempt.status];
  if (ours) {
    return { who: "we", text: ours, action: { label: "See the payment", href, quiet: true } };
  }
  const price = priceOf(standing);
  const [text, label] = attempt.method === "bank"
    ? [`you transfer ${price} and tell us so`, "See the bank details"]
    : [`you finish paying ${price}`, "Continue the payment"];
  return { who: "you", text, by: payUntil(standing), action: { label, href } };
}

const checks: Partial<Record<Payment["status"], string>> = {
  processing: "we check your payment. You need not pay again",
  under_review: "we check your payment. You need not pay again",
  needs_review: "we look at what arrived, because it is not simply the price, and write to you",
};

/** The chat is behind the sign-in: a guest is led there, or first to an account. */
function talk({ booking, guest, base }: Standing, who: NextStep["who"], text: string): NextStep {
  const quiet = who !== "you";
  if (guest && !guest.claimed) {
    const action = { label: "Claim your account", href: `${base}#claim`, quiet };
    return { who, text: quiet ? text : `you claim your account. Then ${text}`, action };
  }
  const label = guest ? "Sign in to chat" : "Open the chat";
  return { who, text, action: { label, href: `/bookings/${booking.reference}/chat`, quiet } };
}

const priceOf = ({ booking: { priceMinor, currency }, due }: Standing) =>
  money(due ?? priceMinor ?? 0, currency);
