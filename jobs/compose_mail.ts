import { readBrand } from "../db/brand.ts";
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
  const [made, receipt, agency] = await Promise.all([
    linksOf(post, due, { staff, now }),
    receiptOf(post, due),
    agencyOf(post),
  ]);
  const facts = factsFor(post, due, { made, now, agency, attached: receipt?.number });
  const letter = letters[email.template](facts);
  const frame = frameOf(due, { made, staff, agency });
  const [subject, text] = [oneLine(letter.subject), mailText(letter, frame)];
  const html = mailHtml(letter, frame);
  return {
    ...headersOf(post, due, { agency, staff }),
    ...{ subject, text, html, attachments: receipt ? [receipt.file] : [] },
    kept: { subject, text: without(made.secrets, text), html: without(made.secrets, html) },
  };
}

/** The agency as it calls itself and looks today. */
async function agencyOf({ db, config: { agency } }: Post) {
  const { name, accent } = await readBrand(db);
  return { ...agency, name: name ?? agency.name, accent };
}
type Agency = Awaited<ReturnType<typeof agencyOf>>;

function factsFor(
  post: Post,
  due: DueEmail,
  told: { made: MailLinks; now: number; agency: Agency; attached?: string },
): LetterFacts {
  return {
    agency: told.agency,
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
  { email, booking }: DueEmail,
  { made, staff, agency }: { made: MailLinks; staff: boolean; agency: Agency },
): Frame {
  return {
    agency,
    reference: booking?.reference,
    status: booking && !staff ? made.links.booking : undefined,
    claim: made.claim,
    why: whyOf(email, agency),
  };
}

/** What a client typed is in none: whoever books for a stranger's address would write to them in our name. */
function headersOf(
  { config: { url, mail } }: Post,
  { email }: DueEmail,
  { agency, staff }: { agency: Agency; staff: boolean },
) {
  const desk = agency.email !== mail.from ? person(agency.name, agency.email) : undefined;
  return {
    ...{ id: email.id, key: email.key },
    messageId: `${email.key}@${new URL(url).hostname}`,
    from: person(agency.name, mail.from),
    replyTo: desk,
    to: person(staff ? email.recipientName : "", email.recipientEmail),
  };
}

const person = (name: string, address: string): Address => ({ name: oneLine(name), address });

/** Without what breaks a header or turns its reading direction: people type names and titles. */
export const oneLine = (words: string) =>
  words.replace(/[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, " ").trim();

const without = (secrets: string[], text: string) =>
  secrets.reduce((rest, secret) => rest.replaceAll(secret, "…"), text);
