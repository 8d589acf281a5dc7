import type { Booking } from "../../db/booking_moves.ts";
import type { Notice } from "../../db/payment_notices.ts";
import type { Opening, Payment } from "../../db/payments.ts";
import type { Refund } from "../../db/refunds.ts";
import type { Network, PaymentMethod } from "../../db/schema.ts";

/** A provider's call as it arrived: signatures are over these very bytes. */
export type RawHook = { body: string; headers: Headers };
/** What a provider calls the page of an attempt, and the money that came of it. */
export type Named = { page?: string; money?: string };
/** Which attempt of ours bears one of these names; null where none does. */
export type Whose = (named: Named) => Promise<string | null>;
/** What the client chose beside the method. */
export type Choice = { network?: Network };
/** What the provider made of an attempt: its name there, where the client pays, and until when. */
export type Started = { providerRef: string; url: string; expiresAt?: number };
/** What the provider made of a refund. */
export type RefundAnswer = {
  providerRef: string | null;
  status: "processing" | "succeeded" | "failed";
  /** Why it failed, in one word. */
  error?: string;
};

/** Why a provider did not do what it was asked, in one word; permanent when asking again cannot help. */
export class GatewayError extends Error {
  constructor(readonly word: string, readonly permanent: boolean) {
    super(word);
  }
}

/** One way to pay. A new one is a new file beside this one and a line in `payment_gateways.ts`. */
export type Gateway = {
  method: PaymentMethod;
  name: string;
  /** For the client's choice: what it costs, how long it takes, what they need. */
  about: { cost: string; takes: string; needs: string };
  /** Origins of the provider's pages: where a form of ours may lead. */
  pages?: string[];
  /** Chains the client may choose from. */
  networks?: Network[];
  /**
   * How an attempt begins, before anything outside is called. Touches no network. Asked again, with `attempt`
   * risen, when a quote it made is taken.
   */
  opens(payment: Payment, now: number, choice?: Choice, attempt?: number): Opening;
  /** Values the client copies to pay, as label and value. */
  instructions?(payment: Payment, booking: Booking): [string, string][];
  /** The same as the text of a QR code that banks' apps read; null where there is none for this currency. */
  code?(payment: Payment, booking: Booking): string | null;
  /**
   * Makes the page at the provider where the client pays, once the attempt is stored; asked again, the same one.
   * `returnTo` is our page of the attempt. Throws GatewayError, a permanent one where that page takes no money any
   * more.
   */
  start?(payment: Payment, booking: Booking, returnTo: string): Promise<Started>;
  /** Makes the provider take no more money for an attempt that ended here. Throws GatewayError. */
  close?(payment: Payment): Promise<void>;
  /** How the attempt stands at the provider; null while nothing has happened. Throws GatewayError. */
  ask?(payment: Payment, now: number): Promise<Notice | null>;
  /**
   * What a signed call says; null for kinds we do not use. `whose` is asked where it names no attempt of ours
   * itself. Throws Problem `unauthenticated` where the signature,
   * the time (300 s both ways) or the account is wrong, GatewayError where the provider must be asked and is away.
   */
  verify?(raw: RawHook, now: number, whose: Whose): Promise<Notice | null>;
  /** Whether that asks the provider: each forged call costs a question then. */
  asksToVerify?: true;
  /**
   * Sends money back; the same refund again, however much later, does it once. Throws GatewayError. Without it a
   * person pays by hand.
   */
  refund?(refund: Refund, payment: Payment, now: number): Promise<RefundAnswer>;
};
