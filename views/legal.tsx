import { Layout, type Site } from "./layout.tsx";

/** What the agency must say of itself, in its own words. */
export function LegalPage({ site, text }: { site: Site; text: string }) {
  return (
    <Layout
      site={site}
      title="Legal notice"
      about={`What ${site.agency.name} must tell you.`}
      path="/legal"
    >
      <h1>Legal notice</h1>
      <p class="details">{text}</p>
    </Layout>
  );
}
