import { type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";

export type Received = { from: string; to: string[]; mail: ParsedMail };
/** What the server does at one step: an SMTP code such as 451 or 550, silence, or nothing when all is well. */
export type Mood = number | "silence" | undefined;
export type TestSmtp = AsyncDisposable & {
  url: string;
  received: Received[];
  /** What the server says to the next mails, once it has them. */
  answers: Mood[];
  /** What it says to each recipient, by address. */
  recipients: Record<string, Mood>;
  /** Runs when a mail was taken, before the sender hears of it. */
  taken?: (received: Received) => void | Promise<void>;
  /** Settles when this many mails are here. */
  has(count: number): Promise<void>;
  /** How many connections are open now, and the most there were at once. */
  connections: { now: number; most: number };
};

const refusal = (code: number) => Object.assign(new Error("not now"), { responseCode: code });

/**
 * A real SMTP server on a loopback port, a free one unless it is named, that keeps what it takes. With `tls` it offers
 * STARTTLS with a certificate of its own making.
 */
export async function startSmtp(port = 0, { tls = false } = {}): Promise<TestSmtp> {
  const received: Received[] = [];
  const waiting: { count: number; done: () => void }[] = [];
  const smtp: Omit<TestSmtp, "url" | typeof Symbol.asyncDispose> = {
    ...{ received, answers: [], recipients: {}, connections: { now: 0, most: 0 } },
    has: (count) =>
      new Promise((done) => received.length >= count ? done() : waiting.push({ count, done })),
  };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: tls ? ["AUTH"] : ["STARTTLS", "AUTH"],
    disableReverseLookup: true,
    closeTimeout: 100,
    onConnect(_, done) {
      const now = ++smtp.connections.now;
      smtp.connections.most = Math.max(smtp.connections.most, now);
      done();
    },
    onClose: () => void smtp.connections.now--,
    onRcptTo({ address }, _, done) {
      const mood = smtp.recipients[address];
      if (mood !== "silence") done(mood ? refusal(mood) : undefined);
    },
    async onData(stream, { envelope }, done) {
      const mail = await simpleParser(stream);
      const mood = smtp.answers.shift();
      if (mood === "silence") return;
      if (mood) return done(refusal(mood));
      const from = envelope.mailFrom ? envelope.mailFrom.address : "";
      const one = { from, to: envelope.rcptTo.map(({ address }) => address), mail };
      received.push(one);
      await smtp.taken?.(one);
      done();
      waiting.filter(({ count }) => received.length >= count).forEach(({ done }) => done());
    },
  });
  // A sender that is killed leaves its connection behind.
  server.on("error", () => {});
  const bound = await new Promise<number>((resolve) => {
    const listener = server.listen(
      port,
      "127.0.0.1",
      () => resolve((listener.address() as { port: number }).port),
    );
  });
  return Object.assign(smtp, {
    url: `smtp://127.0.0.1:${bound}`,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  });
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Settles when the closed pool of nodemailer has nothing planned any more: 50 ms after a connection ended, and 100
 * ms after that, it looks at its queue, even once it is closed. Timers fire in the order in which they are due.
 */
export async function poolAtRest(smtp?: TestSmtp) {
  while (smtp && smtp.connections.now > 0) await pause(5);
  for (const ms of [20, 60, 110]) await pause(ms);
}
