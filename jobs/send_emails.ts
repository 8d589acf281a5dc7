import type { Db } from "../db/client.ts";
import { claimEmails, type DueEmail, holdEmails, LEASE } from "../db/email_claims.ts";
import { markFailed, markSent, postponeEmail } from "../db/email_results.ts";
import { isOvertaken, mayLeaveAt } from "../db/reminder_mails.ts";
import type { Config } from "./config.ts";
import { type Composed, composeMail } from "./compose_mail.ts";
import { log, nameOf } from "./log.ts";
import type { Gateway } from "./gateways/gateway.ts";
import { type Mailer, MailError } from "./gateways/mailer.ts";
import { within } from "./patience.ts";

export type Post = {
  db: Db;
  config: Config;
  mailer: Mailer | null;
  gateways: Gateway[];
  /** The time as a long run sees it pass; without it the run's instant stands still. */
  clock?: () => number;
};

type Timer = ReturnType<typeof setTimeout> | undefined;

/** How soon, in milliseconds, mails that came meanwhile are seen while others are on their way. */
const LOOK_AGAIN = 500;

/**
 * Sends every mail that is due, until none is left. Returns how many left. As many as the mailer takes are on
 * their way at once; one that hangs or fails holds up no other.
 */
export async function sendEmails(post: Post, now: number): Promise<number> {
  const { mailer, clock = () => now } = post;
  if (!mailer) return 0;
  const way = new Map<DueEmail, Promise<void>>();
  const stopHolding = keepHolding(post.db, way, clock);
  let sent = 0;
  const send = async (due: DueEmail) => {
    if (await sendOne(post, due, clock)) sent++;
    way.delete(due);
  };
  try {
    do {
      const free = mailer.atOnce - way.size;
      const claimed = free > 0 ? await claimEmails(post.db, clock(), free) : [];
      for (const due of claimed) way.set(due, send(due));
    } while (await oneDone(way));
  } finally {
    await Promise.all(way.values());
    await stopHolding();
  }
  return sent;
}

/** Waits until one is done, or for a while; false when none is on its way. */
async function oneDone(way: Map<DueEmail, Promise<void>>): Promise<boolean> {
  if (way.size === 0) return false;
  let timer: Timer;
  const pause = new Promise<void>((resolve) => timer = setTimeout(resolve, LOOK_AGAIN));
  await Promise.race([...way.values(), pause]);
  clearTimeout(timer);
  return true;
}

/** Mails on their way stay this process's, however long they take; returns what ends that. */
function keepHolding(db: Db, way: Map<DueEmail, unknown>, clock: () => number) {
  let held: Promise<void> | undefined;
  const timer = setInterval(() => {
    held = holdEmails(db, [...way.keys()].map(({ email }) => email), clock()).catch(reportUnheld);
  }, LEASE / 3);
  return async () => {
    clearInterval(timer);
    await held;
  };
}

const reportUnheld = (error: unknown) => log("warn", "emails_not_held", { error: nameOf(error) });

/** What happened is kept on the mail's row; where even that fails, its lease ends and it is sent again. */
async function sendOne(post: Post, due: DueEmail, clock: () => number): Promise<boolean> {
  const at = mayLeaveAt(due, clock(), post.config.agency.timezone);
  const waits = at > clock();
  const { mail, failure } = waits ? {} : await tryOne(post, due, clock());
  try {
    if (waits) await postponeEmail(post.db, due, at);
    else if (mail && !failure) await markSent(post.db, due, { ...mail.kept, now: clock() });
    else await markFailed(post.db, due, { ...wordsOf(failure), letter: mail?.kept, now: clock() });
  } catch (error) {
    log("error", "email_not_recorded", { email: due.email.id, error: nameOf(error) });
  }
  return mail !== undefined && failure === undefined;
}

type Tried = { mail?: Composed; failure?: unknown };

async function tryOne({ mailer, ...post }: Post, due: DueEmail, now: number): Promise<Tried> {
  const tried: Tried = {};
  try {
    if (isOvertaken(due)) throw new MailError("overtaken", true);
    if (due.suppressed) throw new MailError("suppressed", true);
    await within(mailer?.patience ?? 0, async (signal) => {
      tried.mail = await composeMail({ mailer, ...post }, due, now);
      signal.throwIfAborted();
      await mailer?.deliver(tried.mail, now, signal);
    }, () => new MailError("timeout", false));
  } catch (failure) {
    tried.failure = failure;
  }
  return tried;
}

function wordsOf(failure: unknown) {
  if (!(failure instanceof MailError)) return { error: nameOf(failure), permanent: false };
  const { word: error, permanent, noMailbox } = failure;
  return { error, permanent, noMailbox, calm: error === "overtaken" };
}
