import { Hono } from "hono";
import { type Metrics, readMetrics } from "../db/metrics.ts";
import { notFound } from "../db/problem.ts";
import { hashToken } from "../db/tokens.ts";
import type { Env } from "./context.ts";

/** Numbers for whoever watches the product and knows `METRICS_TOKEN`; without one there is no such page. */
export const metricsRoutes = new Hono<Env>()
  .get("/metrics", async (c) => {
    const { config: { metricsToken }, db, now } = c.var;
    if (!metricsToken) throw notFound();
    const [, sent = ""] = c.req.header("Authorization")?.match(/^Bearer (.+)$/i) ?? [];
    // Hashes, so that how long it takes tells nothing of how much was right.
    if (await hashToken(sent) !== await hashToken(metricsToken)) {
      return c.text("Send METRICS_TOKEN as a bearer token.", 401, { "WWW-Authenticate": "Bearer" });
    }
    const text = exposition(await readMetrics(db, now));
    return c.body(text, 200, { "Content-Type": "text/plain; version=0.0.4; charset=utf-8" });
  });

type Sample = [labels: string, value: number];

/** https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format */
function exposition({ bookings, mails, paymentsInReview, streams, jobs, failing }: Metrics) {
  const { rss } = Deno.memoryUsage();
  return [
    gauge("bookings", "Bookings, by status.", labelled("status", bookings)),
    gauge("mails_waiting", "Mails that have not left, by status.", labelled("status", mails)),
    gauge("payments_in_review", "Payments that wait for a person.", [["", paymentsInReview]]),
    gauge("chat_streams", "Open streams, over all processes.", [["", streams]]),
    gauge(
      "job_finished_seconds",
      "When a job was last done, since 1970.",
      labelled("job", jobs, (at) => at / 1000),
    ),
    gauge("job_failing", "1 where the last run failed.", failing.map((job) => [of("job", job), 1])),
    gauge("resident_bytes", "Memory of the process that answers.", [["", rss]]),
  ].join("");
}

const of = (label: string, value: string) => `{${label}="${value}"}`;

const labelled = (
  label: string,
  values: Record<string, number | null>,
  unit = (value: number) => value,
): Sample[] => Object.entries(values).map(([name, value]) => [of(label, name), unit(value ?? 0)]);

function gauge(name: string, help: string, samples: Sample[]): string {
  const full = `connectpro_${name}`;
  const lines = samples.map(([labels, value]) => `${full}${labels} ${value}\n`);
  return `# HELP ${full} ${help}\n# TYPE ${full} gauge\n${lines.join("")}`;
}
