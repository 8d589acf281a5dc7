import { and, desc, eq, gt, notInArray, sql } from "drizzle-orm";
import { auditedIfDone } from "./audit.ts";
import type { Actor } from "./booking_moves.ts";
import { commit, type Db, type Statement } from "./client.ts";
import { Problem } from "./problem.ts";
import { admins, emailNotifications as mails, type EmailStatus, type Role } from "./schema.ts";
import { randomToken, tokenLife } from "./tokens.ts";

/** An invitation is a mail that waits to be accepted: its link is made when it is sent. */
export type Invitation = { email: string; role: Role; status: EmailStatus; at: number };
type Invite = { email: string; role: Role; actor: Actor; now: number };

/** The invitations that nobody has accepted yet, newest first. */
export async function listInvitations(db: Db, now: number): Promise<Invitation[]> {
  const { recipientEmail: email, params, status, createdAt: at } = mails;
  const rows = await db.select({ email, params, status, at }).from(mails).where(and(
    eq(mails.template, "admin_invitation"),
    gt(at, now - tokenLife.invitation),
    sql`${params} ->> 'withdrawn' is null`,
    notInArray(email, db.select({ email: admins.email }).from(admins)),
  )).orderBy(desc(mails.id)).limit(100);
  const newest = rows.filter((row, place) =>
    rows.findIndex(({ email }) => email === row.email) === place
  );
  return newest.map(({ params, ...row }) => ({ ...row, role: params.role as Role }));
}

/**
 * Mails an invitation to become an admin with that role; an open one to the same address ends. Throws `conflict`
 * for an address that is an admin's already, and while the last invitation is just being sent.
 */
export async function inviteAdmin(db: Db, invite: Invite) {
  const key = `admin_invitation.${randomToken()}`;
  const { email, role, actor, now } = invite;
  const [rows] = await commit(db, [
    invitationMail(key, invite),
    auditedIfDone({ actor, now }, { action: "team.invite", subject: email, after: { role } }),
    ...endOlder(email, key),
  ]);
  if (rows !== 1) await refuse(db, email);
}

function invitationMail(key: string, { email, role, now }: Invite): Statement {
  return {
    sql: `insert into email_notifications (key, template, recipient_name, recipient_email, params,
        next_try_at, created_at)
      select ?, 'admin_invitation', ?, ?, ?, ?, ?
      where not exists (select 1 from admins where email = ?) and not exists (
        select 1 from email_notifications where template = 'admin_invitation'
          and recipient_email = ? and status = 'sending')`,
    args: [key, email, email, JSON.stringify({ role }), now, now, email, email],
  };
}

/** Mails that have not left never will, and links that have left no longer work. */
function endOlder(email: string, key: string): Statement[] {
  const invited = "exists (select 1 from email_notifications where key = ?)";
  return [
    {
      sql: `delete from email_notifications where template = 'admin_invitation'
        and recipient_email = ? and key <> ? and status in ('queued', 'failed', 'dead') and ${invited}`,
      args: [email, key, key],
    },
    {
      sql: `update one_time_tokens set used_by = ? where purpose = 'invitation' and email = ?
        and used_by is null and ${invited}`,
      args: [key, email, key],
    },
  ];
}

/**
 * Ends what was sent to an address and nobody has accepted: its link opens nothing more, and what has not left never
 * does. Throws `conflict` where there is nothing to end, or it is just being sent.
 */
export async function withdrawInvitation(db: Db, { email, actor, now }: Omit<Invite, "role">) {
  const [rows] = await commit(db, [
    {
      sql: `update email_notifications set params = json_set(params, '$.withdrawn', 1),
          status = case status when 'sent' then status else 'dead' end, dismissed_at = ?
        where template = 'admin_invitation' and recipient_email = ? and created_at > ?
          and params ->> 'withdrawn' is null and not exists (
            select 1 from email_notifications where template = 'admin_invitation'
              and recipient_email = ? and status = 'sending')`,
      args: [now, email, now - tokenLife.invitation, email],
    },
    auditedIfDone({ actor, now }, { action: "team.withdraw", subject: email }),
    {
      sql: `update one_time_tokens set used_by = ? where purpose = 'invitation' and email = ?
        and used_by is null and changes() > 0`,
      args: [randomToken(), email],
    },
  ]);
  if (rows === 0) throw notWaiting();
}

const notWaiting = () =>
  new Problem(
    "conflict",
    "No invitation to this address waits, or it is just being sent. Look again in a minute.",
  );

async function refuse(db: Db, email: string): Promise<never> {
  const admin = await db.select({ id: admins.id }).from(admins)
    .where(eq(admins.email, email)).get();
  throw new Problem(
    "conflict",
    admin
      ? "Somebody with this address is on the team already."
      : "The last invitation to this address is just being sent. Try again in a minute.",
  );
}
