import type { DueEmail } from "../db/email_claims.ts";
import type { Role, Template } from "../db/schema.ts";
import { randomToken, storeToken, type Token } from "../db/tokens.ts";
import type { LetterFacts } from "../views/emails/letter_words.ts";
import type { Post } from "./send_emails.ts";

export type MailLinks = {
  links: LetterFacts["links"];
  /** Where a guest without a password chooses one, if that is not what the mail is about. */
  claim?: string;
  /** What in these links opens something: it is kept nowhere. */
  secrets: string[];
};

/** Templates whose button carries a one-time link, and where it leads. */
const oneTime: Partial<Record<Template, { purpose: Token["purpose"]; path: string }>> = {
  account_claim: { purpose: "claim", path: "/claim" },
  email_verification: { purpose: "verify", path: "/verify-email" },
  password_reset: { purpose: "reset", path: "/reset-password" },
  admin_invitation: { purpose: "invitation", path: "/admin/register" },
};
/** Templates that ask somebody into the conversation, which needs a password. */
const intoChat: Template[] = ["chat_invitation", "chat_unread"];

/**
 * The links of a mail. One-time ones are made here and stored only as hashes, so that neither the outbox nor a
 * log ever holds one; every try makes its own.
 */
export async function linksOf(
  post: Post,
  due: DueEmail,
  mail: { staff: boolean; now: number },
): Promise<MailLinks> {
  const { email, booking } = due;
  const [token, claim] = await Promise.all([
    oneTimeLink(post, due, mail.now),
    mail.staff ? undefined : claimLink(post, due, mail.now),
  ]);
  const asks = claim !== undefined && intoChat.includes(email.template);
  return {
    links: placesOf(post, due, { ...mail, token: (asks ? claim : token) ?? post.config.url }),
    claim: asks ? undefined : claim,
    secrets: [token, claim].flatMap((link) => link?.split("/").at(-1) ?? [])
      .concat(booking?.accessToken ?? []),
  };
}

function placesOf(
  { config: { url } }: Post,
  { booking }: DueEmail,
  { staff, token }: { staff: boolean; token: string },
): LetterFacts["links"] {
  const status = booking ? `${url}/status/${booking.accessToken}` : url;
  const review = booking ? `${url}/admin/bookings/${booking.reference}` : `${url}/admin`;
  return {
    booking: status,
    pay: `${status}/payment`,
    chat: staff ? `${review}/chat` : `${url}/bookings/${booking?.reference}/chat`,
    review,
    account: staff ? `${url}/admin/account` : `${url}/account`,
    token,
  };
}

async function oneTimeLink(post: Post, due: DueEmail, now: number): Promise<string | undefined> {
  const { email, recipient } = due;
  const link = linkOf(due);
  if (!link) return undefined;
  const { role, userId, newEmail } = email.params as LetterFacts["params"];
  return await storedLink(post, link.path, {
    purpose: link.purpose,
    userId: link === staffReset ? undefined : userId ?? recipient?.id,
    email: newEmail ?? email.recipientEmail,
    role: (role ?? null) as Role | null,
    now,
  });
}

const staffReset = { purpose: "reset" as const, path: "/admin/reset-password" };

/** An address that somebody has already gets no link to take it over. */
function linkOf({ email: { template, params }, recipient }: DueEmail) {
  const isReset = template === "password_reset" && !params.change;
  if (isReset && params.staff === 1) return staffReset;
  if (!params.change) return oneTime[template];
  const path = "/confirm-email";
  if (params.change === "old") return { purpose: "email_old" as const, path };
  if (params.change === "new" && !recipient) return { purpose: "email_new" as const, path };
}

/** In every mail of a booking to somebody who has no password yet. */
async function claimLink(post: Post, { email, booking, recipient }: DueEmail, now: number) {
  if (!booking || !recipient || recipient.hasPassword) return undefined;
  if (email.template === "account_claim") return undefined;
  return await storedLink(post, "/claim", { purpose: "claim", userId: recipient.id, now });
}

async function storedLink(post: Post, path: string, about: Parameters<typeof storeToken>[2]) {
  const token = randomToken();
  await storeToken(post.db, token, about);
  return `${post.config.url}${path}/${token}`;
}
