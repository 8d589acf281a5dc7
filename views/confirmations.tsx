import { ErrorSummary, type FormState, Hidden, Input } from "./form.tsx";
import { Alert, Layout, type Site, type Who } from "./layout.tsx";
import { PresentPassword } from "./passwords.tsx";

/** The second half of an admin's sign-in. */
export function CodePage({ site, form }: { site: Site; form: FormState }) {
  return (
    <Layout site={site} title="Enter your code">
      <section class="narrow stack">
        <h1>Enter your code</h1>
        {form.errors.form && <Alert>{form.errors.form}</Alert>}
        <ErrorSummary form={{ values: {}, errors: fieldErrors(form) }} />
        <form method="post" action="/admin/sign-in/code" class="stack">
          <CodeInput form={form} />
          <button type="submit" class="primary">Sign in</button>
        </form>
        <p class="hint">
          This page works for 5 minutes. <a href="/admin/sign-in">Start again</a>
        </p>
      </section>
    </Layout>
  );
}

type ConfirmProps = {
  site: Site;
  who: Who;
  form: FormState;
  /** Where to go on to. */
  next: string;
  /** Whether a second factor is in force. */
  asksCode: boolean;
};

/** Asks somebody who is signed in who they are, before something dangerous. */
export function ConfirmPage({ site, who, form, next, asksCode }: ConfirmProps) {
  return (
    <Layout site={site} title="Confirm that it is you" who={who} wide>
      <section class="narrow stack">
        <h1>Confirm that it is you</h1>
        <p>The next page can do harm in the wrong hands, so we ask again. Nothing was done yet.</p>
        {form.errors.form && <Alert>{form.errors.form}</Alert>}
        <ErrorSummary form={{ values: {}, errors: fieldErrors(form) }} />
        <form method="post" action="/admin/confirm" class="stack">
          <PresentPassword form={form} />
          {asksCode && <CodeInput form={form} />}
          <Hidden name="next" value={next} />
          <button type="submit" class="primary">Go on</button>
        </form>
      </section>
    </Layout>
  );
}

const CodeInput = ({ form }: { form: FormState }) => (
  <Input
    name="code"
    label="Code"
    autocomplete="one-time-code"
    maxlength={40}
    hint="The 6 digits in your authenticator app. Without the app: one of your recovery codes."
    form={form}
    required
  />
);

function fieldErrors({ errors: { form: _whole, ...fields } }: FormState) {
  return fields;
}
