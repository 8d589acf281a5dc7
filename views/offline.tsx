import { Layout, type Site } from "./layout.tsx";

/** Kept on the device, and shown at the address of any page that could not be reached. */
export function OfflinePage({ site }: { site: Site }) {
  return (
    <Layout site={site} title="No connection">
      <h1>You are offline</h1>
      <p class="lead">This page needs the network. Nothing is lost, and nothing was sent.</p>
      <div class="prose">
        <ul>
          <li>Your bookings, payments and messages are safe with us.</li>
          <li>Bookings go on meanwhile: we answer by e-mail too.</li>
          <li>Pages that are still open stay readable, and a chat goes on when you are back.</li>
        </ul>
      </div>
      <p>
        <a class="button primary" href="">Try again</a>
      </p>
    </Layout>
  );
}
