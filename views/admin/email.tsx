import type { Attempt, EmailFile } from "../../db/email_lists.ts";
import type { Suppression } from "../../db/suppressions.ts";
import { Instant } from "../format.tsx";
import { Alert, Layout, type Site, type Who } from "../layout.tsx";
import { EmailActions } from "./email_actions.tsx";
import { EmailFacts } from "./email_facts.tsx";
import { errorWords, templateWords } from "./email_words.ts";
import { MailBody } from "./mail_body.tsx";

type PanelProps = {
  file: EmailFile;
  notice?: string;
  now: number;
  zone: string;
  mayRetry: boolean;
  /** Makes one copy of however often its form is sent. */
  idempotencyKey: string;
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
  const { file: { email, body, suppression }, notice, mayRetry, idempotencyKey } = props;
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
      <EmailFacts {...props} />
      {suppression && <Stopped suppression={suppression} {...props} />}
      {mayRetry && <EmailActions {...props.file} idempotencyKey={idempotencyKey} />}
      <Attempts {...props} />
      {body
        ? <MailBody text={body.text} html={`/admin/emails/${email.id}/html`} kept />
        : <p class="empty">{unkept(email)}</p>}
    </section>
  );
}

/** The words of a mail are kept from when it is written until they are forgotten. */
const unkept = ({ status }: EmailFile["email"]) =>
  status === "sent"
    ? "What it said is not kept any more."
    : "It is not written yet: a mail is written when it leaves, with links that are new then.";

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
