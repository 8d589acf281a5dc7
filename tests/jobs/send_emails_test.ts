import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { expireUnpaid } from "../../db/bookings_by_clock.ts";
import { commit } from "../../db/client.ts";
import { LEASE } from "../../db/email_claims.ts";
import { findEmailFor, listEmails } from "../../db/email_lists.ts";
import { mailToClient } from "../../db/emails.ts";
import { remindToPay } from "../../db/reminders.ts";
import { payments, type Template } from "../../db/schema.ts";
import { submitBooking } from "../../db/bookings.ts";
import { readConfig } from "../../jobs/config.ts";
import { createMailer } from "../../jobs/gateways/mail.ts";
import { LOOK_AGAIN } from "../../jobs/nudge.ts";
import { sendEmails } from "../../jobs/send_emails.ts";
import { alice, bookingIn, castIn, DAY, fileOf, HOUR, NOW, OWNER, submission } from "../cast.ts";
import { openTestDatabase } from "../databases.ts";
import { poolAtRest, startSmtp } from "../smtp.ts";
import { verbs } from "../verbs.ts";

async function openPost() {
  const database = await openTestDatabase();
  const smtp = await startSmtp();
  const { db } = database;
  const config = readConfig({
    APP_ENV: "test",
    SMTP_URL: smtp.url,
    MAIL_FROM: "hello@agency.example",
  }, []);
  const mailer = await createMailer(config, db);
  await castIn(db);
  return {
    ...{ db, smtp },
    send: (now = NOW) => sendEmails({ db, config, mailer, gateways: [] }, now),
    async [Symbol.asyncDispose]() {
      mailer?.close();
      await smtp[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

const guest = { name: "Grace Holm", email: "grace@holm.example" };

Deno.test("sendEmails() sends each mail once, to the one address, with both parts and the links", async () => {
  await using post = await openPost();
  const { reference, accessToken } = await submitBooking(post.db, submission(guest));

  assertEquals(await post.send(), 2);
  assertEquals(await post.send(), 0);

  const [received] = post.smtp.received.filter(({ to }) => to.includes(guest.email));
  if (!received) throw new Error("Grace got no mail");
  assertEquals(received.from, "hello@agency.example");
  assertEquals(received.to, [guest.email]);
  const { mail } = received;
  assertStringIncludes(mail.subject ?? "", reference);
  assertMatch(mail.messageId ?? "", /^<CP.*@127\.0\.0\.1>$/);
  assertEquals(mail.headers.get("auto-submitted"), "auto-generated");
  for (const part of [mail.text ?? "", mail.html || ""]) {
    assertStringIncludes(part, `http://127.0.0.1:8000/status/${accessToken}`);
    assertMatch(part, /http:\/\/127\.0\.0\.1:8000\/claim\/[\w-]{43}/);
  }
});

Deno.test("sendEmails() offers no claim link to who has a password", async () => {
  await using post = await openPost();
  await submitBooking(post.db, submission(alice));

  await post.send();

  const received = post.smtp.received.find(({ to }) => to.includes(alice.email));
  assert(received && !received.mail.text?.includes("/claim/"));
});

Deno.test("sendEmails() tries again after 4xx with the same Message-ID, and gives up at once after 5xx", async () => {
  await using post = await openPost();
  await submitBooking(post.db, submission(guest));
  post.smtp.answers.push(451, 550);

  assertEquals(await post.send(), 0);
  const states = (await listEmails(post.db, OWNER, {})).map(({ status, lastError }) =>
    `${status} ${lastError}`
  );
  assertEquals(states.sort(), ["dead refused-550", "failed deferred-451"]);

  assertEquals(await post.send(NOW + 30_000), 0);
  assertEquals(await post.send(NOW + HOUR), 1);
  const sent = (await listEmails(post.db, OWNER, { status: "sent" }))[0];
  assertEquals(post.smtp.received[0]?.mail.messageId, `<${sent?.key}@127.0.0.1>`);
  assertEquals(sent?.attempts, 2);
});

Deno.test("sendEmails() keeps mails when the server is away, and sends them when it is back", async () => {
  await using post = await openPost();
  await submitBooking(post.db, submission(guest));
  const away = readConfig({ APP_ENV: "test", SMTP_URL: "smtp://127.0.0.1:1" }, []);
  const mailer = await createMailer(away, post.db);

  assertEquals(await sendEmails({ db: post.db, config: away, mailer, gateways: [] }, NOW), 0);
  mailer?.close();
  await poolAtRest();
  assertEquals(
    (await listEmails(post.db, OWNER, { status: "failed" })).map(({ lastError }) => lastError),
    [
      "unreachable",
      "unreachable",
    ],
  );
  assertEquals(await post.send(NOW + HOUR), 2);
});

Deno.test("what a client typed is in no head: the mail reaches the one address, without a name", async () => {
  await using post = await openPost();
  const words = "Grace\r\nBcc: evil@evil.example, <also@evil.example>";
  const typed = { name: words, details: words, company: words, phone: words };
  await submitBooking(post.db, submission({ ...guest, ...typed }));

  await post.send();
  for (const { mail } of post.smtp.received) {
    const heads = mail.headerLines.map(({ line }) => line).join("\n");
    assert(!/evil|Grace/.test(heads), heads);
  }

  assertEquals(post.smtp.received.flatMap(({ to }) => to).sort(), [
    "ada@connectpro.example",
    guest.email,
  ]);
  assertEquals(post.smtp.received.filter(({ mail }) => mail.bcc || mail.headers.has("bcc")), []);
});

/** Bookings whose clients are reminded, over a mailbox of our own; the agency is in Berlin. */
async function openReminders() {
  const database = await openTestDatabase();
  const { db } = database;
  const config = readConfig({ APP_ENV: "test", AGENCY_TIMEZONE: "Europe/Berlin" }, []);
  const mailer = await createMailer(config, db);
  const cast = await castIn(db);
  const { booking } = await bookingIn(cast, "approved");
  const ofKind = async (template: Template) =>
    (await listEmails(db, OWNER, { template })).toReversed();
  return {
    ...{ db, cast, booking, ofKind },
    send: (now: number) => sendEmails({ db, config, mailer, gateways: [] }, now),
    stood: async (template: Template) =>
      (await ofKind(template)).map(({ status, sentAt, lastError }) =>
        status === "sent" ? (sentAt ?? 0) - NOW : `${status} ${lastError}`
      ),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}

const zone = "Europe/Berlin";

Deno.test("a reminder that could not leave by day waits for the morning, and that is no try", async () => {
  await using post = await openReminders();
  const evening = NOW + 34 * HOUR + 30 * 60_000;
  await post.send(NOW + HOUR);
  assertEquals(await remindToPay(post.db, evening, { zone }), 1);
  const [reminder] = await post.ofKind("payment_reminder");

  const night = evening + HOUR;
  for (const now of [night, night, night + 8 * HOUR]) assertEquals(await post.send(now), 0);
  const waiting = await findEmailFor(post.db, OWNER, reminder?.id ?? 0);
  const morning = NOW + 46 * HOUR;
  assertEquals([waiting.email.status, waiting.email.nextTryAt, waiting.email.attempts], [
    ...["queued", morning, 0],
  ]);
  assertEquals(waiting.attempts, []);
  assertEquals(await post.send(morning), 1);
  assertEquals(await post.stood("payment_reminder"), [46 * HOUR]);
});

Deno.test("mail that comes back after days brings one reminder, and none of what is over", async () => {
  await using post = await openReminders();
  const { db, booking } = post;
  await post.send(NOW + HOUR);
  const days = [1, 3, 6].map((day) => NOW + day * DAY + HOUR);
  for (const now of days) assertEquals(await remindToPay(db, now, { zone }), 1);

  assertEquals(await post.send(days[2] ?? 0), 1);
  const gone = "dead overtaken";
  assertEquals(await post.stood("payment_reminder"), [gone, gone, 6 * DAY + HOUR]);

  for (const template of ["payment_reminder", "approval_reminder", "approval_delayed"] as const) {
    await commit(db, [mailToClient(db, booking, { template, now: NOW, once: "again" })]);
  }
  await expireUnpaid(db, NOW + 8 * DAY);
  assertEquals(await post.send(NOW + 8 * DAY), 1);
  assertEquals((await post.stood("payment_reminder")).at(-1), gone);
  assertEquals([await post.stood("approval_reminder"), await post.stood("approval_delayed")], [
    ...[[gone], [gone]],
  ]);
});

Deno.test("whose money came on its way meanwhile is not reminded of it any more", async () => {
  await using post = await openReminders();
  const { db, cast, booking: { reference } } = post;
  await post.send(NOW + HOUR);
  const due = NOW + DAY + HOUR;
  assertEquals(await remindToPay(db, due, { zone }), 1);
  await verbs.start_payment(db, await fileOf(db, reference), { actor: cast.alice, now: due });
  await db.update(payments).set({ status: "processing" });

  await post.send(due);
  assertEquals(await post.stood("payment_reminder"), ["dead overtaken"]);
});

Deno.test("what a process held when it died is taken up and sent within a minute", () => {
  assert(LEASE + LOOK_AGAIN < 60_000);
});
