import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { listEmails } from "../../db/email_lists.ts";
import { submitBooking } from "../../db/bookings.ts";
import { readConfig } from "../../jobs/config.ts";
import { createMailer } from "../../jobs/gateways/mail.ts";
import { sendEmails } from "../../jobs/send_emails.ts";
import { alice, castIn, HOUR, NOW, OWNER, submission } from "../cast.ts";
import { openTestDatabase } from "../databases.ts";
import { poolAtRest, startSmtp } from "../smtp.ts";

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

Deno.test("a name with line breaks and addresses reaches only the one recipient", async () => {
  await using post = await openPost();
  const name = "Grace\r\nBcc: evil@evil.example, <also@evil.example>";
  await submitBooking(post.db, submission({ ...guest, name }));

  await post.send();

  assertEquals(post.smtp.received.flatMap(({ to }) => to).sort(), [
    "ada@connectpro.example",
    guest.email,
  ]);
  assertEquals(post.smtp.received.filter(({ mail }) => mail.bcc || mail.headers.has("bcc")), []);
});
