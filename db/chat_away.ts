import type { Message } from "./chat.ts";
import { HERE } from "./chat_presence.ts";
import { commit, type Db, type Statement } from "./client.ts";

/** In milliseconds: how long a message waits to be read before a mail tells of it, and for how long one may. */
const UNREAD = 10 * 60_000;
const LATEST = 86_400_000;
/** Letters of a message that a mail repeats. */
const NOTE = 500;

type Side = {
  writer: Message["authorKind"];
  reader: Message["authorKind"];
  /** Who reads: their id, name and address, out of the tables that `members` adds to `rooms` and `bookings`. */
  id: string;
  name: string;
  email: string;
  members: string;
  /** What they have seen even where nobody noted that they read it. */
  seen: string;
  staff: 0 | 1;
};

const client: Side = {
  ...{ writer: "admin", reader: "client", staff: 0, members: "", seen: "0" },
  ...{ id: "b.user_id", name: "b.client_name", email: "b.client_email" },
};

/** Whose task it is; where nobody's, all who see it. What one of them answered or set aside is done for all. */
const staff: Side = {
  ...{ writer: "client", reader: "admin", staff: 1 },
  seen: "iif(r.waiting_since is null, r.last_client_message, r.last_admin_message)",
  ...{ id: "a.id", name: "a.name", email: "a.email" },
  members: `left join admins t on t.id = b.assigned_to and t.deactivated_at is null
    join admins a on a.deactivated_at is null
      and iif(t.id is null, a.role <> 'agent', a.id = t.id)`,
};

/**
 * Writes to everyone whom messages have waited for since ten minutes, and who has no stream of that conversation
 * open. What comes until they read is of the same burst, and gets no second mail. Returns how many it queued.
 */
export async function mailAway(db: Db, now: number): Promise<number> {
  const queued = await commit(db, [client, staff].map((side) => mailTo(side, now)));
  return queued.reduce((sum, rows) => sum + rows, 0);
}

/** The key ends with the last message they have read: it stands still until they read on. */
function mailTo(side: Side, now: number): Statement {
  const { writer, reader, id, name, email, members, seen } = side;
  const read = `max(coalesce(c.message_id, 0), ${seen})`;
  const unread = `room_id = r.id and author_kind = '${writer}' and deleted_at is null
    and id > ${read}`;
  const text = "coalesce(nullif(m.body, ''), json_extract(m.files, '$[0].name'))";
  return {
    sql: `insert into email_notifications (key, booking_id, template, recipient_name,
        recipient_email, params, next_try_at, created_at)
      select 'chat_unread.' || b.reference || '.${reader}.' || ${id} || '.' || ${read}, b.id,
        'chat_unread', ${name}, ${email}, json_object('reference', b.reference,
          'serviceName', b.service_name, 'staff', ${side.staff}, 'note',
          iif(length(${text}) > ${NOTE}, substr(${text}, 1, ${NOTE - 1}) || '…', ${text})), ?, ?
      from (select distinct room_id from chat_messages where created_at between ? and ?
        and author_kind = '${writer}' and deleted_at is null) due
      join chat_rooms r on r.id = due.room_id
      join service_bookings b on b.id = r.booking_id ${members}
      left join chat_reads c on c.room_id = r.id and c.member_kind = '${reader}'
        and c.member_id = ${id}
      join chat_messages m on m.id = (select max(id) from chat_messages where ${unread})
      where exists (select 1 from chat_messages where ${unread} and created_at <= ?)
        and not exists (select 1 from chat_presence where room_id = r.id
          and member_kind = '${reader}' and member_id = ${id} and seen_at > ?)
      on conflict (key) do nothing`,
    args: [now, now, now - LATEST, now - UNREAD, now - UNREAD, now - HERE],
  };
}
