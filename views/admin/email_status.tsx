import type { Email } from "../../db/emails.ts";
import { MailState } from "../status.tsx";

/** How a mail stands; one that was given up and seen by an admin says that too. */
export const EmailStatus = ({ email: { status, dismissedAt } }: { email: Email }) => (
  <>
    <MailState status={status} />
    {status === "dead" && dismissedAt !== null && <div class="hint">dismissed</div>}
  </>
);
