import type { DueEmail } from "../db/email_claims.ts";
import type { Letter as Kept } from "../db/email_results.ts";
import type { LetterFacts } from "../views/emails/letter_words.ts";
import { isForStaff, letters, whyOf } from "../views/emails/letters.ts";
import { type Frame, mailHtml, mailText } from "../views/emails/mail.tsx";
import type { Address, Mail } from "./gateways/mailer.ts";
import { receiptOf } from "./mail_attachments.ts";
import { linksOf, type MailLinks } from "./mail_links.ts";
import type { Post } from "./send_emails.ts";

/** A mail ready to leave, and how it is kept: without what opens something. */
export type Composed = Mail & { kept: Kept };

/** A due row as a mail. */
export async function composeMail(post: Post, due: DueEmail, now: number): Promise<Composed> {
  const { email } = due;
  const staff = isForStaff(email);
  const [made, receipt] = await Promise.all([
    linksOf(post, due, { staff, now }),
    receiptOf(post, due),
  ]);
  const facts = factsFor(post, due, { made, now, attached: receipt?.number });
  const letter = letters[email.template](facts);
  const frame = frameOf(post, due, { made, staff });
  const [subject, text] = [oneLine(letter.subject), mailText(letter, frame)];
  const html = mailHtml(letter, frame);
  return {
    ...headersOf(post, due),
    ...{ subject, text, html, attachments: receipt ? [receipt.file] : [] },
    kept: { subject, text: without(made.secrets, text), html: without(made.secrets, html) },
  };
}

function factsFor(
  post: Post,
  due: DueEmail,
  told: { made: MailLinks; now: number; attached?: string },
): LetterFacts {
  return {
    agency: post.config.agency,
    now: told.now,
    params: due.email.params as LetterFacts["params"],
    known: due.recipient !== null,
    open: due.recipient?.hasPassword ?? false,
    attached: told.attached,
    links: told.made.links,
    instructions: instructionsFor(post, due),
  };
}

function instructionsFor(
  { gateways }: Post,
  { email, booking, payment }: DueEmail,
): LetterFacts["instructions"] {
  if (email.template !== "payment_instructions" || !booking || !payment) return [];
  const gateway = gateways.find(({ method }) => method === payment.method);
  return gateway?.instructions?.(payment, booking) ?? [];
}

function frameOf(
  { config: { agency } }: Post,
  { email, booking }: DueEmail,
  { made, staff }: { made: MailLinks; staff: boolean },
): Frame {
  return {
    agency,
    reference: booking?.reference,
    status: booking && !staff ? made.links.booking : undefined,
    claim: made.claim,
    why: whyOf(email, agency),
  };
}

function headersOf({ config: { agency, url, mail } }: Post, { email }: DueEmail) {
  const desk = agency.email !== mail.from ? person(agency.name, agency.email) : undefined;
  return {
    key: email.key,
    messageId: `${email.key}@${new URL(url).hostname}`,
    from: person(agency.name, mail.from),
    replyTo: desk,
    to: person(email.recipientName, email.recipientEmail),
  };
}

const person = (name: string, address: string): Address => ({ name: oneLine(name), address });

/** Without what breaks a header or turns its reading direction: people type names and titles. */
export const oneLine = (words: string) =>
  words.replace(/[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, " ").trim();

const without = (secrets: string[], text: string) =>
  secrets.reduce((rest, secret) => rest.replaceAll(secret, "…"), text);
