import { log, nameOf } from "./log.ts";
import { type Post, sendEmails } from "./send_emails.ts";

/**
 * Runs the mail job soon after something was written, one run at a time: what comes in meanwhile makes it
 * run once more.
 */
export function createNudge(post: Post, clock: () => number) {
  let running: Promise<void> | undefined;
  let again = false;
  const run = async () => {
    do {
      again = false;
      await sendEmails(post, clock()).catch(report);
    } while (again);
    running = undefined;
  };
  return {
    nudge() {
      if (running) again = true;
      else running = run();
    },
    /** Settles when nothing is under way. */
    idle: async () => await running,
  };
}

const report = (error: unknown) => log("error", "send_emails", { error: nameOf(error) });
