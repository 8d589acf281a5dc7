import type { RoomRow } from "../../db/chat_rooms.ts";
import { Alert, Layout, type Site, type Who } from "../layout.tsx";
import { type Filter, FilterLinks, listAddress } from "./list_filters.tsx";
import { Pager } from "./list_links.tsx";
import { MessageSearch } from "./message_search.tsx";
import { RoomLine } from "./room_lines.tsx";
import { Table } from "./tables.tsx";

type ListProps = {
  query: Filter & { show?: "unread" | "mine" };
  rooms: RoomRow[];
  /** Where to go on from; null on the last page. */
  next: string | null;
  /** Why nothing was changed. */
  problem?: string;
  /** Whether the one who looks may change the canned replies. */
  mayEdit: boolean;
  now: number;
  zone: string;
};

const PATH = "/admin/chat";

export function RoomsPage({ site, who, ...list }: ListProps & { site: Site; who: Who }) {
  return (
    <Layout {...{ site, who }} title="Chats" live wide>
      <RoomsPanel {...list} />
    </Layout>
  );
}

/** Who waits longest for an answer stands on top. */
export function RoomsPanel({ query, rooms, next, problem, mayEdit, now, zone }: ListProps) {
  return (
    <section id="rooms" class="stack" {...renewed(query)}>
      <div class="list-head">
        <h1>Chats</h1>
        {mayEdit && <a href="/admin/replies">Canned replies</a>}
      </div>
      {problem && <Alert>{problem}</Alert>}
      <MessageSearch />
      <FilterLinks
        {...{ path: PATH, query, name: "show", label: "Which chats" }}
        options={[["unread", "New for you"], ["mine", "Yours"]]}
      />
      {rooms.length === 0
        ? <Nothing query={query} />
        : <Table columns={columns}>{rooms.map((row) => RoomLine({ row, now, zone }))}</Table>}
      <Pager {...{ path: PATH, query, next }} cursor="page" word="Further chats" />
    </section>
  );
}

/**
 * Comes again by itself as a page, for the navigation counts what is new too; what somebody types or holds stays.
 * `seen` says that nobody asked, so that an idle session ends all the same.
 */
const renewed = (query: ListProps["query"]) => ({
  "data-hx-get": listAddress(PATH, query, { page: query.page, seen: "page" }),
  "data-hx-trigger": "every 20s, focus from:window throttle:5s",
  "data-hx-select": "#rooms",
  "data-hx-select-oob": "#chats:outerMorph",
  "data-hx-swap": "outerMorph",
  "data-hx-status:4xx": "swap:none",
  "data-hx-status:5xx": "swap:none",
});

const columns = [
  ...["Waiting", "Client", "Booking", "Service", "Status", "Last words", "Whose", "Action"],
];

const Nothing = ({ query: { show, page } }: Pick<ListProps, "query">) => (
  <div class="empty">
    {show || page
      ? (
        <p>
          Nothing here right now. <a href={PATH}>See all chats</a>
        </p>
      )
      : <p>No chats yet. One opens as soon as a booking is paid.</p>}
  </div>
);
