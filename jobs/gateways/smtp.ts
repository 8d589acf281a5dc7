import { createTransport } from "nodemailer";
import type { Mail, Mailer, MailerOptions } from "./mailer.ts";
import { mailErrorOf, type SmtpFailure } from "./smtp_answers.ts";

/** Connections of the pool: mails that hang hold one each, the others go past them. */
const CONNECTIONS = 8;
const TIMEOUTS = { connectionTimeout: 10_000, greetingTimeout: 15_000, socketTimeout: 60_000 };

/** Mail by SMTP, over a pool of connections that are kept. */
export function smtpMailer(
  url: string,
  { timeouts = TIMEOUTS }: MailerOptions,
): Omit<Mailer, "patience"> {
  const pool = { pool: true as const, maxConnections: CONNECTIONS, maxRequeues: 1 };
  const tls = { rejectUnauthorized: !isThisMachine(url) };
  const transport = createTransport({ url, ...pool, tls, ...timeouts });
  return {
    atOnce: CONNECTIONS,
    async deliver(mail, _now, signal) {
      try {
        await transport.sendMail({ ...messageOf(mail), ...{ signal } });
      } catch (error) {
        throw mailErrorOf(error as SmtpFailure);
      }
    },
    close: () => transport.close(),
  };
}

/** A server on the same machine vouches for itself: nobody else reads what goes there. */
const isThisMachine = (url: string) =>
  ["localhost", "127.0.0.1", "[::1]"].includes(new URL(url).hostname);

const messageOf = ({ id: _id, key: _key, messageId, attachments, ...mail }: Mail) => ({
  ...mail,
  messageId: `<${messageId}>`,
  headers: { "Auto-Submitted": "auto-generated" },
  attachments: attachments.map(({ name, type, bytes }) => ({
    filename: name,
    contentType: type,
    content: bytes as unknown as string,
  })),
});
