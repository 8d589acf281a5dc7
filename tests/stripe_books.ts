/** What a request asked for, each field by the name the form gave it. */
export type Form = Record<string, string>;
export type Session = {
  id: string;
  object: "checkout.session";
  status: "open" | "complete" | "expired";
  payment_status: "unpaid" | "paid";
  amount_total: number;
  currency: string;
  client_reference_id: string | null;
  customer_email: string | null;
  metadata: Form;
  payment_intent: string | null;
  url: string | null;
  success_url: string;
  cancel_url: string;
  expires_at: number;
};
type Intent = {
  id: string;
  object: "payment_intent";
  status: "succeeded" | "processing" | "requires_payment_method";
  amount: number;
  currency: string;
  metadata: Form;
  last_payment_error: { code: string } | null;
};
type Refund = {
  id: string;
  object: "refund";
  amount: number;
  currency: string;
  payment_intent: string;
  status: "succeeded" | "pending" | "failed";
  failure_reason?: string;
  metadata: Form;
};

/** What Stripe answers where it does not do what it was asked. */
export class Refusal extends Error {
  constructor(readonly status: number, readonly code: string, readonly kind?: string) {
    super(code);
  }
}

/** The sessions, intents and refunds of one Stripe account. */
export class StripeBooks {
  readonly sessions = new Map<string, Session>();
  readonly intents = new Map<string, Intent>();
  readonly refunds = new Map<string, Refund>();
  /** How the next refunds end. */
  refundsEnd: Refund["status"] = "succeeded";
  #made = 0;

  id = (kind: string) => `${kind}_test_${++this.#made}`;

  openSession(form: Form, base: string): Session {
    const amount = wholeNumber(form["line_items[0][price_data][unit_amount]"]);
    const currency = form["line_items[0][price_data][currency]"] ?? "";
    if (form.mode !== "payment" || !/^[a-z]{3}$/.test(currency)) throw new Refusal(400, "bad_form");
    if (!form["line_items[0][price_data][product_data][name]"]) throw new Refusal(400, "no_name");
    const id = this.id("cs");
    const metadata = within(form, "metadata");
    const intent: Intent = {
      ...{ id: this.id("pi"), object: "payment_intent", status: "requires_payment_method" },
      ...{ amount, currency, last_payment_error: null },
      metadata: within(form, "payment_intent_data[metadata]"),
    };
    this.intents.set(intent.id, intent);
    const session: Session = {
      ...{ id, object: "checkout.session", status: "open", payment_status: "unpaid" },
      ...{ amount_total: amount, currency, metadata, payment_intent: intent.id },
      client_reference_id: form.client_reference_id ?? null,
      customer_email: form.customer_email ?? null,
      url: `${base}/pay/${id}`,
      success_url: form.success_url ?? "",
      cancel_url: form.cancel_url ?? "",
      expires_at: wholeNumber(form.expires_at),
    };
    this.sessions.set(id, session);
    return session;
  }

  /** The person pays: a card at once, a debit in some days. */
  pay(id: string, by: "card" | "debit"): Session {
    const session = this.endSession(id, "complete");
    session.payment_status = by === "card" ? "paid" : "unpaid";
    this.intentOf(session).status = by === "card" ? "succeeded" : "processing";
    return session;
  }

  /** A debit comes to its end. */
  finish(id: string, fine: boolean): Session {
    const session = known(this.sessions, id);
    const intent = this.intentOf(session);
    intent.status = fine ? "succeeded" : "requires_payment_method";
    if (fine) session.payment_status = "paid";
    else intent.last_payment_error = { code: "debit_not_authorized" };
    return session;
  }

  endSession(id: string, status: "complete" | "expired"): Session {
    const session = known(this.sessions, id);
    if (session.status !== "open") throw new Refusal(400, "session_not_open");
    return Object.assign(session, { status, url: null });
  }

  refund(form: Form): Refund {
    const intent = known(this.intents, form.payment_intent ?? "");
    const amount = wholeNumber(form.amount);
    if (amount > intent.amount - this.refunded(intent.id)) {
      throw new Refusal(400, "charge_already_refunded");
    }
    const refund: Refund = {
      ...{ id: this.id("re"), object: "refund", amount, currency: intent.currency },
      ...{ payment_intent: intent.id, status: this.refundsEnd },
      ...(this.refundsEnd === "failed" ? { failure_reason: "expired_or_canceled_card" } : {}),
      metadata: within(form, "metadata"),
    };
    this.refunds.set(refund.id, refund);
    return refund;
  }

  listRefunds({ payment_intent }: Form) {
    const data = [...this.refunds.values()].filter((one) => one.payment_intent === payment_intent);
    return { object: "list", data, has_more: false, url: "/v1/refunds" };
  }

  /** What went back of an intent's money. */
  refunded(intentId: string): number {
    return [...this.refunds.values()]
      .filter(({ payment_intent, status }) => payment_intent === intentId && status !== "failed")
      .reduce((sum, { amount }) => sum + amount, 0);
  }

  charge(intentId: string) {
    const { amount, currency } = known(this.intents, intentId);
    const amount_refunded = this.refunded(intentId);
    const money = { amount, currency, amount_refunded, refunded: amount_refunded === amount };
    return { id: `ch_${intentId}`, object: "charge", payment_intent: intentId, ...money };
  }

  intentOf = (session: Session): Intent => known(this.intents, session.payment_intent ?? "");
}

export function known<T>(rows: Map<string, T>, id: string): T {
  const row = rows.get(id);
  if (!row) throw new Refusal(404, "resource_missing");
  return row;
}

function wholeNumber(text: string | undefined): number {
  if (!/^[1-9]\d*$/.test(text ?? "")) throw new Refusal(400, "parameter_invalid_integer");
  return Number(text);
}

const within = (form: Form, name: string): Form =>
  Object.fromEntries(
    Object.entries(form).filter(([key]) => key.startsWith(`${name}[`))
      .map(([key, value]) => [key.slice(name.length + 1, -1), value]),
  );
