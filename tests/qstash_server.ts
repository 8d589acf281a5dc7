import { SignJWT } from "jose";

type Message = {
  id: string;
  url: string;
  body: string;
  /** UTC milliseconds. */
  notBefore: number;
  deduplicationId: string;
  authorization: string;
  retried: number;
};
export type Delivery = { reference: string; status: number; text: string };
type Claims = { issuer?: string; url?: string; body?: string; key?: string; age?: number };

const KEYS = { current: `sig_${"c".repeat(28)}`, next: `sig_${"n".repeat(28)}` };
const MOST_RETRIES = 3;

/** A QStash of our own: it stores, waits by a clock that the test moves, delivers, retries, and signs like the real one. */
export class QStash {
  readonly messages: Message[] = [];
  /** How it takes what is published: well, not at all, or without ever answering. */
  mood: "well" | "broken" | "silent" = "well";
  #waiting: (() => void)[] = [];
  #asked = 0;
  #release = Promise.withResolvers<void>();
  #server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (request) => this.#take(request),
  );

  readonly env = {
    QSTASH_URL: `http://127.0.0.1:${this.#server.addr.port}`,
    QSTASH_TOKEN: "qstash-token-of-a-test",
    QSTASH_CURRENT_SIGNING_KEY: KEYS.current,
    QSTASH_NEXT_SIGNING_KEY: KEYS.next,
  };

  /** Settles when `count` messages were published since the start, taken or not. */
  async asked(count: number) {
    while (this.#asked < count) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Delivers once what is due at `now`; what is not answered 2xx waits for its next try. */
  async deliverDue(now: number): Promise<Delivery[]> {
    const due = this.messages.filter((message) => message.notBefore <= now);
    const answers: Delivery[] = [];
    for (const message of due) {
      const answer = await this.deliver(message);
      answers.push(answer);
      if (answer.status >= 200 && answer.status < 300) this.#drop(message);
      else this.#again(message, now);
    }
    return answers;
  }

  /** One delivery, whatever came of those before. */
  async deliver(message: Pick<Message, "url" | "body" | "retried">): Promise<Delivery> {
    const { url, body, retried } = message;
    const headers = {
      "Content-Type": "application/json",
      "Upstash-Signature": await this.sign(body, { url }),
      "Upstash-Retried": String(retried),
    };
    const response = await fetch(url, { method: "POST", body, headers });
    const reference = String(JSON.parse(body).reference);
    return { reference, status: response.status, text: await response.text() };
  }

  /** The header of a delivery of `body`: a JWT for five minutes, as QStash documents it. */
  async sign(body: string, claims: Claims = {}): Promise<string> {
    const { issuer = "Upstash", url = "", key = KEYS.current, age = 0 } = claims;
    const now = Math.floor(Date.now() / 1000) - age;
    const bytes = new TextEncoder().encode(claims.body ?? body);
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    return await new SignJWT({ body: hash.toBase64({ alphabet: "base64url" }) })
      .setProtectedHeader({ alg: "HS256", typ: "JWT" })
      .setIssuer(issuer).setSubject(url).setIssuedAt(now).setNotBefore(now)
      .setExpirationTime(now + 300).setJti(crypto.randomUUID())
      .sign(new TextEncoder().encode(key));
  }

  /** The key that QStash will sign with when it has changed it. */
  static readonly nextKey = KEYS.next;

  /** Lets go of whoever waits for a silent answer. */
  answer() {
    this.#release.resolve();
  }

  async [Symbol.asyncDispose]() {
    this.answer();
    await this.#server.shutdown();
  }

  async #take(request: Request): Promise<Response> {
    const message = messageOf(request, await request.text());
    this.#asked++;
    this.#waiting.splice(0).forEach((look) => look());
    if (this.mood === "silent") await this.#release.promise;
    if (this.mood !== "well") return Response.json({ error: "broken" }, { status: 500 });
    const twin = this.messages.find((known) => known.deduplicationId === message.deduplicationId);
    if (twin) return Response.json({ messageId: twin.id, deduplicated: true }, { status: 202 });
    this.messages.push(message);
    return Response.json({ messageId: message.id }, { status: 201 });
  }

  #drop(message: Message) {
    this.messages.splice(this.messages.indexOf(message), 1);
  }

  /** min(86400, e^(2.5 n)) seconds, and after the last try never again. */
  #again(message: Message, now: number) {
    message.retried++;
    message.notBefore = now + Math.min(86_400, Math.exp(2.5 * message.retried)) * 1000;
    if (message.retried > MOST_RETRIES) this.#drop(message);
  }
}

function messageOf({ url, headers }: Request, body: string): Message {
  const to = new URL(url).pathname.slice("/v2/publish/".length);
  return {
    id: `msg_${crypto.randomUUID()}`,
    url: decodeURIComponent(to),
    body,
    notBefore: Number(headers.get("upstash-not-before")) * 1000,
    deduplicationId: headers.get("upstash-deduplication-id") ?? "",
    authorization: headers.get("authorization") ?? "",
    retried: 0,
  };
}
