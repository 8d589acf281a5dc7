import type { Email } from "../../db/emails.ts";
import { Instant, Time } from "../format.tsx";
import { EmailStatus } from "./email_status.tsx";
import { errorWords, templateWords } from "./email_words.ts";
import { Reference } from "./list_links.tsx";

type Props = { file: { email: Email }; now: number; zone: string };

/** What the outbox knows of one mail beside its words. */
export function EmailFacts({ file: { email }, now, zone }: Props) {
  const { params, template, recipientName, recipientEmail, createdAt, nextTryAt } = email;
  const { sentAt, lastError } = email;
  const waits = ["queued", "failed"].includes(email.status);
  return (
    <dl class="facts">
      <Fact label="Status">
        <EmailStatus email={email} />
      </Fact>
      <Fact label="Kind">{templateWords(template)}</Fact>
      <Fact label="To">{`${recipientName} <${recipientEmail}>`}</Fact>
      {typeof params.reference === "string" && (
        <Fact label="Booking">
          <Reference of={params.reference} />
        </Fact>
      )}
      <Fact label="Queued">
        <Instant at={createdAt} now={now} zone={zone} />
      </Fact>
      {sentAt !== null && (
        <Fact label="Left">
          <Instant at={sentAt} now={now} zone={zone} />
        </Fact>
      )}
      {lastError !== null && <Fact label="Trouble">{errorWords(lastError)}</Fact>}
      {waits && (
        <Fact label="Next try">
          <Time at={nextTryAt} now={now} zone={zone} />
        </Fact>
      )}
    </dl>
  );
}

const Fact = ({ label, children }: { label: string; children: unknown }) => (
  <div>
    <dt>{label}</dt>
    <dd>{children as string}</dd>
  </div>
);
