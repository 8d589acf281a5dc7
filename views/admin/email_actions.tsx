import type { EmailFile } from "../../db/email_lists.ts";
import { Hidden } from "../form.tsx";
import { canLeave, canRepeat, isRefusal } from "./email_words.ts";

type Props = EmailFile & { idempotencyKey: string };

/** What an admin may do with it now. */
export function EmailActions({ email, suppression, idempotencyKey }: Props) {
  const { id, recipientEmail, status, dismissedAt } = email;
  const here = <Hidden name="view" value={`/admin/emails/${id}`} />;
  return (
    <div class="cluster">
      {canLeave(email) && (!suppression || isRefusal(suppression)) && (
        <form method="post" action={`/admin/emails/${id}/retry`}>
          <button type="submit" class="primary">Try again</button>
          {here}
        </form>
      )}
      {canRepeat(email) && !suppression && (
        <form method="post" action={`/admin/emails/${id}/copies`}>
          <Hidden name="idempotency_key" value={idempotencyKey} />
          <button type="submit">Send it again</button>
        </form>
      )}
      {status === "dead" && dismissedAt === null && (
        <form method="post" action={`/admin/emails/${id}/dismissal`}>
          <button type="submit">Dismiss</button>
        </form>
      )}
      <form method="post" action={`/admin/emails/suppressed${suppression ? "/release" : ""}`}>
        <Hidden name="email" value={recipientEmail} />
        {here}
        <button type="submit">
          {suppression ? `Allow mail to ${recipientEmail} again` : "Send nothing to this address"}
        </button>
      </form>
    </div>
  );
}
