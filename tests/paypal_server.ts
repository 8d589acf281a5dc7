import { mac, verify } from "./paypal_signatures.ts";
import { Refusal } from "./stripe_books.ts";
import { type Asked, type Call, deliver, type Fault } from "./stripe_server.ts";

type Amount = { currency_code: string; value: string };
type Unit = { custom_id: string; invoice_id: string; amount: Amount; reference_id: string };
type Capture = Pick<Unit, "custom_id" | "invoice_id" | "amount"> & { id: string; status: string };
type Refund = { id: string; amount: Amount; status: string; captureId: string; invoice_id: string };
type Order = {
  id: string;
  status: string;
  unit: Unit;
  returnUrl: string;
  capture?: Capture;
};
// deno-lint-ignore no-explicit-any
type Json = any;

const [CLIENT, SECRET, WEBHOOK] = ["a client of the tests", "a secret of the tests", "WH-TESTS"];

export const paypalError = (status: number, issue: string) =>
  Response.json({ name: "UNPROCESSABLE_ENTITY", details: [{ issue }] }, { status });

/** A PayPal of its own on a free loopback port, which signs its calls and knows its own signature again. */
export class PaypalServer {
  readonly orders = new Map<string, Order>();
  readonly captures = new Map<string, Capture>();
  readonly refunds = new Map<string, Refund>();
  readonly asked: Asked[] = [];
  /** Each next request to the API, signing in aside, meets one of these. */
  readonly faults: Fault[] = [];
  /** Where the hosted page sends its calls, if anywhere. */
  hook = "";
  /** How the next captures and refunds end. */
  ends = { capture: "COMPLETED", refund: "COMPLETED" };
  signIns = 0;
  #made = 0;
  readonly #replays = new Map<string, Response>();
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  /** `clock` says when calls are sent. */
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
      PAYPAL_CLIENT_ID: CLIENT,
      PAYPAL_CLIENT_SECRET: SECRET,
      PAYPAL_WEBHOOK_ID: WEBHOOK,
      PAYPAL_API_BASE: this.url,
    };
  }

  /** The order that was made for a payment. */
  orderOf(paymentId: string): Order {
    const order = [...this.orders.values()].find(({ unit }) => unit.invoice_id === paymentId);
    if (!order) throw new Error(`no order for ${paymentId}`);
    return order;
  }

  /** The payer agrees on the hosted page; the call that tells it. */
  async agree(paymentId: string): Promise<Call> {
    const order = this.orderOf(paymentId);
    order.status = "APPROVED";
    return await this.call("CHECKOUT.ORDER.APPROVED", this.#shown(order));
  }

  captureOf(paymentId: string): Capture {
    const { capture } = this.orderOf(paymentId);
    if (!capture) throw new Error(`no capture for ${paymentId}`);
    return capture;
  }

  /** An event about `resource`, signed. */
  async call(event_type: string, resource: unknown): Promise<Call> {
    const create_time = new Date(this.clock()).toISOString();
    return await this.sign(
      JSON.stringify({ id: this.#id("WH"), event_type, create_time, resource }),
    );
  }

  async sign(body: string, wish: { webhookId?: string; at?: number } = {}): Promise<Call> {
    const id = this.#id("T");
    const time = new Date(wish.at ?? this.clock()).toISOString();
    const signature = await mac([id, time, wish.webhookId ?? WEBHOOK, body]);
    return {
      body,
      headers: {
        "content-type": "application/json",
        "paypal-auth-algo": "SHA256withRSA",
        "paypal-cert-url": `${this.url}/cert`,
        "paypal-transmission-id": id,
        "paypal-transmission-sig": signature,
        "paypal-transmission-time": time,
      },
    };
  }

  /** As after some hours: a request's id that was used before is a new one. */
  forgetRequests() {
    this.#replays.clear();
  }

  async [Symbol.asyncDispose]() {
    await this.#server.shutdown();
  }

  #id = (kind: string) => `${kind}-${++this.#made}`;

  async #answer(request: Request): Promise<Response> {
    const { method, headers } = request;
    const { pathname: path } = new URL(request.url);
    const text = await request.text();
    if (path.startsWith("/agree/")) return await this.#page(method, path.slice("/agree/".length));
    if (path === "/v1/oauth2/token") return this.#signIn(headers);
    const key = headers.get("paypal-request-id");
    this.asked.push({ method, path, key, form: {} });
    const serve = () => this.#api(request, { path, key, text });
    return await (this.faults.shift()?.(serve) ?? serve());
  }

  #signIn(headers: Headers): Response {
    const known = headers.get("authorization") === `Basic ${btoa(`${CLIENT}:${SECRET}`)}`;
    if (!known) return Response.json({ error: "invalid_client" }, { status: 401 });
    return Response.json({ access_token: `token ${++this.signIns}`, expires_in: 32400 });
  }

  async #api(request: Request, ask: { path: string; key: string | null; text: string }) {
    const { headers, method } = request;
    if (headers.get("authorization") !== `Bearer token ${this.signIns}`) {
      return new Response(null, { status: 401 });
    }
    if (ask.path === "/v1/notifications/verify-webhook-signature") return await verify(ask.text);
    const replay = ask.key && this.#replays.get(ask.key);
    if (replay) return replay.clone();
    const answer = this.#act(`${method} ${ask.path}`, ask.text ? JSON.parse(ask.text) : {});
    if (ask.key && answer.ok) this.#replays.set(ask.key, answer.clone());
    return answer;
  }

  #act(what: string, body: Json): Response {
    const acts: [RegExp, (id: string) => unknown][] = [
      [/^POST \/v2\/checkout\/orders$/, () => this.#order(body)],
      [/^GET \/v2\/checkout\/orders\/([^/]+)$/, (id) => this.#shown(known(this.orders, id))],
      [/^PATCH \/v2\/checkout\/orders\/([^/]+)$/, (id) => this.#change(id, body)],
      [/^POST \/v2\/checkout\/orders\/([^/]+)\/capture$/, (id) => this.capture(id)],
      [/^GET \/v2\/payments\/captures\/([^/]+)$/, (id) => known(this.captures, id)],
      [/^POST \/v2\/payments\/captures\/([^/]+)\/refund$/, (id) => this.#refund(id, body)],
      [/^GET \/v2\/payments\/refunds\/([^/]+)$/, (id) => known(this.refunds, id)],
    ];
    try {
      for (const [pattern, act] of acts) {
        const id = what.match(pattern);
        if (id) return Response.json(act(id[1] ?? ""));
      }
      throw new Refusal(404, "UNKNOWN_ADDRESS");
    } catch (error) {
      if (error instanceof Refusal) return paypalError(error.status, error.code);
      throw error;
    }
  }

  #order({ intent, purchase_units: [unit], application_context }: Json) {
    const { currency_code, value } = unit.amount;
    const pattern = currency_code === "JPY" ? /^\d+$/ : /^\d+\.\d\d$/;
    if (intent !== "CAPTURE" || !pattern.test(value)) throw new Refusal(422, "BAD_ORDER");
    if (application_context.user_action !== "PAY_NOW") throw new Refusal(422, "BAD_ACTION");
    const id = this.#id("O");
    const returnUrl = application_context.return_url;
    const order = { id, status: "CREATED", unit: { ...unit, reference_id: "default" }, returnUrl };
    this.orders.set(id, order);
    return this.#shown(order);
  }

  #change(id: string, [{ op, path, value }]: Json) {
    const order = known(this.orders, id);
    if (!["CREATED", "APPROVED"].includes(order.status)) {
      throw new Refusal(422, "ORDER_ALREADY_COMPLETED");
    }
    if (op !== "replace" || path !== "/purchase_units/@reference_id=='default'/custom_id") {
      throw new Refusal(400, "BAD_PATCH");
    }
    order.unit.custom_id = value;
    return {};
  }

  capture(id: string) {
    const order = known(this.orders, id);
    if (order.capture) throw new Refusal(422, "ORDER_ALREADY_CAPTURED");
    if (order.status !== "APPROVED") throw new Refusal(422, "ORDER_NOT_APPROVED");
    if (this.ends.capture === "INSTRUMENT") throw new Refusal(422, "INSTRUMENT_DECLINED");
    const { custom_id, invoice_id, amount } = order.unit;
    const capture = { id: this.#id("C"), status: this.ends.capture, custom_id, invoice_id, amount };
    this.captures.set(capture.id, capture);
    Object.assign(order, { status: "COMPLETED", capture });
    return this.#shown(order);
  }

  #refund(captureId: string, { amount, invoice_id }: Json) {
    const capture = known(this.captures, captureId);
    const back = [...this.refunds.values()].filter((refund) => refund.captureId === captureId)
      .reduce((sum, refund) => sum + Number(refund.amount.value), Number(amount.value));
    if (back > Number(capture.amount.value)) throw new Refusal(422, "REFUND_AMOUNT_EXCEEDED");
    const refund = { id: this.#id("R"), amount, status: this.ends.refund, captureId, invoice_id };
    this.refunds.set(refund.id, refund);
    return refund;
  }

  #shown({ id, status, unit, capture }: Order) {
    const refunds = [...this.refunds.values()].filter((one) => one.captureId === capture?.id);
    const payments = capture && { captures: [capture], refunds };
    const links = [{ rel: "self", href: "" }, { rel: "approve", href: `${this.url}/agree/${id}` }];
    return { id, status, links, purchase_units: [{ ...unit, payments }] };
  }

  /** The page where the payer agrees: one button, then back to where they came from. */
  async #page(method: string, id: string): Promise<Response> {
    const { unit, returnUrl } = known(this.orders, id);
    if (method === "GET") {
      const html =
        `<!doctype html><title>Pay</title><form method="post"><button>Pay</button></form>`;
      return new Response(html, { headers: { "content-type": "text/html" } });
    }
    const call = await this.agree(unit.invoice_id);
    if (this.hook) await deliver(this.hook, call);
    return new Response(null, { status: 303, headers: { location: `${returnUrl}&token=${id}` } });
  }
}

function known<T>(rows: Map<string, T>, id: string): T {
  const row = rows.get(id);
  if (!row) throw new Refusal(404, "INVALID_RESOURCE_ID");
  return row;
}
