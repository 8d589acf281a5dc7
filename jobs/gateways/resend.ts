import { type Address, type Mail, type Mailer, type MailerOptions, MailError } from "./mailer.ts";

const BASE = "https://api.resend.com";
/** Two requests a second is what an account may send at first. */
const AT_ONCE = 2;
/** Seconds that it is worth waiting here when told to slow down. */
const LONGEST_WAIT = 5;
const TRIES = 4;

/** Mail by Resend's HTTP interface (POST /emails). */
export function resendMailer(
  apiKey: string,
  { resendBase = BASE }: MailerOptions,
): Omit<Mailer, "patience"> {
  return {
    atOnce: AT_ONCE,
    async deliver(mail, _now, signal) {
      const request = requestOf(mail, apiKey);
      for (let attempt = 1;; attempt++) {
        const answer = await ask(`${resendBase}/emails`, { ...request, signal });
        const wait = answer.status === 429 && attempt < TRIES ? secondsToWait(answer) : null;
        if (wait === null) return await judge(answer);
        await answer.body?.cancel();
        await pause(wait * 1000, signal);
      }
    },
    close: () => {},
  };
}

/** The same key again sends nothing twice for 24 hours, in which most tries of a mail are made. */
const requestOf = (mail: Mail, apiKey: string) => ({
  method: "POST",
  redirect: "error" as const,
  headers: {
    "Authorization": `Bearer ${apiKey}`,
    "Content-Type": "application/json",
    "Idempotency-Key": mail.key.slice(0, 256),
  },
  body: JSON.stringify({
    from: written(mail.from),
    to: [mail.to.address],
    reply_to: mail.replyTo && written(mail.replyTo),
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    tags: [{ name: "email", value: String(mail.id) }],
    headers: { "Message-ID": `<${mail.messageId}>`, "Auto-Submitted": "auto-generated" },
    attachments: mail.attachments.map(({ name, type, bytes }) => ({
      ...{ filename: name, content_type: type, content: bytes.toBase64() },
    })),
  }),
});

/** A name and address as a header has them, the name quoted (RFC 5322, 3.4). */
const written = ({ name, address }: Address) => `"${name.replace(/["\\]/g, "\\$&")}" <${address}>`;

async function ask(url: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, request);
  } catch {
    throw new MailError(request.signal?.aborted ? "timeout" : "unreachable", false);
  }
}

function secondsToWait({ headers }: Response): number | null {
  const seconds = Number(headers.get("retry-after") ?? 1);
  return seconds <= LONGEST_WAIT ? seconds : null;
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new MailError("timeout", false));
    }, { once: true });
  });
}

/**
 * Each try makes links of its own, so a second one differs from the first: told that the key was used with other
 * words, the first one was taken and has left.
 */
async function judge(answer: Response): Promise<void> {
  const { status } = answer;
  if (answer.ok) return await answer.body?.cancel();
  const { name } = await answer.json().catch(() => ({})) as { name?: string };
  if (status === 409 && name === "invalid_idempotent_request") return;
  if (status === 401 || status === 403) throw new MailError("sign-in-refused", false);
  const again = status === 409 || status === 429 || status >= 500;
  throw new MailError(`${again ? "deferred" : "refused"}-${status}`, !again);
}
