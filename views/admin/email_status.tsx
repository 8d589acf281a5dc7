import type { Email } from "../../db/emails.ts";

const tones: Record<Email["status"], string> = {
  ...{ queued: "soft", sending: "info", sent: "good", failed: "warn", dead: "bad" },
};

/** How a mail stands; one that was given up and seen by an admin says that too. */
export const EmailStatus = ({ email: { status, dismissedAt } }: { email: Email }) => (
  <>
    <span class={`status ${tones[status]}`}>{status}</span>
    {status === "dead" && dismissedAt !== null && <div class="hint">dismissed</div>}
  </>
);
