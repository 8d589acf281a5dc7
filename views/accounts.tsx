import { ErrorSummary, type FormState, Hidden, Input } from "./form.tsx";
import { Alert, Layout, type Site } from "./layout.tsx";
import { NewPassword, PresentPassword } from "./passwords.tsx";

type PageProps = { site: Site; form: FormState };

/** The form that signs somebody in, at `action`, and leads them to `next`. */
export function SignInPage(
  props: PageProps & { action: string; next: string; staff?: boolean; notice?: string },
) {
  const { site, form, action, next, staff, notice } = props;
  return (
    <Layout site={site} title={staff ? "Sign in as an admin" : "Sign in"}>
      <section class="narrow stack">
        <h1>{staff ? "Sign in as an admin" : "Sign in"}</h1>
        {form.errors.form && <Alert>{form.errors.form}</Alert>}
        {notice && <Alert kind="good">{notice}</Alert>}
        <form method="post" action={action} class="stack">
          <Hidden name="next" value={next} />
          <EmailField form={form} />
          <PresentPassword form={form} />
          <button type="submit" class="primary">Sign in</button>
        </form>
        {staff
          ? (
            <p>
              <Forgotten />
            </p>
          )
          : <OtherWaysIn />}
      </section>
    </Layout>
  );
}

const Forgotten = () => <a href="/reset-password">Forgot the password?</a>;

function OtherWaysIn() {
  return (
    <div class="stack">
      <p class="cluster">
        <Forgotten />
        <a href="/register">Make an account</a>
      </p>
      <p class="hint">
        Booked as a guest? Every e-mail about your booking has a link to choose a password.
      </p>
    </div>
  );
}

/** Asks for the address that a link to a new password goes to. */
export function ForgottenPage({ site, form }: PageProps) {
  return (
    <Layout site={site} title="Ask for a new password">
      <section class="narrow stack">
        <h1>Ask for a new password</h1>
        <p>Write the address of your account. We send a link there that works for 30 minutes.</p>
        <ErrorSummary form={form} />
        <form method="post" action="/reset-password" class="stack">
          <EmailField form={form} />
          <button type="submit" class="primary">Send the link</button>
        </form>
      </section>
    </Layout>
  );
}

/** The same for every address: whether it has an account is between us and its owner. */
export function CheckMailPage({ site, email }: { site: Site; email: string }) {
  return (
    <Layout site={site} title="Check your mail">
      <section class="narrow stack">
        <h1>Check your mail</h1>
        <p>
          We sent a mail to <strong>{email}</strong>. Open the link in it to go on.
        </p>
        <p class="hint">
          Nothing there after a few minutes? Look among the unwanted mails, then ask again.
        </p>
      </section>
    </Layout>
  );
}

/** Confirms an address by a click of a person: mail programs open links by themselves. */
export function ConfirmEmailPage(
  { site, action, email }: { site: Site; action: string; email?: string },
) {
  return (
    <Layout site={site} title="Confirm your address">
      <section class="narrow stack">
        <h1>Confirm your address</h1>
        <p>
          <strong>{email}</strong> is yours, and you made an account with it?
        </p>
        <form method="post" action={action}>
          <button type="submit" class="primary">Yes, confirm it and sign in</button>
        </form>
        <p class="hint">If not, close this page. Without your click nothing happens.</p>
      </section>
    </Layout>
  );
}

type PasswordProps = PageProps & {
  action: string;
  title: string;
  about: string;
  button: string;
  /** The address of the account when it is fixed already; else it is asked for. */
  email?: string;
  asksName?: boolean;
};

/** Chooses a password: for a claimed account, the first admin, an invited admin. */
export function ChoosePasswordPage(props: PasswordProps) {
  const { site, form, action, title, about, button, email, asksName } = props;
  return (
    <Layout site={site} title={title}>
      <section class="narrow stack">
        <h1>{title}</h1>
        <p>{about}</p>
        <ErrorSummary form={form} />
        <form method="post" action={action} class="stack">
          {asksName && (
            <Input name="name" label="Your name" autocomplete="name" form={form} required />
          )}
          <EmailField form={form} email={email} />
          <NewPassword form={form} />
          <button type="submit" class="primary">{button}</button>
        </form>
      </section>
    </Layout>
  );
}

function EmailField({ form, email }: { form: FormState; email?: string }) {
  const shown = email ? { values: { email }, errors: {} } : form;
  return (
    <Input
      name="email"
      label="E-mail"
      type="email"
      autocomplete="username"
      form={shown}
      readonly={email !== undefined}
      required
    />
  );
}
