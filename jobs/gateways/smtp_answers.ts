import { MailError } from "./mailer.ts";

/** What nodemailer throws: its own code, and what the server said to which command. */
export type SmtpFailure = {
  code?: string;
  command?: string;
  responseCode?: number;
  response?: string;
  message?: string;
};

/**
 * A server that does not know us or is not there says nothing about the mail: it is tried again, and so is what
 * the server puts off (4xx). What it refuses for good (5xx) is not.
 */
export function mailErrorOf(failure: SmtpFailure): MailError {
  const { code, command = "", responseCode, message = "" } = failure;
  if (code === "EAUTH") return new MailError("sign-in-refused", false);
  if (responseCode && /^(MAIL FROM|RCPT TO|DATA)/.test(command)) {
    if (responseCode < 500) return new MailError(`deferred-${responseCode}`, false);
    return new MailError(`refused-${responseCode}`, true, saysNoMailbox(failure));
  }
  if (/certificate/i.test(message)) return new MailError("untrusted", false);
  if (code === "ETIMEDOUT" || code === "EABORT") return new MailError("timeout", false);
  if (code === "EENVELOPE") return new MailError("bad-address", true);
  return new MailError("unreachable", false);
}

/**
 * RFC 3463: 5.1.x is about the address, 5.2.1 a closed mailbox. Other classes are about us, the mail or a full
 * mailbox. Without such a code 550, 551 and 553 mean the mailbox (RFC 5321, 4.2.3).
 */
function saysNoMailbox({ command, responseCode, response = "" }: SmtpFailure): boolean {
  if (command !== "RCPT TO") return false;
  const enhanced = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1];
  if (enhanced) return /^5\.(1\.(1|2|3|6|10)|2\.1)$/.test(enhanced);
  return [550, 551, 553].includes(responseCode ?? 0);
}
