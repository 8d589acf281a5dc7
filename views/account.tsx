import type { Person } from "../db/sessions.ts";
import { EmailForm, PasswordForm, ProfileForm } from "./account_forms.tsx";
import { type Listed, Sessions } from "./account_sessions.tsx";
import { ErrorSummary, type FormState } from "./form.tsx";
import { Alert, Layout, type Site } from "./layout.tsx";

type PanelProps = {
  person: Person;
  sessions: Listed[];
  form: FormState;
  /** What was done a moment ago. */
  notice?: string;
  /** The address of the page. */
  base: string;
  now: number;
  zone: string;
};

export function AccountPage({ site, ...panel }: PanelProps & { site: Site }) {
  return (
    <Layout
      site={site}
      title="Your account"
      who={panel.person}
      wide={panel.person.kind === "admin"}
    >
      <AccountPanel {...panel} />
    </Layout>
  );
}

export function AccountPanel(props: PanelProps) {
  const { person, form, notice, base } = props;
  return (
    <section id="account" class="stack">
      <h1>Your account</h1>
      {notice && <Alert kind="good">{notice}</Alert>}
      <ErrorSummary form={form} />
      <div class="split">
        <div class="stack">
          {person.kind === "client"
            ? <ProfileForm {...{ form, base }} />
            : <Staff {...{ person }} />}
          <PasswordForm {...{ form, base }} email={person.email} />
          {person.kind === "client" && <EmailForm {...{ form, base }} email={person.email} />}
        </div>
        <aside class="stack">
          <Sessions {...props} />
        </aside>
      </div>
    </section>
  );
}

function Staff({ person }: { person: Person & { kind: "admin" } }) {
  const { name, email, role, secondFactor } = person;
  return (
    <dl class="facts">
      <dt>Name</dt>
      <dd>{name}</dd>
      <dt>E-mail</dt>
      <dd>{email}</dd>
      <dt>Role</dt>
      <dd>{role}</dd>
      <dt>Second factor</dt>
      <dd>
        <a href="/admin/second-factor">{secondFactor ? "In force" : "Set one up"}</a>
      </dd>
    </dl>
  );
}
