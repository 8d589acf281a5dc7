import type { Template } from "../../db/schema.ts";
import { Layout, type Site, type Who } from "../layout.tsx";
import { templateWords } from "./email_words.ts";
import { MailBody } from "./mail_body.tsx";

type Place = { site: Site; who?: Who; path: string };

/** Every mail that the product sends, with the way to a sample of each. */
export function PreviewsPage(
  { site, who, path, subjects }: Place & { subjects: [Template, string][] },
) {
  return (
    <Layout site={site} title="How every mail looks" who={who} wide>
      <section class="stack">
        {who && (
          <p>
            <a href="/admin/emails">All mails</a>
          </p>
        )}
        <h1>How every mail looks</h1>
        <p>Samples with invented names. Nothing is sent from here.</p>
        <ul>
          {subjects.map(([template, subject]) => (
            <li data-template={template}>
              <a href={`${path}/${template}`}>{subject}</a>
              <div class="hint">{templateWords(template)}</div>
            </li>
          ))}
        </ul>
      </section>
    </Layout>
  );
}

export function PreviewPage(
  { site, who, path, template, mail }: Place & {
    template: Template;
    mail: { subject: string; text: string };
  },
) {
  return (
    <Layout site={site} title={mail.subject} who={who} wide>
      <section class="stack">
        <p>
          <a href={path}>How every mail looks</a>
        </p>
        <h1>{mail.subject}</h1>
        <MailBody text={mail.text} html={`${path}/${template}/html`} />
      </section>
    </Layout>
  );
}
