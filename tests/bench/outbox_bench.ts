import { submitBooking } from "../../db/bookings.ts";
import { readConfig } from "../../jobs/config.ts";
import { createMailer } from "../../jobs/gateways/mail.ts";
import { sendEmails } from "../../jobs/send_emails.ts";
import { alice, castIn, NOW, submission } from "../cast.ts";
import { openTestDatabase } from "../databases.ts";
import { startSmtp } from "../smtp.ts";

// How long a thousand queued mails take over one SMTP pool, the receiving server in the same process.
const MAILS = 1000;
const { db } = await openTestDatabase();
const smtp = await startSmtp();
const config = readConfig({ APP_ENV: "test", SMTP_URL: smtp.url }, []);
const mailer = await createMailer(config, db);
await castIn(db);
await submitBooking(db, submission(alice));

/** As many mails like the first one. */
const queue = () =>
  db.$client.execute({
    sql: `with recursive n(i) as (select 1 union all select i + 1 from n where i < ?)
      insert into email_notifications (key, booking_id, template, recipient_name, recipient_email,
        params, next_try_at, created_at)
      select hex(randomblob(16)), booking_id, template, recipient_name, recipient_email, params,
        next_try_at, created_at from email_notifications, n where id = 1`,
    args: [MAILS],
  });

Deno.bench(`${MAILS} queued mails leave`, { n: 1, warmup: 0 }, async (bench) => {
  await queue();
  bench.start();
  const sent = await sendEmails({ db, config, mailer, gateways: [] }, NOW);
  bench.end();
  if (sent < MAILS) throw new Error(`only ${sent} mails left`);
});
