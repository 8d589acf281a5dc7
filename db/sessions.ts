import { and, desc, eq, gt, isNull, notInArray, sql } from "drizzle-orm";
import type { Origin } from "./booking_moves.ts";
import type { Db, Statement } from "./client.ts";
import { unreadRooms } from "./chat_unread.ts";
import { type Permission, permissionsOf } from "./permissions.ts";
import { once } from "./prepared.ts";
import { admins, type Role, sessions, users } from "./schema.ts";
import { factorRequired } from "./settings.ts";

const DAY = 86_400_000;
/** Absolute limits, in milliseconds. */
export const sessionLife = { client: 30 * DAY, admin: DAY / 2 };
/** How long a session lives without a request, in milliseconds. */
export const idleLife = { client: 7 * DAY, admin: DAY / 48 };
/** How many sessions one person may have; the oldest end. */
const MOST = 10;

/** A live session: it knows when its owner last proved who they are. */
type Live = {
  sessionId: string;
  endsAt: number;
  provenAt: number;
  /** How many conversations hold something new for its owner. */
  unread: number;
  origin?: Origin;
  /** The address of what they ask for. */
  at?: string;
};
export type Person =
  & Live
  & ({
    kind: "client";
    id: number;
    name: string;
    email: string;
    phone: string | null;
    company: string | null;
  } | {
    kind: "admin";
    id: number;
    name: string;
    email: string;
    role: Role;
    can: Permission[];
    /** Whether a second factor is in force. */
    secondFactor: boolean;
    /** Whether the agency asks for one that is not there yet. */
    lacksFactor: boolean;
  });

type Opening = {
  kind: Person["kind"];
  id: number;
  now: number;
  userAgent?: string;
  /** The session that this browser had open. */
  instead?: string;
};

/**
 * The writes that sign somebody in under the new session `id`, which ends the one it stands `instead` of; beyond
 * ten the oldest sessions end.
 */
export function openSession(db: Db, id: string, of: Opening): Statement[] {
  const { kind, now: createdAt, userAgent } = of;
  const owner = kind === "client" ? { userId: of.id } : { adminId: of.id };
  const column = kind === "client" ? sessions.userId : sessions.adminId;
  const newest = db.select({ id: sessions.id }).from(sessions).where(eq(column, of.id))
    .orderBy(desc(sessions.createdAt), desc(sql`rowid`)).limit(MOST);
  const times = { createdAt, provenAt: createdAt, expiresAt: createdAt + sessionLife[kind] };
  return [
    ...(of.instead ? [db.delete(sessions).where(eq(sessions.id, of.instead))] : []),
    db.insert(sessions).values({ id, ...owner, ...times, userAgent: userAgent?.slice(0, 200) }),
    db.delete(sessions).where(and(eq(column, of.id), notInArray(sessions.id, newest))),
  ];
}

const { id, name, email, phone, company } = users;

const personOf = once((db) =>
  db.select({
    session: {
      createdAt: sessions.createdAt,
      provenAt: sessions.provenAt,
      expiresAt: sessions.expiresAt,
    },
    user: { id, name, email, phone, company },
    admin: {
      ...{ id: admins.id, name: admins.name, email: admins.email, role: admins.role },
      totpConfirmedAt: admins.totpConfirmedAt,
    },
    factorRequired,
    unread: unreadRooms,
  }).from(sessions)
    .leftJoin(users, and(eq(users.id, sessions.userId), isNull(users.deactivatedAt)))
    .leftJoin(admins, and(eq(admins.id, sessions.adminId), isNull(admins.deactivatedAt)))
    .where(and(
      eq(sessions.id, sql.placeholder("session")),
      gt(sessions.expiresAt, sql.placeholder("now")),
    )).prepare()
);

/** Whose session it is, or null when it has ended or its owner may not sign in any more. */
export async function findPerson(db: Db, sessionId: string, now: number): Promise<Person | null> {
  const row = await personOf(db).get({ session: sessionId, now });
  if (!row) return null;
  const { createdAt, provenAt, expiresAt: endsAt } = row.session;
  const live = { sessionId, endsAt, provenAt: provenAt ?? createdAt, unread: row.unread };
  if (row.admin) {
    const { id, name, email, role, totpConfirmedAt } = row.admin;
    const secondFactor = totpConfirmedAt !== null;
    return {
      kind: "admin",
      id,
      name,
      email,
      role,
      can: permissionsOf(role),
      secondFactor,
      lacksFactor: !secondFactor && row.factorRequired === 1,
      ...live,
    };
  }
  if (!row.user) return null;
  const { id, name, email, phone, company } = row.user;
  return { kind: "client", id, name, email, phone, company, ...live };
}
