import type { Attempt, EmailFile } from "../../db/email_lists.ts";
import type { Suppression } from "../../db/suppressions.ts";
import { Instant, Time } from "../format.tsx";
import { Alert, Layout, type Site, type Who } from "../layout.tsx";
import { EmailActions } from "./email_actions.tsx";
import { EmailStatus } from "./email_status.tsx";
import { errorWords, templateWords } from "./email_words.ts";
import { Reference } from "./list_links.tsx";
import { MailBody } from "./mail_body.tsx";

type PanelProps = {
  file: EmailFile;
  notice?: string;
  now: number;
  zone: string;
  mayRetry: boolean;
};

export function EmailPage({ site, who, ...panel }: PanelProps & { site: Site; who: Who }) {
  return (
    <Layout site={site} title={titleOf(panel.file)} who={who} live wide>
      <EmailPanel {...panel} />
    </Layout>
  );
}

const titleOf = ({ email }: EmailFile) =>
  email.subject ?? `A mail: ${templateWords(email.template)}`;

/** One mail: how it stands, its tries, and what it said. */
export function EmailPanel(props: PanelProps) {
  const { file: { email, body, suppression }, notice, mayRetry } = props;
  return (
    <section
      id="email"
      class="stack"
      data-email-id={email.id}
      data-email-status={email.status}
      data-template={email.template}
    >
      <p>
        <a href="/admin/emails">All mails</a>
      </p>
      <h1>{titleOf(props.file)}</h1>
      {notice && <Alert>{notice}</Alert>}
      <Facts {...props} />
      {suppression && <Stopped suppression={suppression} {...props} />}
      {mayRetry && <EmailActions {...props.file} />}
      <Attempts {...props} />
      {body
        ? <MailBody text={body.text} html={`/admin/emails/${email.id}/html`} kept />
        : <p class="empty">What it says is not kept: it was not written yet, or too long ago.</p>}
    </section>
  );
}

function Facts({ file: { email }, now, zone }: PanelProps) {
  const { params, template, recipientName, recipientEmail, createdAt, nextTryAt } = email;
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

function Stopped({ suppression, now, zone }: PanelProps & { suppression: Suppression }) {
  return (
    <Alert kind="info">
      Nothing is sent to {suppression.email} since{" "}
      <Instant at={suppression.at} now={now} zone={zone} />: {errorWords(suppression.reason)}
    </Alert>
  );
}

function Attempts({ file: { attempts }, now, zone }: PanelProps) {
  if (attempts.length === 0) return null;
  return (
    <section class="stack">
      <h2>Tries</h2>
      <ol>{attempts.map((attempt) => Tried({ attempt, now, zone }))}</ol>
    </section>
  );
}

const Tried = ({ attempt, now, zone }: { attempt: Attempt; now: number; zone: string }) => (
  <li data-attempt={attempt.error ?? "sent"}>
    <Instant at={attempt.at} now={now} zone={zone} />{" "}
    {attempt.error === null ? "It left." : errorWords(attempt.error)}
  </li>
);
