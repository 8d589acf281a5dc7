import Stripe from "stripe";
import { type Form, known, Refusal, type Session, StripeBooks } from "./stripe_books.ts";

/** A provider's call as it goes over the wire. */
export type Call = { body: string; headers: Record<string, string> };
/** What was asked of the API. */
export type Asked = { method: string; path: string; key: string | null; form: Form };
/** Stands between a request and its answer: does it late, twice, not at all, or keeps quiet about it. */
export type Fault = (serve: () => Promise<Response>) => Promise<Response>;

const SECRET = "whsec_a_secret_of_the_tests";
const KEY = "sk_test_a_key_of_the_tests";

export const stripeError = (status: number, code = "", type = "invalid_request_error") =>
  Response.json({ error: { type, code, message: "No." } }, { status });

/** An answer with no more in it than these fields. */
export const tersely = (...fields: string[]): Fault => async (serve) => {
  const whole = await (await serve()).json();
  return Response.json(Object.fromEntries(fields.map((field) => [field, whole[field]])));
};

/** Posts a call to the product; the status of its answer. */
export async function deliver(url: string, { body, headers }: Call): Promise<number> {
  const answer = await fetch(url, { method: "POST", body, headers });
  await answer.body?.cancel();
  return answer.status;
}

/** A Stripe of its own on a free loopback port, whose calls are truly signed. */
export class StripeServer {
  readonly books = new StripeBooks();
  readonly asked: Asked[] = [];
  /** Each next request to the API meets one of these. */
  readonly faults: Fault[] = [];
  /** Where the hosted page sends its calls, if anywhere. */
  hook = "";
  readonly #replays = new Map<string, { form: string; answer: Promise<Response> }>();
  readonly #webhooks = new Stripe(KEY).webhooks;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  /** `clock` says when calls are signed. */
  constructor(readonly clock: () => number = Date.now) {
    const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
    this.#server = Deno.serve(options, (request) => this.#answer(request));
  }

  get url() {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  /** What the product is told of it. */
  get env() {
    return {
      STRIPE_SECRET_KEY: KEY,
      STRIPE_WEBHOOK_SECRET: SECRET,
      STRIPE_API_BASE: this.url,
    };
  }

  /** The session that was opened for a payment. */
  sessionOf(paymentId: string): Session {
    const sessions = [...this.books.sessions.values()];
    const session = sessions.find(({ metadata }) => metadata.payment_id === paymentId);
    if (!session) throw new Error(`no session for ${paymentId}`);
    return session;
  }

  /** The person pays on the hosted page; the call that tells it. */
  async pay(paymentId: string, by: "card" | "debit" = "card"): Promise<Call> {
    const session = this.books.pay(this.sessionOf(paymentId).id, by);
    return await this.call("checkout.session.completed", session);
  }

  /** An event about `object`, signed. */
  async call(type: string, object: unknown, over: Record<string, unknown> = {}): Promise<Call> {
    const created = Math.floor(this.clock() / 1000);
    const event = { id: this.books.id("evt"), object: "event", created, livemode: false, type };
    return await this.sign(JSON.stringify({ ...event, data: { object }, ...over }));
  }

  async sign(body: string, wish: { secret?: string; at?: number } = {}): Promise<Call> {
    const signature = await this.#webhooks.generateTestHeaderStringAsync({
      payload: body,
      secret: wish.secret ?? SECRET,
      timestamp: Math.floor((wish.at ?? this.clock()) / 1000),
    });
    return { body, headers: { "content-type": "application/json", "stripe-signature": signature } };
  }

  /** As after a day: a key that was used before is a new one. */
  forgetKeys() {
    this.#replays.clear();
  }

  async [Symbol.asyncDispose]() {
    await this.#server.shutdown();
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname: path, searchParams } = new URL(request.url);
    const form = Object.fromEntries([
      ...searchParams,
      ...new URLSearchParams(await request.text()),
    ]);
    const { method } = request;
    if (path.startsWith("/pay/")) return await this.#page(method, path.slice("/pay/".length));
    const key = request.headers.get("idempotency-key");
    this.asked.push({ method, path, key, form });
    const serve = () => this.#api(request, { method, path, key, form });
    return await (this.faults.shift()?.(serve) ?? serve());
  }

  async #api(request: Request, asked: Asked): Promise<Response> {
    const { headers } = request;
    if (headers.get("authorization") !== `Bearer ${KEY}`) return stripeError(401);
    if (!headers.has("stripe-version")) return stripeError(400, "version_missing");
    if (asked.method === "GET" || !asked.key) return this.#act(asked);
    const words = JSON.stringify([asked.path, asked.form]);
    const before = this.#replays.get(asked.key);
    if (before && before.form !== words) return stripeError(400, "", "idempotency_error");
    const answer = before?.answer ?? Promise.resolve(this.#act(asked));
    this.#replays.set(asked.key, { form: words, answer });
    return (await answer).clone();
  }

  #act({ method, path, form }: Asked): Response {
    const [, , kind, ...rest] = path.split("/");
    const [id = "", verb = ""] = kind === "checkout" ? rest.slice(1) : rest;
    const { books } = this;
    const acts: Record<string, () => unknown> = {
      "POST checkout": () =>
        verb === "expire" ? books.endSession(id, "expired") : books.openSession(form, this.url),
      "GET checkout": () => {
        const session = known(books.sessions, id);
        return { ...session, payment_intent: books.intentOf(session) };
      },
      "GET payment_intents": () => known(books.intents, id),
      "POST refunds": () => books.refund(form),
      "GET refunds": () => id ? known(books.refunds, id) : books.listRefunds(form),
    };
    try {
      const act = acts[`${method} ${kind}`];
      return act ? Response.json(act()) : stripeError(404, "unknown_address");
    } catch (error) {
      if (error instanceof Refusal) return stripeError(error.status, error.code);
      throw error;
    }
  }

  /** The page where the person pays: one button, then back to where they came from. */
  async #page(method: string, id: string): Promise<Response> {
    const session = known(this.books.sessions, id);
    if (method === "GET") {
      const html = `<!doctype html><title>Pay</title><form method="post"><button>Pay ${
        session.amount_total / 100
      }</button></form>`;
      return new Response(html, { headers: { "content-type": "text/html" } });
    }
    const call = await this.call("checkout.session.completed", this.books.pay(id, "card"));
    if (this.hook) await deliver(this.hook, call);
    return new Response(null, { status: 303, headers: { location: session.success_url } });
  }
}
