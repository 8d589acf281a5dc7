export type Address = { name: string; address: string };
export type Attachment = { name: string; type: string; bytes: Uint8Array };
export type Mail = {
  /** The row of the outbox: what a provider's call about it names. */
  id: number;
  /** What the outbox calls it: the same on every try. */
  key: string;
  /** Without angle brackets; the same on every try. */
  messageId: string;
  from: Address;
  /** Who reads an answer, where that is not the sender. */
  replyTo?: Address;
  to: Address;
  subject: string;
  text: string;
  html: string;
  attachments: Attachment[];
};
/** Why a mail did not leave, in one word; permanent when trying again cannot help. */
export class MailError extends Error {
  constructor(
    readonly word: string,
    readonly permanent: boolean,
    /** The server of the recipient says that there is no such mailbox. */
    readonly noMailbox = false,
  ) {
    super(word);
  }
}
export type Mailer = {
  /** How many mails it takes at once. */
  atOnce: number;
  /** Milliseconds that one mail may take. */
  patience: number;
  /** Hands the mail over, or throws MailError. The signal ends a try that nobody waits for any more. */
  deliver(mail: Mail, now: number, signal: AbortSignal): Promise<void>;
  close(): void;
};
/** What a test may change: times in milliseconds, and where the HTTP interface is. */
export type MailerOptions = {
  patience?: number;
  timeouts?: { connectionTimeout: number; greetingTimeout: number; socketTimeout: number };
  resendBase?: string;
};
