import type { MailTroubles } from "../../db/email_lists.ts";
import { Alert } from "../layout.tsx";

/** Mails that need somebody, each kind with the way to it. */
export function MailAlerts({ troubles: { dead, late } }: { troubles: MailTroubles }) {
  return (
    <>
      {dead > 0 && (
        <Alert>
          <a href="/admin/emails?status=dead">{mails(dead)} could not be delivered</a>
        </Alert>
      )}
      {late > 0 && <Late n={late} />}
    </>
  );
}

const Late = ({ n }: { n: number }) => (
  <Alert>
    <a href="/admin/emails">
      {mails(n)} {n === 1 ? "has" : "have"} not left for more than 15 minutes
    </a>
  </Alert>
);

const mails = (n: number) => `${n} ${n === 1 ? "mail" : "mails"}`;
