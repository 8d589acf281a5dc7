import type { Status } from "../db/booking_status.ts";
import type { EmailStatus, PaymentStatus, ServiceState, Urgency } from "../db/schema.ts";
import { Icon } from "./layout.tsx";

type Tone = "soft" | "info" | "warn" | "good" | "accent" | "bad";
type Look = { icon: string; word: string; tone: Tone };

const bookings: Record<Status, Look> = {
  pending: { icon: "clock", word: "Pending", tone: "soft" },
  approved: { icon: "badge-check", word: "Approved", tone: "info" },
  payment_pending: { icon: "credit-card", word: "Payment pending", tone: "warn" },
  paid: { icon: "check", word: "Paid", tone: "good" },
  in_progress: { icon: "message-circle", word: "In progress", tone: "accent" },
  completed: { icon: "check-check", word: "Completed", tone: "good" },
  rejected: { icon: "x", word: "Rejected", tone: "soft" },
  cancelled: { icon: "x", word: "Cancelled", tone: "soft" },
  expired: { icon: "x", word: "Expired", tone: "soft" },
};

const paymentLooks: Record<PaymentStatus, Look> = {
  created: { icon: "clock", word: "Starting", tone: "soft" },
  open: { icon: "clock", word: "Waiting for the money", tone: "warn" },
  processing: { icon: "clock", word: "Processing", tone: "warn" },
  under_review: { icon: "search", word: "Being checked", tone: "warn" },
  succeeded: { icon: "check", word: "Paid", tone: "good" },
  failed: { icon: "x", word: "Failed", tone: "bad" },
  expired: { icon: "x", word: "Expired", tone: "soft" },
  voided: { icon: "x", word: "Replaced", tone: "soft" },
  needs_review: { icon: "triangle-alert", word: "Needs attention", tone: "bad" },
  refunded: { icon: "undo-2", word: "Refunded", tone: "soft" },
};

const urgencyLooks: Record<Urgency, Look> = {
  low: { icon: "chevron-down", word: "Low", tone: "soft" },
  medium: { icon: "minus", word: "Medium", tone: "soft" },
  high: { icon: "chevron-up", word: "High", tone: "warn" },
  urgent: { icon: "triangle-alert", word: "Urgent", tone: "bad" },
};

const mailLooks: Record<EmailStatus, Look> = {
  queued: { icon: "clock", word: "Queued", tone: "soft" },
  sending: { icon: "send", word: "Sending", tone: "info" },
  sent: { icon: "check", word: "Sent", tone: "good" },
  failed: { icon: "clock", word: "Failed, tried again", tone: "warn" },
  dead: { icon: "triangle-alert", word: "Dead", tone: "bad" },
};

const serviceLooks: Record<ServiceState, Look> = {
  active: { icon: "check", word: "Active", tone: "good" },
  hidden: { icon: "minus", word: "Hidden", tone: "soft" },
  archived: { icon: "x", word: "Archived", tone: "soft" },
};

/** The icons the sprite must hold for these. */
export const statusIcons = [bookings, paymentLooks, urgencyLooks, mailLooks, serviceLooks]
  .flatMap((looks) => Object.values(looks) as Look[]).map((look) => look.icon);

/** What a booking's element says about it, for scripts and checks. */
export const bookingMarks = ({ reference, status }: { reference: string; status: Status }) => ({
  "data-reference": reference,
  "data-status": status,
});

export const statusWord = (status: Status) => bookings[status].word;
export const paymentWord = (status: PaymentStatus) => paymentLooks[status].word;

export const BookingStatus = ({ status }: { status: Status }) => <Mark look={bookings[status]} />;
export const PaymentState = ({ status }: { status: PaymentStatus }) => (
  <Mark look={paymentLooks[status]} />
);
export const mailWord = (status: EmailStatus) => mailLooks[status].word;
export const MailState = ({ status }: { status: EmailStatus }) => <Mark look={mailLooks[status]} />;
export const serviceWord = (state: ServiceState) => serviceLooks[state].word;
export const ServiceMark = ({ state }: { state: ServiceState }) => (
  <Mark look={serviceLooks[state]} />
);
export const UrgencyMark = ({ urgency }: { urgency: Urgency }) => (
  <Mark look={urgencyLooks[urgency]} />
);

function Mark({ look }: { look: Look }) {
  return (
    <span class={`status ${look.tone}`}>
      <Icon name={look.icon} />
      {look.word}
    </span>
  );
}
