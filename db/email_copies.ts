import { auditedIfDone, type By } from "./audit.ts";
import { commitAndTell, type Db } from "./client.ts";
import { notFound, Problem } from "./problem.ts";

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
  const [, , found] = await commitAndTell(db, [
    {
      sql: `insert into email_notifications (key, booking_id, template, recipient_name,
          recipient_email, params, next_try_at, created_at)
        select key || '.again-' || ?, booking_id, template, recipient_name, recipient_email, params, ?, ?
        from email_notifications where id = ? and booking_id is not null
          and (status = 'sent' or (status = 'dead' and last_error = 'bounced')) and not ${isStopped}
        on conflict (key) do nothing`,
      args: [once, by.now, by.now, id],
    },
    auditedIfDone(by, { action: "email.copy", subject: `email ${id}` }),
    {
      sql: `select ${isStopped} as stopped,
          (select id from email_notifications where key = original.key || '.again-' || ?) as copy
        from email_notifications as original where id = ?`,
      args: [once, id],
    },
  ]);
  const original = found?.[0];
  if (!original) throw notFound();
  if (original.copy !== null) return Number(original.copy);
  throw new Problem("conflict", original.stopped ? stopped : notSent);
}

const isStopped =
  "exists (select 1 from suppressed_addresses where email = lower(recipient_email))";

const stopped =
  "Nothing is sent to this address any more. Allow it again on this page, then send it again.";
const notSent = "Only a mail about a booking that has left can be sent again.";
