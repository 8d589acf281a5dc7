import type { Email } from "../../db/emails.ts";
import { EmailStatus } from "./email_status.tsx";
import { canLeave, errorWords, templateWords } from "./email_words.ts";
import { Reference } from "./list_links.tsx";
import { number, Table, TimeCell } from "./tables.tsx";

type TableProps = {
  emails: Email[];
  now: number;
  zone: string;
  mayRetry: boolean;
  /** All are about one booking, which need not be named in each row. */
  ofOne?: boolean;
};

const about = (ofOne?: boolean) => ofOne ? [] : ["Booking"];
const columns = ["To", "Status", number("Tries"), "Action"];

/** Mails as the outbox knows them, with a new try for those that did not leave. */
export function EmailTable({ emails, ...shown }: TableProps) {
  return (
    <Table columns={["When", "Mail", ...about(shown.ofOne), ...columns]}>
      {emails.map((email) => EmailRow({ email, ...shown }))}
    </Table>
  );
}

type RowProps = Omit<TableProps, "emails"> & { email: Email };

function EmailRow({ email, now, zone, mayRetry, ofOne }: RowProps) {
  const { id, status, template } = email;
  return (
    <tr data-email-id={id} data-email-status={status} data-template={template}>
      <TimeCell at={email.sentAt ?? email.createdAt} now={now} zone={zone} />
      <td class="clipped words">
        <a href={`/admin/emails/${id}`}>{email.subject ?? templateWords(template)}</a>
        {email.subject && <div class="hint">{templateWords(template)}</div>}
      </td>
      {!ofOne && <About email={email} />}
      <td class="clipped">
        <div>
          {email.recipientName}
        </div>
        <div class="hint">{email.recipientEmail}</div>
      </td>
      <td>
        <EmailStatus email={email} />
        <LastError error={email.lastError} />
      </td>
      <td class="number" data-label="Tries">{email.attempts}</td>
      <td class="actions">{mayRetry && canLeave(email) && <Retry id={id} />}</td>
    </tr>
  );
}

const About = ({ email: { params: { reference } } }: { email: Email }) => (
  <td>{typeof reference === "string" && <Reference of={reference} />}</td>
);

const LastError = ({ error }: { error: string | null }) =>
  error === null ? null : <div class="hint" title={error}>{errorWords(error)}</div>;

const Retry = ({ id }: { id: number }) => (
  <form method="post" action={`/admin/emails/${id}/retry`}>
    <button type="submit">Try again</button>
  </form>
);
