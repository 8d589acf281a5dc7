import type { FoundMessage } from "../../db/chat_search.ts";
import { Instant } from "../format.tsx";
import { Layout, type Site, type Who } from "../layout.tsx";
import { Pager } from "./list_links.tsx";
import { MessageSearch } from "./message_search.tsx";

type ListProps = {
  query: { q: string; before?: number };
  found: FoundMessage[];
  /** The id to go on from; null on the last page. */
  next: number | null;
  now: number;
  zone: string;
};

const PATH = "/admin/chat";

export function FoundPage({ site, who, ...list }: ListProps & { site: Site; who: Who }) {
  return (
    <Layout {...{ site, who }} title={`Chats: ${list.query.q}`} live wide>
      <FoundPanel {...list} />
    </Layout>
  );
}

export function FoundPanel({ query, found, next, now, zone }: ListProps) {
  return (
    <section id="found" class="stack">
      <p>
        <a href={PATH}>All chats</a>
      </p>
      <h1>Said in the chats</h1>
      <MessageSearch q={query.q} />
      {found.length === 0
        ? <p class="empty">Nobody has said that. Write whole words; the last may be a beginning.</p>
        : <ul class="list">{found.map((message) => Found({ message, now, zone }))}</ul>}
      <Pager {...{ path: PATH, query, next }} cursor="before" />
    </section>
  );
}

/** Leads to the message among those around it. */
function Found({ message, now, zone }: { message: FoundMessage; now: number; zone: string }) {
  const { id, authorName, createdAt, reference, clientName, serviceName, pieces } = message;
  const chat = `/admin/bookings/${reference}/chat`;
  return (
    <li class="list-row">
      <a href={`${chat}?message=${id}#message-${id}`}>
        <bdi>{authorName}</bdi>, <Instant at={createdAt} now={now} zone={zone} />
      </a>
      <span>
        <bdi>{clientName}</bdi>, {serviceName}
      </span>
      <span class="reference">{reference}</span>
      <p>{pieces.map(({ text, found }) => found ? <mark>{text}</mark> : text)}</p>
    </li>
  );
}
