import type { MailboxMessage } from "../db/mailbox.ts";
import { Instant } from "./format.tsx";
import { Layout, type Site } from "./layout.tsx";

/** Every mail that a development machine kept, newest first. */
export function MailboxPage(
  { site, mails, now }: { site: Site; mails: MailboxMessage[]; now: number },
) {
  return (
    <Layout site={site} title="Mails">
      <h1>Mails</h1>
      <p>
        What this machine would have sent. <a href="/dev/mail/templates">How every mail looks</a>
      </p>
      {mails.length === 0 && (
        <p class="empty">Nothing was sent yet. Book a service and look again.</p>
      )}
      <div class="stack">
        {mails.map((mail) => (
          <article class="card stack">
            <h2>
              <a href={`/dev/mail/${encodeURIComponent(mail.messageId)}`}>{mail.subject}</a>
            </h2>
            <p class="hint">
              To {mail.toName ? `${mail.toName} <${mail.toEmail}>` : mail.toEmail} -{" "}
              <Instant at={mail.at} now={now} zone={site.agency.timezone} />
            </p>
            <pre class="mail-text"><Linked text={mail.text} /></pre>
          </article>
        ))}
      </div>
    </Layout>
  );
}

function Linked({ text }: { text: string }) {
  const parts = text.split(/(https?:\/\/\S+)/);
  return <>{parts.map((part) => /^https?:\/\//.test(part) ? <a href={part}>{part}</a> : part)}</>;
}
