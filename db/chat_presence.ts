import { and, eq, inArray, sql } from "drizzle-orm";
import type { Member, Room } from "./chat.ts";
import type { Read } from "./chat_reads.ts";
import { commit, type Db, type Statement } from "./client.ts";
import { chatPresence, chatReads } from "./schema.ts";

/** In milliseconds: how long somebody is here after their last stream, and types after their last letter. */
export const HERE = 45_000;
const TYPING = 5000;

type Presence = typeof chatPresence.$inferSelect;
/** Who is in a room, and what they have read. */
export type RoomState = { members: Presence[]; reads: Read[] };
type Place = { room: Pick<Room, "id">; member: Member };

type Somebody = Pick<Presence, "memberKind" | "memberId" | "name">;
/** The same as it stands at one moment. */
export type Glance = { here: Somebody[]; typing: Somebody[]; reads: Read[] };

export const glanceAt = ({ members, reads }: RoomState, now: number): Glance => ({
  here: members.filter(({ seenAt }) => seenAt > now - HERE),
  typing: members.filter(({ typingAt }) => typingAt > now - TYPING),
  reads,
});

/** When a room's state changes by itself: somebody was here or typed for the last time. */
export function changesAt({ members }: RoomState, now: number): number {
  const ends = members.flatMap(({ seenAt, typingAt }) => [seenAt + HERE, typingAt + TYPING]);
  return Math.min(...ends.filter((end) => end > now), Infinity);
}

/** `member` is writing, and so they are here. */
export async function recordTyping(db: Db, place: Place, now: number) {
  await commit(db, [seenIn(db, place, now, { typingAt: now })]);
}

/** `member` is in the room now. */
export function seenIn(
  db: Db,
  { room, member }: Place,
  now: number,
  more: { typingAt?: number } = {},
): Statement {
  const { kind: memberKind, id: memberId, name } = member;
  const own = { roomId: room.id, memberKind, memberId };
  const { roomId, memberKind: kind, memberId: id } = chatPresence;
  return db.insert(chatPresence).values({ ...own, name, seenAt: now, ...more })
    .onConflictDoUpdate({ target: [roomId, kind, id], set: { name, seenAt: now, ...more } });
}

export const stopTyping = (db: Db, { room, member }: Place): Statement =>
  db.update(chatPresence).set({ typingAt: 0 }).where(and(
    eq(chatPresence.roomId, room.id),
    eq(chatPresence.memberKind, member.kind),
    eq(chatPresence.memberId, member.id),
    sql`${chatPresence.typingAt} > 0`,
  ));

/** The state of each of these rooms, in one trip. */
export async function readRoomStates(db: Db, rooms: number[]): Promise<Map<number, RoomState>> {
  const [members, reads] = await db.batch([
    db.select().from(chatPresence).where(inArray(chatPresence.roomId, listed(rooms))),
    db.select().from(chatReads).where(inArray(chatReads.roomId, listed(rooms))),
  ]);
  const states = new Map(rooms.map((id): [number, RoomState] => [id, { members: [], reads: [] }]));
  for (const member of members) states.get(member.roomId)?.members.push(member);
  for (const read of reads) states.get(read.roomId)?.reads.push(read);
  return states;
}

/** As many values as there are, in one parameter. */
export const listed = (values: (number | string)[]) =>
  sql`(select value from json_each(${JSON.stringify(values)}))`;
