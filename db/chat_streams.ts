import { inArray, lt } from "drizzle-orm";
import { and, count, eq, gt } from "drizzle-orm";
import type { Member, Room } from "./chat.ts";
import { listed, seenIn } from "./chat_presence.ts";
import { commit, type Db, isEmpty, type Statement } from "./client.ts";
import { Problem } from "./problem.ts";
import { chatStreams } from "./schema.ts";
import { randomToken } from "./tokens.ts";

/** How many streams one member may have open, over all processes. */
const MOST = 6;
/** How long a stream counts without being renewed, in milliseconds: so long after its process died. */
const LEASE = 30_000;

/**
 * Counts one more stream of `member`, who is in `room` from now on, and returns what it is called. Throws
 * `too_many` beyond six.
 */
export async function openStream(
  db: Db,
  place: { room: Pick<Room, "id">; member: Member },
  now: number,
): Promise<string> {
  const { room, member: { kind, id: memberId } } = place;
  const id = randomToken();
  try {
    await commit(db, [
      db.delete(chatStreams).where(lt(chatStreams.leaseUntil, now)),
      onlyBelow(db, { kind, memberId, now }, {
        ...{ id, roomId: room.id, memberKind: kind, memberId, leaseUntil: now + LEASE },
      }),
      seenIn(db, place, now),
    ]);
  } catch (error) {
    if (isEmpty(error, "chat_streams.lease_until")) throw tooManyOpen();
    throw error;
  }
  return id;
}

type Stream = typeof chatStreams.$inferInsert;

/** A row without an end is refused, and with it the batch: that is what the seventh gets. */
function onlyBelow(
  db: Db,
  of: { kind: Member["kind"]; memberId: number; now: number },
  stream: Stream,
): Statement {
  const open = db.select({ n: count() }).from(chatStreams).where(and(
    eq(chatStreams.memberKind, of.kind),
    eq(chatStreams.memberId, of.memberId),
    gt(chatStreams.leaseUntil, of.now),
  )).toSQL();
  const { id, roomId, memberKind, memberId, leaseUntil } = stream;
  return {
    sql: `insert into chat_streams (id, room_id, member_kind, member_id, lease_until)
      values (?, ?, ?, ?, case when (${open.sql}) < ${MOST} then ? end)`,
    args: [id, roomId, memberKind, memberId, ...open.params as (string | number)[], leaseUntil],
  };
}

const tooManyOpen = () =>
  new Problem("too_many", "You have this open in many places. Close some of them first.");

/** These are still open, and whose they are is still here. */
export async function renewStreams(db: Db, ids: string[], now: number) {
  await commit(db, [
    db.update(chatStreams).set({ leaseUntil: now + LEASE }).where(
      inArray(chatStreams.id, listed(ids)),
    ),
    {
      sql: `update chat_presence set seen_at = ? where (room_id, member_kind, member_id) in
        (select room_id, member_kind, member_id from chat_streams
        where id in (select value from json_each(?)))`,
      args: [now, JSON.stringify(ids)],
    },
  ]);
}

/** These have ended. Whose they were stays here for the time of grace: most come back at once. */
export async function closeStreams(db: Db, ids: string[]) {
  await commit(db, [db.delete(chatStreams).where(inArray(chatStreams.id, listed(ids)))]);
}
