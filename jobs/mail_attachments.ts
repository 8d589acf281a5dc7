import type { DueEmail } from "../db/email_claims.ts";
import { findReceiptOf } from "../db/receipt_finders.ts";
import { receiptAttachment } from "../views/emails/receipt_file.ts";
import { log, nameOf } from "./log.ts";
import type { Post } from "./send_emails.ts";

type Receipt = Awaited<ReturnType<typeof receiptAttachment>>;

/**
 * The receipt or credit note that belongs to a mail about money. A mail whose document cannot be made leaves
 * without it and does not speak of it: the page of the booking has it too.
 */
export async function receiptOf(post: Post, due: DueEmail): Promise<Receipt | undefined> {
  const named = nameIn(due);
  const file = named && await findReceiptOf(post.db, named);
  if (!file) return undefined;
  try {
    return await receiptAttachment(file, post.config.agency.timezone);
  } catch (error) {
    log("error", "receipt_not_made", { email: due.email.id, error: nameOf(error) });
  }
}

function nameIn({ email: { template, params, createdAt: until } }: DueEmail) {
  const { paymentId, refundId, dueMinor } = params;
  const paid = template === "payment_received" || (template === "payment_refused" && dueMinor);
  if (paid && paymentId) return { paymentId: String(paymentId), until };
  if (template === "refund_sent" && refundId) return { refundId: String(refundId) };
}
