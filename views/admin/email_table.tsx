import type { Email } from "../../db/emails.ts";
import { Reference } from "./list_links.tsx";
import { number, Table, TimeCell } from "./tables.tsx";

const tones: Record<Email["status"], string> = {
  ...{ queued: "soft", sending: "info", sent: "good", failed: "warn", dead: "bad" },
};
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
        {email.subject ?? template.replaceAll("_", " ")}
        <div class="hint">
          {email.subject && template}{" "}
          {typeof params.reference === "string" && <Reference of={params.reference} />}
        </div>
      </td>
      <td>
        {email.recipientName}
        <div class="hint">{email.recipientEmail}</div>
      </td>
      <td>
        <span class={`status ${tones[status]}`}>{status}</span>
      </td>
      <td class="number">{email.attempts}</td>
      <td>{email.lastError}</td>
      <td>{mayRetry && canLeave(email) && <Retry id={id} />}</td>
    </tr>
  );
}

const canLeave = ({ status, template }: Email) =>
  ["failed", "dead"].includes(status) && template !== "admin_invitation";

const Retry = ({ id }: { id: number }) => (
  <form method="post" action={`/admin/emails/${id}/retry`}>
    <button type="submit">Try again</button>
  </form>
);
