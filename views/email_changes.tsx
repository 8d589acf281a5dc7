import { Layout, type Site } from "./layout.tsx";

type Props = { site: Site; email: string };

/** Asks for the click of a person: mail programs open links by themselves. */
export function ConfirmChangePage({ site, email, action }: Props & { action: string }) {
  return (
    <Layout site={site} title="Confirm your new address">
      <section class="narrow stack">
        <h1>Confirm your new address</h1>
        <p>
          From now on your account here is to use <strong>{email}</strong>?
        </p>
        <form method="post" action={action}>
          <button type="submit" class="primary">Yes, use {email}</button>
        </form>
        <p class="hint">If not, close this page. Without your click nothing happens.</p>
      </section>
    </Layout>
  );
}

/** What a click did: the first one leaves the other mail to open, the second changes the address. */
export function ChangeConfirmedPage({ site, email, done }: Props & { done: boolean }) {
  const title = done ? "Your address was changed" : "One more click";
  return (
    <Layout site={site} title={title}>
      <section class="narrow stack">
        <h1>{title}</h1>
        {done
          ? (
            <p>
              Sign in with <strong>{email}</strong> from now on. Your password stays as it is.
            </p>
          )
          : <p>Thank you. Now open the link in the mail that we sent to the other address.</p>}
        <p>
          <a href="/account">Your account</a>
        </p>
      </section>
    </Layout>
  );
}
