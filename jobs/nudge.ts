import { hurryEmails } from "../db/email_repairs.ts";
import { log, nameOf } from "./log.ts";
import { type Post, sendEmails } from "./send_emails.ts";
import { sendRefunds } from "./send_refunds.ts";

/** Milliseconds between looks at the outbox: soon after another process died, what it held leaves here. */
export const LOOK_AGAIN = 30_000;

/** Up to so many milliseconds a run that begins waits itself, and all that is nudged meanwhile with it. */
const SOON = 1000;

/**
 * Sends refunds and mails soon after something was written. Each goes its own way, one run at a time, so that a
 * provider that hangs delays no mail: what comes in meanwhile makes it run once more.
 */
export function createNudge(post: Post, clock: () => number) {
  const mails = oneAtATime("send_emails", () => sendEmails(post, clock()));
  const refunds = oneAtATime("send_refunds", async () => {
    await sendRefunds(post, clock());
    mails.start();
  });
  const later = new Set<ReturnType<typeof setTimeout>>();
  const wakeIn = (wait: number) => {
    const timer = setTimeout(() => {
      later.delete(timer);
      nudge();
    }, wait);
    later.add(timer);
  };
  const nudge = (headStart = 0) => {
    if (headStart > SOON) return wakeIn(headStart);
    refunds.start(headStart);
    mails.start(headStart);
  };
  return {
    nudge,
    /**
     * Begins with what an earlier process left, and goes on looking for what nobody says. A preview of a branch
     * does not: there only a change makes mail leave.
     */
    async begin() {
      if (!post.config.onClock) return;
      await hurryEmails(post.db, clock());
      nudge();
      setInterval(mails.start, LOOK_AGAIN);
    },
    /** Settles when nothing is under way; what was to be looked at later is left to the next who looks. */
    async idle() {
      for (const timer of later) clearTimeout(timer);
      later.clear();
      await refunds.idle();
      await mails.idle();
    },
  };
}

function oneAtATime(job: string, work: () => Promise<unknown>) {
  let running: Promise<void> | undefined;
  let again = false;
  const report = (error: unknown) => log("error", job, { error: nameOf(error) });
  const run = async (headStart: number) => {
    if (headStart > 0) await new Promise((resolve) => setTimeout(resolve, headStart));
    do {
      again = false;
      await work().catch(report);
    } while (again);
    running = undefined;
  };
  return {
    start(headStart = 0) {
      if (running) again = true;
      else running = run(headStart);
    },
    idle: async () => await running,
  };
}
