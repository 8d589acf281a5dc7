import { eq } from "drizzle-orm";
import { auditedIfDone, type By } from "./audit.ts";
import { commit, type Db } from "./client.ts";
import { notFound, Problem } from "./problem.ts";
import { emailNotifications } from "./schema.ts";
import { isSuppressed } from "./suppressions.ts";

/**
 * Sends a mail of a booking that left, even if it came back, once more, as a mail of its own: the first one's
 * Message-ID would make mail programs drop it. Its one-time links are new. The same `once` again sends nothing more. Returns the copy's id.
 * Throws `not_found`, and `conflict` where it has not left, is about no booking, or its address takes no mail.
 */
export async function copyEmail(
  db: Db,
  id: number,
  { once, ...by }: By & { once: string },
): Promise<number> {
  await commit(db, [
    {
      sql: `insert into email_notifications (key, booking_id, template, recipient_name,
          recipient_email, params, next_try_at, created_at)
        select key || '.again-' || ?, booking_id, template, recipient_name, recipient_email, params, ?, ?
        from email_notifications where id = ? and booking_id is not null
          and (status = 'sent' or (status = 'dead' and last_error = 'bounced'))
          and not exists (select 1 from suppressed_addresses where email = lower(recipient_email))
        on conflict (key) do nothing`,
      args: [once, by.now, by.now, id],
    },
    auditedIfDone(by, { action: "email.copy", subject: `email ${id}` }),
  ]);
  return await copyOf(db, id, once);
}

async function copyOf(db: Db, id: number, once: string): Promise<number> {
  const { key } = emailNotifications;
  const original = await db.select({ key, suppressed: isSuppressed }).from(emailNotifications)
    .where(eq(emailNotifications.id, id)).get();
  if (!original) throw notFound();
  const copy = await db.select({ id: emailNotifications.id }).from(emailNotifications)
    .where(eq(key, `${original.key}.again-${once}`)).get();
  if (copy) return copy.id;
  throw new Problem(
    "conflict",
    original.suppressed
      ? "Nothing is sent to this address any more. Allow it again on this page, then send it again."
      : "Only a mail about a booking that has left can be sent again.",
  );
}
