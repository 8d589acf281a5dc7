import { mailWhom } from "./account_mails.ts";
import type { Statement } from "./client.ts";
import { type Owner, subjectOf } from "./open_sessions.ts";

/** So many wrong passwords or codes before a right one are worth a mail. */
const MANY = 5;
const DAY = 86_400_000;

/** Failures of a day that came after the last time somebody got in. */
const failures = `(select count(*) from audit_log
  where subject = ? and action in ('sign_in_failed', 'code_refused') and at > ? and id > coalesce(
    (select id from audit_log where subject = ? and action = 'sign_in' order by id desc limit 1), 0))`;

/** Tells the owner of an account that somebody got in after many failed. Goes before the entry that they got in. */
export function noticeOfFailures(owner: Owner, now: number): Statement {
  const subject = subjectOf(owner);
  return alarm(owner, {
    ...{ change: "guessed", now, where: `id = ? and ${failures} >= ${MANY}` },
    args: [owner.id, subject, now - DAY, subject],
  });
}

/** Tells an admin that somebody who has their password gave one wrong code after the other. */
export const noticeOfCodes = (id: number, now: number): Statement =>
  alarm({ kind: "admin", id }, { change: "codes", now, where: "id = ?", args: [id] });

type Alarm = { change: "guessed" | "codes"; now: number; where: string; args: (string | number)[] };

/** Once an hour at most. */
function alarm(owner: Owner, { change, now, where, args }: Alarm): Statement {
  const hour = Math.floor(now / 3_600_000);
  const staff = owner.kind === "admin" ? 1 : 0;
  return mailWhom({ kind: owner.kind, where, args }, {
    template: "password_reset",
    key: `sign_in_${change}.${hour}.${owner.kind}-${owner.id}`,
    ...{ params: { change, staff }, now },
  });
}
