import { listUnwritten } from "../db/email_claims.ts";
import { keepLetter } from "../db/email_results.ts";
import { composeMail } from "./compose_mail.ts";
import type { Post } from "./send_emails.ts";

/** Writes the mails that the demo counts as sent, each as it would have been at its time. */
export async function writeDemoMails(post: Omit<Post, "mailer">) {
  for (const due of await listUnwritten(post.db)) {
    const { kept } = await composeMail({ ...post, mailer: null }, due, due.email.createdAt);
    await keepLetter(post.db, due, kept);
  }
}
