import { type Context, Hono } from "hono";
import { z } from "zod";
import { findCandidate } from "../db/approval_candidates.ts";
import { raiseAttention } from "../db/attention_reminders.ts";
import { approveOverdue } from "../db/bookings_by_clock.ts";
import { readReference } from "../db/reference.ts";
import { dueTime, jobs, runJob } from "../jobs/clock.ts";
import { jsonOf } from "../jobs/json.ts";
import { log } from "../jobs/log.ts";
import type { Env } from "./context.ts";

const task = z.object({ job: z.string().max(100), reference: z.string().max(40).optional() });

/**
 * QStash calls at a booking's due second. A call that comes twice, late or out of order finds nothing to do and is
 * answered 200; a failure is answered 500, and QStash calls again.
 */
export const qstashRoutes = new Hono<Env>()
  .post("/", async (c) => {
    const { queue, requestId } = c.var;
    const body = await c.req.text();
    if (!queue || !await queue.verify(body, c.req.header("upstash-signature"))) {
      log("warn", "forged_hook", { method: "qstash", requestId });
      return c.text("The signature is missing or wrong.", 401);
    }
    const asked = task.safeParse(jsonOf(body));
    if (!asked.success) return ignored(c, "unreadable");
    return await run(c, asked.data);
  });

async function run(c: Context<Env>, { job: name, reference }: z.infer<typeof task>) {
  const { db } = c.var;
  const now = await dueTime(db, () => c.var.now);
  if (name === "approve_overdue" && reference !== undefined) {
    return await approve(c, reference, now);
  }
  const job = jobs.find((job) => job.name === name);
  if (!job) return ignored(c, "unknown job");
  const { handled, error } = await runJob(job, c.var, now);
  return error ? c.text("It failed. Call again.", 500) : c.text(`${handled} done`);
}

async function approve(c: Context<Env>, typed: string, now: number) {
  const { db } = c.var;
  const reference = readReference(typed);
  if (!reference || !await findCandidate(db, reference)) return ignored(c, "unknown booking");
  const done = await approveOverdue(db, now, reference);
  if (done === 0) await raiseAttention(db, now, { zone: c.var.config.agency.timezone });
  return c.text(`${done} approved`);
}

/** What cannot be done is not to be sent again. */
function ignored(c: Context<Env>, why: string) {
  log("warn", "qstash_ignored", { requestId: c.var.requestId, why });
  return c.text("ignored");
}
