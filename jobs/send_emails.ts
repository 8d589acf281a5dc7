import { claimEmails, type DueEmail, markFailed, markSent } from "../db/emails.ts";
import type { Db } from "../db/client.ts";
import type { Config } from "./config.ts";
import { composeMail } from "./compose_mail.ts";
import { nameOf } from "./log.ts";
import type { Gateway } from "./gateways/gateway.ts";
import { type Mailer, MailError } from "./gateways/mail.ts";

export type Post = { db: Db; config: Config; mailer: Mailer | null; gateways: Gateway[] };

/** Sends every mail that is due, until none is left. Returns how many left. */
export async function sendEmails(post: Post, now: number): Promise<number> {
  if (!post.mailer) return 0;
  let sent = 0;
  for (
    let due = await claimEmails(post.db, now);
    due.length > 0;
    due = await claimEmails(post.db, now)
  ) {
    const left = await Promise.all(due.map((email) => sendOne(post, email, now)));
    sent += left.filter(Boolean).length;
  }
  return sent;
}

/** One mail that fails never delays another: what happened is kept on its row. */
async function sendOne(post: Post, due: DueEmail, now: number): Promise<boolean> {
  try {
    const mail = await composeMail(post, due, now);
    await post.mailer?.deliver(mail, now);
    await markSent(post.db, due.email, { subject: mail.subject, now });
    return true;
  } catch (error) {
    const known = error instanceof MailError;
    const word = known ? error.word : nameOf(error);
    await markFailed(post.db, due.email, { error: word, permanent: known && error.permanent, now });
    return false;
  }
}
