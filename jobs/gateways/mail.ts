import type { Db } from "../../db/client.ts";
import { keepInMailbox } from "../../db/mailbox.ts";
import type { Config } from "../config.ts";
import type { Mailer, MailerOptions } from "./mailer.ts";

/** Longer than a server that checks a mail before it takes it needs: a mail cut short there leaves twice. */
const PATIENCE = 90_000;

/**
 * SMTP where it is configured, else HTTP where that is, else the mailbox of a development machine, else none:
 * mails wait.
 */
export async function createMailer(
  config: Config,
  db: Db,
  options: MailerOptions = {},
): Promise<Mailer | null> {
  const { patience = PATIENCE } = options;
  if (config.mail.smtpUrl) {
    const { smtpMailer } = await import("./smtp.ts");
    return { patience, ...await smtpMailer(config.mail.smtpUrl, options) };
  }
  if (config.resendApiKey) {
    const { resendMailer } = await import("./resend.ts");
    return { patience, ...resendMailer(config.resendApiKey, options) };
  }
  if (config.production) return null;
  return { patience, ...mailboxMailer(db) };
}

const mailboxMailer = (db: Db): Omit<Mailer, "patience"> => ({
  atOnce: 5,
  deliver: (mail, now) => keepInMailbox(db, mail, now),
  close: () => {},
});
