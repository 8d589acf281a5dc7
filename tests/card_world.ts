import { eq } from "drizzle-orm";
import type { BookingFile } from "../db/booking_finders.ts";
import type { Payment } from "../db/payments.ts";
import { paymentNotices } from "../db/schema.ts";
import { paymentGateways } from "../jobs/gateways/payment_gateways.ts";
import { settlePayments } from "../jobs/settle_payments.ts";
import { fileOf, NOW } from "./cast.ts";
import { PaypalServer } from "./paypal_server.ts";
import { type Call, deliver, StripeServer } from "./stripe_server.ts";
import type { Visitor } from "./visitor.ts";
import { openWorld, type World } from "./world.ts";

type Provider = "stripe" | "paypal";
export type CardWorld = AsyncDisposable & {
  world: World;
  stripe: StripeServer;
  paypal: PaypalServer;
  /** Begins to pay at a provider, through the form; the attempt as it is stored then. */
  begin(
    who: Visitor,
    file: BookingFile,
    method: Provider,
    fields?: Record<string, string>,
  ): Promise<Payment>;
  /** The person pays there; the call that will tell us. */
  pay(payment: Payment): Promise<Call>;
  hook(method: Provider, call: Call): Promise<number>;
  /** What the clock does about payments. */
  settle(): Promise<number>;
  /** What came of everything the providers said of an attempt. */
  effects(payment: Payment): Promise<string[]>;
};

/** The app with a Stripe and a PayPal of its own beside it. */
export async function openCardWorld({ slow }: { slow?: number } = {}): Promise<CardWorld> {
  const stack = new AsyncDisposableStack();
  const time = { now: NOW };
  const stripe = stack.use(new StripeServer(() => time.now));
  const paypal = stack.use(new PaypalServer(() => time.now));
  const world = stack.use(await openWorld({ env: { ...stripe.env, ...paypal.env }, slow }));
  Object.defineProperty(time, "now", { get: () => world.time.now });
  const gateways = paymentGateways(world.config);
  const post = { db: world.db, config: world.config, mailer: null, gateways };
  return {
    ...{ world, stripe, paypal },
    async begin(who, { booking: { reference } }, method, fields = {}) {
      const base = `/bookings/${reference}`;
      const answer = await who.fill(`${base}/payment`, `${base}/payments`, { method, ...fields });
      const { payments } = await fileOf(world.db, reference);
      const payment = payments.find((payment) => payment.method === method);
      if (answer.status !== 303 || !payment) throw new Error(`${method}: ${answer.status}`);
      return payment;
    },
    pay: ({ id, method }) => method === "stripe" ? stripe.pay(id) : paypal.agree(id),
    hook: (method, call) => deliver(`${world.url}/hooks/${method}`, call),
    settle: () => settlePayments(post, world.time.now),
    async effects({ id }) {
      const kept = await world.db.select().from(paymentNotices)
        .where(eq(paymentNotices.paymentId, id));
      return kept.map(({ effect }) => effect).sort();
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
