import { Crumbs } from "./crumbs.tsx";
import type { Guide, Told } from "./help_guides.ts";
import { booking } from "./help_booking.tsx";
import { chat } from "./help_chat.tsx";
import { firstDay } from "./help_first_day.tsx";
import { money } from "./help_money.tsx";
import { paying } from "./help_paying.tsx";
import { review } from "./help_review.tsx";
import { team } from "./help_team.tsx";
import { Layout, type Site } from "./layout.tsx";

const readers: [who: string, guides: Guide[]][] = [
  ["For clients", [booking, paying, chat]],
  ["For the team", [firstDay, review, money, team]],
];

/** All guides, by the last part of their address. */
export const guides = new Map(
  readers.flatMap(([, guides]) => guides).map((guide) => [guide.name, guide]),
);

export function HelpPage({ site }: { site: Site }) {
  const { email } = site.agency;
  return (
    <Layout site={site} title="Help" about="How to book, pay and talk to us." path="/help">
      <h1>Help</h1>
      <p class="lead">Short guides to everything here, with pictures of what you will see.</p>
      {readers.map(([who, guides]) => (
        <section class="section">
          <h2>{who}</h2>
          <ul class="list">{guides.map((guide) => <Entry guide={guide} />)}</ul>
        </section>
      ))}
      <p>
        Something else? Write to <a href={`mailto:${email}`}>{email}</a>.
      </p>
    </Layout>
  );
}

const Entry = ({ guide: { name, title, about } }: { guide: Guide }) => (
  <li class="list-row">
    <a href={`/help/${name}`}>
      <b>{title}</b>
    </a>
    <p>{about}</p>
  </li>
);

type GuideProps = Told & { site: Site; guide: Guide };

export function GuidePage({ site, guide, ...told }: GuideProps) {
  const { name, title, about, Body } = guide;
  return (
    <Layout {...{ site, title, about }} path={`/help/${name}`}>
      <Crumbs links={[["Help", "/help"]]} />
      <h1>{title}</h1>
      <p class="lead">{about}</p>
      <div class="catalogue">
        <Index here={guide} />
        <article class="stack prose">
          <Body {...told} />
        </article>
      </div>
    </Layout>
  );
}

/** The guides for the same readers. */
function Index({ here }: { here: Guide }) {
  const [who, guides = []] = readers.find(([, guides]) => guides.includes(here)) ?? [];
  return (
    <nav class="index" aria-label={who}>
      <ul>
        {guides.map((guide) => (
          <li>
            <a href={`/help/${guide.name}`} aria-current={guide === here ? "page" : undefined}>
              {guide.title}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
