import { assert, assertEquals } from "@std/assert";
import { submitBooking } from "../../db/bookings.ts";
import { type Db, openDb } from "../../db/client.ts";
import { findEmailFor, listEmails } from "../../db/email_lists.ts";
import { emailAttempts, emailNotifications } from "../../db/schema.ts";
import type { Config } from "../../jobs/config.ts";
import { readConfig } from "../../jobs/config.ts";
import { createMailer } from "../../jobs/gateways/mail.ts";
import type { Mailer, MailerOptions } from "../../jobs/gateways/mailer.ts";
import { sendEmails } from "../../jobs/send_emails.ts";
import { castIn, DAY, NOW, OWNER, submission } from "../cast.ts";
import { openTestDatabase, startDatabase } from "../databases.ts";
import { type Product, startProduct } from "../process.ts";
import { poolAtRest, startSmtp } from "../smtp.ts";
import { Visitor } from "../visitor.ts";

const guest = (name: string) => ({ name, email: `${name}@holm.example` });

/** The outbox over a real SMTP server that can be told to fail. */
async function openPost({ tls, ...options }: MailerOptions & { tls?: boolean } = {}) {
  const database = await openTestDatabase();
  const smtp = await startSmtp(0, { tls });
  const { db } = database;
  await castIn(db);
  const config = readConfig({ APP_ENV: "test", SMTP_URL: smtp.url }, []);
  const mailer = await createMailer(config, db, options);
  if (!mailer) throw new Error("there is no mailer");
  return {
    ...{ db, smtp, config },
    book: (name: string) => submitBooking(db, submission(guest(name))),
    send: (now = NOW, by: Mailer = mailer) =>
      sendEmails({ db, config, mailer: by, gateways: [] }, now),
    /** Ends every connection, and what the pool had planned. */
    async rest() {
      mailer.close();
      await poolAtRest(smtp);
    },
    async [Symbol.asyncDispose]() {
      mailer.close();
      await smtp[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

const stateOf = async (db: Db, to: string) => {
  const email = (await listEmails(db, OWNER, {})).find((mail) => mail.recipientEmail === to);
  if (!email) throw new Error(`no mail to ${to}`);
  const { attempts } = await findEmailFor(db, OWNER, email.id);
  return { ...email, tries: attempts.map(({ error }) => error) };
};

Deno.test("F9: put off three times a mail leaves at the fourth try, always with the same Message-ID", async () => {
  await using post = await openPost();
  await post.book("grace");
  const to = guest("grace").email;
  post.smtp.recipients[to] = 451;
  let now = NOW;
  for (let attempt = 1; attempt <= 3; attempt++) {
    await post.send(now);
    const mail = await stateOf(post.db, to);
    assertEquals([mail.status, mail.lastError], ["failed", "deferred-451"]);
    assertEquals(await post.send(mail.nextTryAt - 1), 0);
    now = mail.nextTryAt;
  }
  delete post.smtp.recipients[to];

  assertEquals(await post.send(now), 1);
  const mail = await stateOf(post.db, to);
  assertEquals([mail.status, mail.attempts], ["sent", 4]);
  assertEquals(mail.tries, ["deferred-451", "deferred-451", "deferred-451", null]);
  const last = post.smtp.received.find((one) => one.to.includes(to));
  assertEquals(last?.mail.messageId, `<${mail.key}@127.0.0.1>`);
});

Deno.test("F9: an address that its server does not know is dead at once and gets nothing more", async () => {
  await using post = await openPost();
  const to = guest("grace").email;
  post.smtp.recipients[to] = 550;
  await post.book("grace");
  await post.send();
  const first = await stateOf(post.db, to);
  assertEquals([first.status, first.lastError, first.attempts], ["dead", "refused-550", 1]);

  delete post.smtp.recipients[to];
  await post.book("grace");
  await post.send();
  const second = await stateOf(post.db, to);
  assertEquals([second.status, second.lastError], ["dead", "suppressed"]);
  assertEquals(post.smtp.received.filter((one) => one.to.includes(to)), []);
});

Deno.test("F9: a mail that is refused for its words says nothing about its address", async () => {
  await using post = await openPost();
  await post.book("grace");
  const to = guest("grace").email;
  post.smtp.recipients["ada@connectpro.example"] = 451;
  post.smtp.answers.push(554);
  await post.send();
  assertEquals((await stateOf(post.db, to)).lastError, "refused-554");

  await post.book("grace");
  await post.send();
  assertEquals((await stateOf(post.db, to)).status, "sent");
});

Deno.test("a server on the same machine may vouch for itself, one elsewhere may not", async () => {
  await using post = await openPost({ tls: true });
  await post.book("grace");
  const url = post.smtp.url.replace("127.0.0.1", "127.1");
  const elsewhere = await createMailer(readConfig({ APP_ENV: "test", SMTP_URL: url }, []), post.db);
  if (!elsewhere) throw new Error("there is no mailer");
  await post.send(NOW, elsewhere);
  elsewhere.close();
  const mail = await stateOf(post.db, guest("grace").email);
  assertEquals([mail.status, mail.lastError], ["failed", "untrusted"]);

  assertEquals(await post.send(mail.nextTryAt + DAY), 2);
  await post.rest();
});

Deno.test("F9: a server that falls silent costs one mail its try, and holds up no other", async () => {
  const timeouts = { connectionTimeout: 9000, greetingTimeout: 9000, socketTimeout: 3000 };
  await using post = await openPost({ timeouts });
  const to = guest("hang").email;
  post.smtp.recipients[to] = "silence";
  const sent: string[] = [];
  post.smtp.taken = ({ to }) => void sent.push(...to);
  for (const name of ["hang", "one", "two", "three", "four", "five", "six"]) await post.book(name);

  assertEquals(await post.send(), 13);
  const mail = await stateOf(post.db, to);
  await post.rest();
  assertEquals([mail.status, mail.lastError], ["failed", "timeout"]);
  assertEquals([sent.length, sent.includes(to)], [13, false]);
});

Deno.test("F9: a server that keeps a mail waiting is left when our patience is over", async () => {
  await using post = await openPost({ patience: 300 });
  // No other mail, which could lose its patience too on a busy machine.
  await post.db.$client.execute("update admins set deactivated_at = 1");
  const to = guest("hang").email;
  post.smtp.recipients[to] = "silence";
  await post.book("hang");

  assertEquals(await post.send(), 0);
  await post.rest();
  assertEquals((await stateOf(post.db, to)).tries, ["timeout"]);
});

Deno.test("a mail that cannot be written delays no other, and is tried again like any", async () => {
  await using post = await openPost();
  await post.book("grace");
  await post.db.$client.execute(
    'update email_notifications set params = \'{"priceMinor":1,"currency":"nonsense"}\', template = \'booking_approved\' where id = 1',
  );

  assertEquals(await post.send(), 1);
  const poison = await stateOf(post.db, guest("grace").email);
  assertEquals([poison.status, poison.lastError], ["failed", "RangeError"]);
});

Deno.test("what comes in while a mail hangs leaves past it", async () => {
  await using post = await openPost();
  await post.db.$client.execute("update admins set deactivated_at = 1");
  const hanging = Promise.withResolvers<void>();
  const later = Promise.withResolvers<void>();
  const mailer: Mailer = {
    ...{ atOnce: 2, patience: 60_000, close() {} },
    async deliver({ to }) {
      if (to.address !== guest("hang").email) return later.resolve();
      hanging.resolve();
      await later.promise;
    },
  };
  await post.book("hang");
  const run = post.send(NOW, mailer);
  await hanging.promise;
  await post.book("late");

  assertEquals(await run, 2, "the later mail is what lets the first one go");
});

Deno.test("two senders at once send no mail twice, and no more than they can at once", async () => {
  await using post = await openPost();
  for (let n = 0; n < 10; n++) await post.book(`guest${n}`);

  const sent = await Promise.all([post.send(), post.send(), post.send()]);
  assertEquals(sent.reduce((sum, n) => sum + n), 20);
  const ids = post.smtp.received.map(({ mail }) => mail.messageId);
  assertEquals([ids.length, new Set(ids).size], [20, 20]);
  assert(post.smtp.connections.most <= 8);
});

Deno.test("a reminder whose booking has gone on is not sent, and is no alarm", async () => {
  await using post = await openPost();
  await post.book("grace");
  await post.db.$client.execute(
    "update email_notifications set template = 'payment_reminder' where template = 'booking_received'",
  );

  assertEquals(await post.send(), 1);
  const { status, lastError, dismissedAt } = await stateOf(post.db, guest("grace").email);
  assertEquals([status, lastError, dismissedAt], ["dead", "overtaken", NOW]);
});

type Taken = { headers: Headers; body: Record<string, unknown> };
type Answer = { status: number; name?: string; wait?: number };

/** A loopback Resend: answers as told, else it takes the mail. */
function startResend() {
  const taken: Taken[] = [];
  const answers: Answer[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const body = await request.json();
    const { status, name, wait } = answers.shift() ?? { status: 200 };
    if (status === 200) taken.push({ headers: request.headers, body });
    const headers = wait === undefined ? undefined : { "Retry-After": String(wait) };
    return Response.json({ id: "one", name }, { status, headers });
  });
  return {
    ...{ taken, answers, base: `http://127.0.0.1:${server.addr.port}` },
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

async function viaResend(db: Db, base: string): Promise<{ mailer: Mailer; config: Config }> {
  const config = readConfig({
    APP_ENV: "test",
    ...{ RESEND_API_KEY: "re_secret", MAIL_FROM: "post@agency.example" },
    AGENCY_EMAIL: "hello@connectpro.example",
  }, []);
  const mailer = await createMailer(config, db, { resendBase: base });
  if (!mailer) throw new Error("there is no mailer");
  return { mailer, config };
}

Deno.test("without SMTP, mail leaves by Resend with its key, its Message-ID and both parts", async () => {
  await using post = await openPost();
  await using resend = startResend();
  const { mailer, config } = await viaResend(post.db, resend.base);
  await post.db.$client.execute("update admins set deactivated_at = 1");
  const { reference } = await post.book("grace");
  resend.answers.push({ status: 429, wait: 0 });

  assertEquals(await sendEmails({ ...post, config, mailer, gateways: [] }, NOW), 1);
  const [mail] = resend.taken;
  const key = `${reference}.booking_received.1`;
  assertEquals(mail?.headers.get("idempotency-key"), key);
  assertEquals(mail?.headers.get("authorization"), "Bearer re_secret");
  assertEquals(mail?.body.tags, [{ name: "email", value: "1" }]);
  const { from, to, text, html, headers, reply_to } = mail?.body ?? {};
  assertEquals([from, to], ['"ConnectPro" <post@agency.example>', [guest("grace").email]]);
  assertEquals(reply_to, '"ConnectPro" <hello@connectpro.example>');
  assertEquals(headers, {
    "Message-ID": `<${key}@127.0.0.1>`,
    "Auto-Submitted": "auto-generated",
  });
  assert(String(text).includes("/claim/") && String(html).startsWith("<!doctype html>"));
});

Deno.test("what Resend answers decides whether a mail is tried again", async () => {
  await using post = await openPost();
  await using resend = startResend();
  const { mailer, config } = await viaResend(post.db, resend.base);
  await post.db.$client.execute("update admins set deactivated_at = 1");
  const cases: [Answer, string, string | null][] = [
    [{ status: 500 }, "failed", "deferred-500"],
    [{ status: 429, wait: 3600 }, "failed", "deferred-429"],
    [{ status: 409, name: "concurrent_idempotent_requests" }, "failed", "deferred-409"],
    [{ status: 403 }, "failed", "sign-in-refused"],
    [{ status: 422, name: "validation_error" }, "dead", "refused-422"],
    [{ status: 409, name: "invalid_idempotent_request" }, "sent", null],
  ];
  for (const [at, [answer, status, error]] of cases.entries()) {
    resend.answers.push(answer);
    await post.book(`case${at}`);
    await sendEmails({ ...post, config, mailer, gateways: [] }, NOW);
    const mail = await stateOf(post.db, guest(`case${at}`).email);
    assertEquals([answer, mail.status, mail.lastError], [answer, status, error]);
  }
  await resend[Symbol.asyncDispose]();
  await post.book("away");
  await sendEmails({ ...post, config, mailer, gateways: [] }, NOW);
  assertEquals((await stateOf(post.db, guest("away").email)).lastError, "unreachable");
});

const form = { service: "landing-page", urgency: "low", details: "x", ...guest("grace") };

/** A booking through the form of a running product. */
async function bookAt(product: Product) {
  const { status, location } = await new Visitor(product.url).fill("/book", "/bookings", form);
  assertEquals([status, location.startsWith("/status/")], [303, true]);
}

Deno.test("F1: a booking made while no mail can leave is mailed once, soon after the product is back", async () => {
  await using place = await startDatabase("file");
  const gone = await startSmtp();
  const port = Number(new URL(gone.url).port);
  await gone[Symbol.asyncDispose]();
  const env = { TURSO_DATABASE_URL: place.url, SMTP_URL: gone.url };
  await using first = await startProduct(env);
  await bookAt(first);
  await untilTried(place.url);
  await first.stop("SIGKILL");

  await using smtp = await startSmtp(port);
  const begun = performance.now();
  await using second = await startProduct(env);
  await smtp.has(1);
  assert(performance.now() - begun < 60_000);
  await second.stop();
  assertEquals(smtp.received.map(({ to }) => to), [[form.email]]);
});

/** Settles when the one mail has come back from where no server is. */
async function untilTried(url: string) {
  const db = await openDb(url);
  while ((await db.select().from(emailNotifications))[0]?.status !== "failed") {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  db.$client.close();
}

Deno.test("F2: killed after the server took the mail, the product sends it again with the same Message-ID", async () => {
  await using place = await startDatabase("file");
  await using smtp = await startSmtp();
  const env = { TURSO_DATABASE_URL: place.url, SMTP_URL: smtp.url };
  const product = await startProduct(env);
  smtp.taken = async () => void await product.stop("SIGKILL");
  await bookAt(product);
  await smtp.has(1);
  smtp.taken = undefined;
  await endLeases(place.url);

  await using again = await startProduct(env);
  await smtp.has(2);
  await again.stop();
  const ids = smtp.received.map(({ mail }) => mail.messageId);
  assertEquals([ids.length, new Set(ids).size], [2, 1]);
  const db = await openDb(place.url);
  const [mails, tries] = [
    await db.select().from(emailNotifications),
    await db.select().from(emailAttempts),
  ];
  db.$client.close();
  assertEquals(mails.map(({ status, attempts }) => [status, attempts]), [["sent", 2]]);
  assertEquals(tries.map(({ error }) => error), ["unfinished", null]);
});

/** Lets the lease of a dead sender be over, as time would. */
async function endLeases(url: string) {
  const db = await openDb(url);
  await db.$client.execute({
    sql: "update email_notifications set lease_until = lease_until - ?",
    args: [DAY],
  });
  db.$client.close();
}
