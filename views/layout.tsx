import type { Child, PropsWithChildren } from "hono/jsx";
import type { Permission } from "../db/permissions.ts";
import { Navigation } from "./navigation.tsx";

/** What every page knows: whose product it is and where its files are. */
export type Site = {
  agency: { name: string; email: string; currency: string; timezone: string };
  /** The agency's own face and words; null or undefined where the product's stand in. */
  brand: Brand;
  /** Counts how often this process has seen the face change. */
  edition: number;
  assets: {
    css: string;
    admin: string;
    script: string;
    live: string;
    stream: string;
    queue: string;
  };
  url: string;
};
export type Brand = {
  accent: string | null;
  sentence: string | null;
  line: string | null;
  contact: string | null;
  legal: string | null;
  /** The stylesheet with the agency's accent, after ours. */
  theme?: string;
  logo?: { src: string; width: number; height: number };
};
/** The signed-in person, as the head of a page names them. */
export type Who = {
  kind: "client" | "admin";
  name: string;
  can?: Permission[];
  /** How many conversations hold something new for them. */
  unread?: number;
  /** The address of the page they are on. */
  at?: string;
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
  /** As staff's pages are: dense, over the whole screen, with their own styles. */
  wide?: boolean;
  /** Those styles alone. */
  staff?: boolean;
}>;

export function Layout(props: LayoutProps) {
  const { site, wide, children } = props;
  return (
    <html lang="en" data-zone={site.agency.timezone}>
      <Head {...props} />
      <body class={wide ? "wide" : undefined}>
        <a class="skip" href="#main">Skip to content</a>
        <Header {...props} />
        <main id="main" tabindex={-1}>{children}</main>
        <Footer site={site} />
      </body>
    </html>
  );
}

const VIEWPORT = "width=device-width, initial-scale=1";
/** Where people write at the bottom, a keyboard on the screen leaves that in view. */
const ABOVE_KEYS = "interactive-widget=resizes-content";

function Head(props: LayoutProps) {
  const { site, title, about, who, stream, wide, staff = wide } = props;
  const { css, admin } = site.assets;
  const script = scriptOf(props);
  return (
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content={stream ? `${VIEWPORT}, ${ABOVE_KEYS}` : VIEWPORT} />
      <meta name="color-scheme" content="light dark" />
      <title>{`${title} - ${site.agency.name}`}</title>
      {about && <meta name="description" content={about} />}
      <Shared {...props} />
      <link rel="icon" href={iconFor(who)} type="image/svg+xml" />
      <link rel="manifest" href="/manifest.webmanifest" />
      <link rel="stylesheet" href={css} />
      {staff && <link rel="stylesheet" href={admin} />}
      {site.brand.theme && <link rel="stylesheet" href={site.brand.theme} />}
      {script && <script src={script} defer />}
    </head>
  );
}

/** Marked while somebody waits to be read; static/installation.js keeps it so. */
const iconFor = (who?: Who) => who?.unread ? "/icon-unread.svg" : "/icon.svg";

/** Public pages that only show something do without. */
const scriptOf = ({ site: { assets }, who, live, stream }: LayoutProps) =>
  stream ? assets.stream : live ? assets.live : who && assets.script;

/** What a link to a public page looks like where it is shared; other pages are in no search. */
function Shared({ site, title, about, path }: LayoutProps) {
  if (path === undefined) return <meta name="robots" content="noindex" />;
  const url = `${site.url}${path}`;
  const facts = {
    ...{ title, description: about, url, type: "website", site_name: site.agency.name },
    image: `${site.url}/icon-512.png`,
  };
  return (
    <>
      <link rel="canonical" href={url} />
      {Object.entries(facts).map(([name, content]) => (
        <meta property={`og:${name}`} content={content} />
      ))}
    </>
  );
}

const Header = ({ site, who, path }: LayoutProps) => (
  <header class="site-head">
    <a class="site-name" href={who?.kind === "admin" ? "/admin" : "/"}>
      {site.brand.logo && <img class="logo" alt="" {...site.brand.logo} />}
      {site.agency.name}
    </a>
    <Navigation who={who} path={path} />
  </header>
);

function Footer({ site: { agency, brand } }: { site: Site }) {
  return (
    <footer class="site-foot">
      <p class="contact">{[agency.name, brand.contact].filter(Boolean).join("\n")}</p>
      <ul>
        <li>
          <a href={`mailto:${agency.email}`}>{agency.email}</a>
        </li>
        <li>
          <a href="/help">Help</a>
        </li>
        {brand.legal && (
          <li>
            <a href="/legal">Legal notice</a>
          </li>
        )}
      </ul>
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
