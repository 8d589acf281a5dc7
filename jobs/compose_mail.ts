import type { DueEmail } from "../db/emails.ts";
import type { Role, Template } from "../db/schema.ts";
import { randomToken, storeToken, type Token } from "../db/tokens.ts";
import type { LetterFacts } from "../views/emails/letter_words.ts";
import { letters } from "../views/emails/letters.ts";
import { mailHtml, mailText } from "../views/emails/mail.tsx";
import type { Mail } from "./gateways/mail.ts";
import type { Post } from "./send_emails.ts";

/** Templates whose button carries a one-time link, and where it leads. */
const oneTime: Partial<Record<Template, { purpose: Token["purpose"]; path: string }>> = {
  account_claim: { purpose: "claim", path: "/claim" },
  email_verification: { purpose: "verify", path: "/verify-email" },
  password_reset: { purpose: "reset", path: "/reset-password" },
  admin_invitation: { purpose: "invitation", path: "/admin/register" },
};

const forStaff: Template[] = [
  "new_booking",
  "urgent_booking",
  "admin_invitation",
  "approval_reminder",
  "staff_digest",
  "payment_review",
  "refund_failed",
];

/**
 * A due row as a mail. One-time links are made here and stored only as hashes, so that neither the outbox nor
 * a log ever holds one; every try makes its own.
 */
export async function composeMail(post: Post, due: DueEmail, now: number): Promise<Mail> {
  const { email, booking } = due;
  const { agency, url, mail } = post.config;
  const letter = letters[email.template](await factsFor(post, due, now));
  const staff = forStaff.includes(email.template) || email.params.staff === 1;
  const frame = {
    agency,
    reference: booking?.reference,
    status: booking && !staff ? `${url}/status/${booking.accessToken}` : undefined,
    claim: booking && !staff ? await claimLink(post, due, now) : undefined,
    why: staff
      ? `You get this because you work with ${agency.name}.`
      : `You get this because this address was used at ${agency.name}.`,
  };
  return {
    messageId: `${email.key}@${new URL(url).hostname}`,
    from: { name: agency.name, address: mail.from },
    to: { name: email.recipientName, address: email.recipientEmail },
    subject: letter.subject,
    text: mailText(letter, frame),
    html: mailHtml(letter, frame),
  };
}

async function factsFor(post: Post, due: DueEmail, now: number): Promise<LetterFacts> {
  const { email, booking } = due;
  const { agency, url } = post.config;
  const status = booking ? `${url}/status/${booking.accessToken}` : url;
  return {
    agency,
    now,
    params: email.params as LetterFacts["params"],
    known: due.recipient !== null,
    links: {
      booking: status,
      pay: `${status}/payment`,
      chat: `${url}/bookings/${booking?.reference}/chat`,
      review: `${url}/admin/bookings/${booking?.reference}`,
      account: email.params.staff === 1 ? `${url}/admin/account` : `${url}/account`,
      token: await oneTimeLink(post, due, now),
    },
    instructions: instructionsFor(post, due),
  };
}

function instructionsFor(
  { gateways }: Post,
  { email, booking, payment }: DueEmail,
): [string, string][] {
  if (email.template !== "payment_instructions" || !booking || !payment) return [];
  const gateway = gateways.find(({ method }) => method === payment.method);
  return gateway?.instructions?.(payment, booking) ?? [];
}

async function oneTimeLink(post: Post, due: DueEmail, now: number): Promise<string> {
  const { email, recipient } = due;
  const link = linkOf(due);
  if (!link) return post.config.url;
  const { role, userId, newEmail } = email.params as LetterFacts["params"];
  const about = {
    purpose: link.purpose,
    userId: userId ?? recipient?.id,
    email: newEmail ?? email.recipientEmail,
    role: (role ?? null) as Role | null,
    now,
  };
  return await storedLink(post, link.path, about);
}

/** An address that somebody has already gets no link to take it over. */
function linkOf({ email: { template, params }, recipient }: DueEmail) {
  if (!params.change) return oneTime[template];
  const path = "/confirm-email";
  if (params.change === "old") return { purpose: "email_old" as const, path };
  if (params.change === "new" && !recipient) return { purpose: "email_new" as const, path };
}

/** Where a guest who has no password yet chooses one: in every mail of a booking. */
async function claimLink(post: Post, { email, recipient }: DueEmail, now: number) {
  if (!recipient || recipient.hasPassword || email.template === "account_claim") return undefined;
  return await storedLink(post, "/claim", { purpose: "claim", userId: recipient.id, now });
}

async function storedLink(post: Post, path: string, about: Parameters<typeof storeToken>[2]) {
  const token = randomToken();
  await storeToken(post.db, token, about);
  return `${post.config.url}${path}/${token}`;
}
