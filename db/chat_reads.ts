import type { Member, Room } from "./chat.ts";
import { commit, type Db, type Statement } from "./client.ts";
import { chatReads } from "./schema.ts";

export type Read = typeof chatReads.$inferSelect;
type Place = { room: Pick<Room, "id">; member: Pick<Member, "kind" | "id"> };

/** Keeps that `member` has read `room` up to a message of it. It only rises; a foreign message changes nothing. */
export const readUpTo = (_db: Db, place: Place, messageId: number, now: number): Statement => ({
  sql: `insert into chat_reads (room_id, member_kind, member_id, message_id, at)
    select room_id, ?, ?, id, ? from chat_messages where id = ? and room_id = ?
    on conflict (room_id, member_kind, member_id)
    do update set message_id = excluded.message_id, at = excluded.at
    where excluded.message_id > message_id`,
  args: [place.member.kind, place.member.id, now, messageId, place.room.id],
});

/** The same on its own. */
export async function recordRead(db: Db, place: Place, read: { messageId: number; now: number }) {
  await commit(db, [readUpTo(db, place, read.messageId, read.now)]);
}
