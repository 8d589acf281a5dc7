import type { Email } from "../../db/emails.ts";
import { EmailStatus } from "./email_status.tsx";
import { canLeave, errorWords, templateWords } from "./email_words.ts";
import { Reference } from "./list_links.tsx";
import { number, Table, TimeCell } from "./tables.tsx";

type TableProps = { emails: Email[]; now: number; zone: string; mayRetry: boolean };

const columns = ["When", "Mail", "To", "Status", number("Tries"), "Last error", "Action"];

/** Mails as the outbox knows them, with a new try for those that did not leave. */
export function EmailTable({ emails, ...shown }: TableProps) {
  return <Table columns={columns}>{emails.map((email) => EmailRow({ email, ...shown }))}</Table>;
}

type RowProps = Omit<TableProps, "emails"> & { email: Email };

function EmailRow({ email, now, zone, mayRetry }: RowProps) {
  const { id, status, template, params } = email;
  return (
    <tr data-email-id={id} data-email-status={status} data-template={template}>
      <TimeCell at={email.sentAt ?? email.createdAt} now={now} zone={zone} />
      <td>
        <a href={`/admin/emails/${id}`}>{email.subject ?? templateWords(template)}</a>
        <div class="hint">
          {email.subject && templateWords(template)}{" "}
          {typeof params.reference === "string" && <Reference of={params.reference} />}
        </div>
      </td>
      <td>
        {email.recipientName}
        <div class="hint">{email.recipientEmail}</div>
      </td>
      <td>
        <EmailStatus email={email} />
      </td>
      <td class="number" data-label="Tries">{email.attempts}</td>
      <td>
        <LastError error={email.lastError} />
      </td>
      <td>{mayRetry && canLeave(email) && <Retry id={id} />}</td>
    </tr>
  );
}

const LastError = ({ error }: { error: string | null }) =>
  error === null ? null : (
    <>
      {errorWords(error)}
      <div class="hint">{error}</div>
    </>
  );

const Retry = ({ id }: { id: number }) => (
  <form method="post" action={`/admin/emails/${id}/retry`}>
    <button type="submit">Try again</button>
  </form>
);
