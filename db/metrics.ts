import { sql } from "drizzle-orm";
import type { Db } from "./client.ts";
import { once } from "./prepared.ts";

/** What somebody who watches the product from outside wants to be woken by, or to draw over time. */
export type Metrics = {
  /** Bookings of each status. */
  bookings: Record<string, number>;
  /** Mails that have not left, by status; dead ones that nobody has dismissed. */
  mails: Record<string, number>;
  /** Payments that wait for a person. */
  paymentsInReview: number;
  /** Open streams of chats, over all processes. */
  streams: number;
  /** When each job was last done, in UTC milliseconds; null for one that never was. */
  jobs: Record<string, number | null>;
  /** Jobs whose last run failed. */
  failing: string[];
};

const counts = once((db) =>
  db.select({
    json: sql<string>`json_object(
      'bookings', (select json_group_object(status, n) from
        (select status, sum(n) as n from booking_counts group by status)),
      'mails', (select json_group_object(status, n) from
        (select status, count(*) as n from email_notifications
          where status in ('queued', 'sending', 'failed', 'dead') and dismissed_at is null
          group by status)),
      'paymentsInReview', (select count(*) from payments where status = 'needs_review'),
      'streams', (select count(*) from chat_streams where lease_until > ${sql.placeholder("now")}),
      'jobs', (select json_group_object(job, finished_at) from job_heartbeats),
      'failing', (select json_group_array(job) from job_heartbeats where error is not null))`,
  }).from(sql`(select 1)`).prepare()
);

export async function readMetrics(db: Db, now: number): Promise<Metrics> {
  const row = await counts(db).get({ now });
  return JSON.parse(row?.json ?? "{}");
}
