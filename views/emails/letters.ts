import type { Template } from "../../db/schema.ts";
import { fromNow } from "../format.tsx";
import { addressChange, passwordChanged } from "./account_letters.ts";
import {
  amount,
  at,
  type Letter,
  type LetterFacts,
  named,
  price,
  quoted,
  see,
} from "./letter_words.ts";
import { reminders } from "./reminders.ts";
import { staffLetters } from "./staff_letters.ts";

/** Every mail the product sends, by template. */
export const letters: Record<Template, (facts: LetterFacts) => Letter> = {
  booking_received: (facts) => ({
    subject: named(facts, `We have your booking: ${facts.params.serviceName}`),
    lines: [`Thank you. Your booking of ${facts.params.serviceName} is with us.`],
    action: see(facts),
    next: facts.params.autoApproveAt
      ? `We review it now. If you hear nothing, it is approved by itself ${
        fromNow(facts.params.autoApproveAt, facts.now)
      }, on ${at(facts, facts.params.autoApproveAt)}. You pay only after that.`
      : "We review it now and tell you the price. You pay only after that.",
  }),
  booking_approved: (facts) => ({
    subject: named(facts, `Approved at ${price(facts)}: ${facts.params.serviceName}`),
    lines: [
      `Your booking is approved at ${price(facts)}.`,
      ...quoted("A note from us", facts.params.note),
    ],
    action: { label: `Pay ${price(facts)}`, url: facts.links.pay },
    next: facts.params.payBy
      ? `The price stands until ${at(facts, facts.params.payBy)}.`
      : undefined,
  }),
  booking_rejected: (facts) => ({
    subject: named(facts, `We cannot take your booking: ${facts.params.serviceName}`),
    lines: ["We looked at your booking and cannot take it.", ...quoted("Why", facts.params.reason)],
    action: see(facts),
    next: "You pay nothing. You may book again with other details at any time.",
  }),
  booking_cancelled: (facts) => ({
    subject: named(facts, `Cancelled: ${facts.params.serviceName}`),
    lines: ["Your booking is cancelled.", ...quoted("Why", facts.params.reason)],
    action: see(facts),
    next: "There is nothing to pay. If you sent money already, answer this mail and we return it.",
  }),
  payment_instructions: (facts) => ({
    subject: named(facts, `How to pay ${price(facts)} by bank transfer`),
    lines: [
      `Transfer ${price(facts)} with these details. The reference tells us whose money it is.`,
    ],
    facts: facts.instructions,
    action: { label: "See the payment", url: facts.links.pay },
    next: "Once the money is here, we tell you and your conversation with us opens.",
  }),
  payment_received: (facts) => ({
    subject: named(facts, `Paid: ${facts.params.serviceName}`),
    lines: [`${amount(facts)} arrived. Your booking is paid.`],
    action: see(facts),
  }),
  payment_refused: (facts) => ({
    subject: named(facts, "Your payment did not arrive"),
    lines: ["We could not find your payment.", ...quoted("Why", facts.params.reason)],
    action: { label: `Pay ${price(facts)}`, url: facts.links.pay },
    next: "Your booking stands. You can pay again, in another way too.",
  }),
  chat_invitation: (facts) => ({
    subject: named(facts, `Let us talk: ${facts.params.serviceName}`),
    lines: ["Your conversation with us is open. Tell us what you would like us to know first."],
    action: { label: "Open the conversation", url: facts.links.chat },
    next: "The work is done and delivered in this conversation.",
  }),
  booking_completed: (facts) => ({
    subject: named(facts, `Completed: ${facts.params.serviceName}`),
    lines: ["The work is complete. Thank you for working with us."],
    action: see(facts),
    next: "If something is missing, write to us in the conversation within 14 days.",
  }),
  account_claim: (facts) => ({
    subject: named(facts, "Your link to choose a password"),
    lines: ["Choose a password to see all your bookings and to talk with us."],
    action: { label: "Choose a password", url: facts.links.token },
    next: "The link works for 7 days, once.",
  }),
  email_verification: (facts) =>
    addressChange(facts) ?? {
      subject: "Confirm your address",
      lines: ["Somebody, hopefully you, registered with this address."],
      action: { label: "Confirm this address", url: facts.links.token },
      next: "If it was not you, do nothing.",
    },
  password_reset: (facts) =>
    passwordChanged(facts) ?? {
      subject: "Choose a new password",
      lines: ["Somebody, hopefully you, asked for a new password."],
      action: { label: "Choose a new password", url: facts.links.token },
      next: "The link works for 30 minutes, once. If it was not you, do nothing.",
    },
  admin_invitation: (facts) => ({
    subject: `You are invited to ${facts.agency.name}`,
    lines: [`You are invited to work with ${facts.agency.name} as ${facts.params.role}.`],
    action: { label: "Accept the invitation", url: facts.links.token },
    next: "The link works for 72 hours, once.",
  }),
  new_booking: (facts) => ({
    subject: named(facts, `New booking: ${facts.params.serviceName}`),
    lines: [`${facts.params.clientName} booked ${facts.params.serviceName}.`],
    action: { label: "Review the booking", url: facts.links.review },
    next: facts.params.autoApproveAt
      ? `It approves itself on ${at(facts, facts.params.autoApproveAt)}.`
      : "It has no catalogue price and waits for yours.",
  }),
  urgent_booking: (facts) => ({
    subject: named(facts, `URGENT booking: ${facts.params.serviceName}`),
    lines: [`${facts.params.clientName} booked ${facts.params.serviceName} and needs it urgently.`],
    action: { label: "Review it now", url: facts.links.review },
    next: facts.params.autoApproveAt
      ? `It approves itself on ${at(facts, facts.params.autoApproveAt)}.`
      : "It has no catalogue price and waits for yours.",
  }),
  ...reminders,
  ...staffLetters,
};
