import type { Child, PropsWithChildren } from "hono/jsx";
import type { Permission } from "../db/permissions.ts";
import { UnreadBadge } from "./unread.tsx";

/** What every page knows: whose product it is and where its files are. */
export type Site = {
  agency: { name: string; email: string; currency: string; timezone: string };
  assets: { css: string; live: string; stream: string };
  url: string;
};
/** The signed-in person, as the head of a page names them. */
export type Who = {
  kind: "client" | "admin";
  name: string;
  can?: Permission[];
  /** How many conversations hold something new for them. */
  unread?: number;
};

type LayoutProps = PropsWithChildren<{
  site: Site;
  title: string;
  /** One sentence for search engines and for those who share the page. */
  about?: string;
  /** Where a public page is at home, whatever stands behind the question mark. */
  path?: string;
  who?: Who;
  /** Loads htmx; pages that do without it stay light. */
  live?: boolean;
  /** Loads htmx with its extension for server-sent events. */
  stream?: boolean;
  wide?: boolean;
  /** The id of what must have come before anything is painted, where a page is laid out from its end. */
  until?: string;
}>;

export function Layout(props: LayoutProps) {
  const { site, who, wide, children } = props;
  return (
    <html lang="en">
      <Head {...props} />
      <body class={wide ? "wide" : undefined}>
        <a class="skip" href="#main">Skip to content</a>
        <Header site={site} who={who} />
        <main id="main" tabindex={-1}>{children}</main>
        <Footer site={site} />
      </body>
    </html>
  );
}

function Head(props: LayoutProps) {
  const { site, title, about, live, stream, until } = props;
  const { css, live: script, stream: streaming } = site.assets;
  return (
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>{`${title} - ${site.agency.name}`}</title>
      {about && <meta name="description" content={about} />}
      <Shared {...props} />
      <link rel="icon" href="/icon.svg" type="image/svg+xml" />
      <link rel="manifest" href="/manifest.webmanifest" />
      <link rel="stylesheet" href={css} />
      {until && <link rel="expect" href={`#${until}`} blocking="render" />}
      {(live || stream) && <script src={stream ? streaming : script} defer />}
    </head>
  );
}

/** What a link to a public page looks like where it is shared. */
function Shared({ site, title, about, path }: LayoutProps) {
  if (path === undefined) return null;
  const url = `${site.url}${path}`;
  const facts = { title, description: about, url, type: "website", site_name: site.agency.name };
  return (
    <>
      <link rel="canonical" href={url} />
      {Object.entries(facts).map(([name, content]) => (
        <meta property={`og:${name}`} content={content} />
      ))}
    </>
  );
}

const Header = ({ site, who }: { site: Site; who?: Who }) => (
  <header class="site-head">
    <a class="site-name" href={who?.kind === "admin" ? "/admin" : "/"}>{site.agency.name}</a>
    <Navigation who={who} />
  </header>
);

/** Some lead only those who may go there. */
const links: Record<"public" | Who["kind"], [string, string, Permission?][]> = {
  public: [["Services", "/services"], ["Book", "/book"], ["Your bookings", "/dashboard"]],
  client: [["Your bookings", "/dashboard"], ["Services", "/services"], ["Book", "/book"]],
  admin: [
    ["Overview", "/admin"],
    ["Bookings", "/admin/bookings"],
    ["Payments", "/admin/payments"],
    ["Mails", "/admin/emails"],
    ["Services", "/admin/services", "services"],
    ["Jobs", "/admin/jobs", "jobs"],
    ["Team", "/admin/team", "team"],
    ["Audit", "/admin/audit", "audit"],
    ["Settings", "/admin/settings", "settings"],
  ],
};

const linksFor = (who?: Who) =>
  links[who?.kind ?? "public"].filter(([, , needs]) => !needs || who?.can?.includes(needs));

/** Which link leads to the conversations. */
const chatsAt = (who?: Who) => who?.kind === "admin" ? "/admin" : "/dashboard";

function Navigation({ who }: { who?: Who }) {
  return (
    <nav class="site-nav" aria-label="Main">
      <ul>
        {linksFor(who).map(([label, href]) => (
          <li>
            <a href={href}>
              {label}
              {href === chatsAt(who) && (
                <UnreadBadge count={who?.unread ?? 0} of="conversations with something new" />
              )}
            </a>
          </li>
        ))}
        {who && <SignedIn who={who} />}
      </ul>
    </nav>
  );
}

const SignedIn = ({ who }: { who: Who }) => (
  <li class="who">
    <a href={who.kind === "admin" ? "/admin/account" : "/account"}>{who.name}</a>
    <form method="post" action="/sign-out">
      <button type="submit" class="quiet">Sign out</button>
    </form>
  </li>
);

function Footer({ site }: { site: Site }) {
  return (
    <footer class="site-foot">
      <p>
        {site.agency.name} - <a href={`mailto:${site.agency.email}`}>{site.agency.email}</a>
      </p>
    </footer>
  );
}

/** An icon of the sprite; decoration, so the word beside it carries the meaning. */
export function Icon({ name }: { name: string }) {
  return (
    <svg class="icon" width="16" height="16" aria-hidden="true">
      <use href={`/static/icons.svg#${name}`} />
    </svg>
  );
}

/** A notice above the content: what happened and what to do. */
export function Alert(
  { children, kind = "bad" }: { children: Child; kind?: "bad" | "good" | "info" },
) {
  return <div class={`alert ${kind}`} role={kind === "bad" ? "alert" : "status"}>{children}</div>;
}
