import type { ToldMail } from "../db/booking_sides.ts";
import type { Template } from "../db/schema.ts";

/** What each mail to a client was about; not those of an account, for a booking tells nobody whether there is one. */
const words: Partial<Record<Template, string>> = {
  booking_received: "we have your booking",
  booking_approved: "the price and how to pay",
  booking_rejected: "why we cannot take it",
  booking_cancelled: "it is cancelled",
  payment_instructions: "our bank details",
  payment_received: "your payment is here",
  payment_refused: "your payment did not arrive",
  payment_reminder: "a reminder to pay",
  refund_sent: "money on its way back",
  chat_invitation: "the chat is open",
  chat_unread: "new messages in the chat",
  booking_completed: "the work is done",
  booking_expired: "it ended unpaid",
  approval_delayed: "we are late",
  approval_revoked: "we look at it again",
};
const fates: [lead: string, statuses: ToldMail["status"][]][] = [
  ["Mailed to you", ["sent"]],
  ["On its way to you by e-mail", ["queued", "sending", "failed"]],
  ["Could not be mailed to you", ["dead"]],
];

/** "Mailed to you: the price and how to pay, our bank details": one line for each fate that a mail has. */
export function toldLines(mails: ToldMail[]): string[] {
  return fates.flatMap(([lead, statuses]) => {
    const about = mails.filter(({ status }) => statuses.includes(status))
      .map(({ template }) => words[template]).filter((word) => word !== undefined).toReversed();
    return about.length === 0 ? [] : [`${lead}: ${[...new Set(about)].join(", ")}`];
  });
}
