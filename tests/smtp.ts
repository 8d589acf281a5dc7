import { type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";

export type Received = { from: string; to: string[]; mail: ParsedMail };
export type TestSmtp = AsyncDisposable & {
  url: string;
  received: Received[];
  /** What the server says to the next mail: an SMTP code such as 451 or 550, or nothing when it takes it. */
  answers: (number | undefined)[];
};

/** A real SMTP server on a free loopback port that keeps what it takes. */
export async function startSmtp(): Promise<TestSmtp> {
  const received: Received[] = [];
  const answers: (number | undefined)[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    async onData(stream, { envelope }, done) {
      const mail = await simpleParser(stream);
      const code = answers.shift();
      if (code) return done(Object.assign(new Error("not now"), { responseCode: code }));
      const from = envelope.mailFrom ? envelope.mailFrom.address : "";
      received.push({ from, to: envelope.rcptTo.map(({ address }) => address), mail });
      done();
    },
  });
  const port = await new Promise<number>((resolve) => {
    const listener = server.listen(
      0,
      "127.0.0.1",
      () => resolve((listener.address() as { port: number }).port),
    );
  });
  return {
    url: `smtp://127.0.0.1:${port}`,
    ...{ received, answers },
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
