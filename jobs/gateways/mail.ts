import type { Db } from "../../db/client.ts";
import { keepInMailbox } from "../../db/mailbox.ts";
import type { Config } from "../config.ts";

export type Mail = {
  /** Without angle brackets; the same on every try. */
  messageId: string;
  from: { name: string; address: string };
  to: { name: string; address: string };
  subject: string;
  text: string;
  html: string;
};
/** Why a mail did not leave, in one word; permanent when trying again cannot help. */
export class MailError extends Error {
  constructor(readonly word: string, readonly permanent: boolean) {
    super(word);
  }
}
export type Mailer = { deliver(mail: Mail, now: number): Promise<void>; close(): void };

/** SMTP where it is configured, else the mailbox of a development machine, else none: mails wait. */
export async function createMailer(config: Config, db: Db): Promise<Mailer | null> {
  if (config.mail.smtpUrl) return await smtpMailer(config.mail.smtpUrl);
  if (config.production) return null;
  return { deliver: (mail, now) => keepInMailbox(db, mail, now), close: () => {} };
}

const TIMEOUTS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 };

async function smtpMailer(url: string): Promise<Mailer> {
  const { createTransport } = await import("nodemailer");
  const transport = createTransport({ url, pool: true, maxConnections: 2, ...TIMEOUTS });
  return {
    async deliver({ messageId, ...mail }) {
      const headers = { "Auto-Submitted": "auto-generated" };
      try {
        await transport.sendMail({ ...mail, messageId: `<${messageId}>`, headers });
      } catch (error) {
        throw mailErrorOf(error as { responseCode?: number; code?: string });
      }
    },
    close: () => transport.close(),
  };
}

function mailErrorOf({ responseCode, code }: { responseCode?: number; code?: string }): MailError {
  if (responseCode && responseCode >= 500) return new MailError(`refused-${responseCode}`, true);
  if (responseCode) return new MailError(`deferred-${responseCode}`, false);
  if (code === "ETIMEDOUT") return new MailError("timeout", false);
  if (code === "EENVELOPE") return new MailError("bad-address", true);
  if (code === "EAUTH") return new MailError("sign-in-refused", false);
  return new MailError("unreachable", false);
}
