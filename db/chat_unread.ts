import { and, desc, eq, gt, type Placeholder, sql } from "drizzle-orm";
import { waits } from "./chat_rooms.ts";
import type { Db } from "./client.ts";
import { once } from "./prepared.ts";
import { chatReads, chatRooms, serviceBookings } from "./schema.ts";
import { anyAdmin, anyClient, type Looker, seenThrough, type Viewer } from "./viewers.ts";

/** How far back staff's rooms are looked through, counted in rooms by the client's last message. */
const ROOMS = 200;
/** Beyond this a number says nothing more. */
const MOST = 99;

/**
 * How many conversations hold something new for the owner of the session in a query that has read `sessions` and
 * `admins`. For staff: what a client said that neither they have read nor any of them answered, about bookings
 * that are theirs or nobody's. A plus keeps the way by rooms: bookings that are nobody's may be most.
 */
export const unreadRooms = sql<number>`case when sessions.user_id is not null then (
  select count(*) from service_bookings b join chat_rooms r on r.booking_id = b.id
  left join chat_reads c on c.room_id = r.id and c.member_kind = 'client' and c.member_id = b.user_id
  where b.user_id = sessions.user_id and r.last_admin_message > coalesce(c.message_id, 0)
) else (
  select count(*) from (select * from chat_rooms where last_client_message > 0
    order by last_client_message desc limit ${ROOMS}) r
  join service_bookings b on b.id = r.booking_id
  left join chat_reads c on c.room_id = r.id and c.member_kind = 'admin' and c.member_id = admins.id
  where r.waiting_since is not null
    and r.last_client_message > max(coalesce(c.message_id, 0), r.last_admin_message)
    and (+b.assigned_to = admins.id or (+b.assigned_to is null and admins.role <> 'agent'))
) end`;

export type Unread = {
  bookingId: number;
  reference: string;
  serviceName: string;
  clientName: string;
  /** At most 99. */
  messages: number;
};

const unreadFor = (viewer: Exclude<Looker, { kind: "guest" }>) =>
  once((db) => {
    const staff = viewer.kind === "admin";
    const last = staff ? chatRooms.lastClientMessage : chatRooms.lastAdminMessage;
    const read = staff
      ? sql<number>`max(coalesce(${chatReads.messageId}, 0), ${chatRooms.lastAdminMessage})`
      : sql<number>`coalesce(${chatReads.messageId}, 0)`;
    const reading = and(
      eq(chatReads.roomId, chatRooms.id),
      eq(chatReads.memberKind, viewer.kind),
      eq(chatReads.memberId, viewer.id),
    );
    return db.select({
      bookingId: serviceBookings.id,
      reference: serviceBookings.reference,
      serviceName: serviceBookings.serviceName,
      clientName: serviceBookings.clientName,
      messages: sql<number>`(select count(*) from (select 1 from chat_messages
        where room_id = ${chatRooms.id} and id > ${read}
        and author_kind = ${staff ? "client" : "admin"} and deleted_at is null limit ${MOST}))`,
    }).from(chatRooms)
      .innerJoin(serviceBookings, eq(serviceBookings.id, chatRooms.bookingId))
      .leftJoin(chatReads, reading)
      .where(and(
        seenThrough(viewer, chatRooms.bookingId),
        staff ? and(waits, theirs(viewer.id)) : undefined,
        gt(last, read),
      ))
      .orderBy(desc(sql`+${last}`)).limit(sql.placeholder("limit")).prepare();
  });

const unreadOf = { client: unreadFor(anyClient), admin: unreadFor(anyAdmin) };

/** The conversations with something new for `viewer`, the newest first. */
export async function listUnread(db: Db, viewer: Viewer, limit = 50): Promise<Unread[]> {
  if (viewer.kind === "guest") return [];
  return await unreadOf[viewer.kind](db).all({ viewer: viewer.id, limit });
}

const theirs = (adminId: number | Placeholder) => {
  const { assignedTo } = serviceBookings;
  return sql`(+${assignedTo} is null or +${assignedTo} = ${adminId})`;
};
