import { decimalsOf } from "../../db/money.ts";
import { Problem } from "../../db/problem.ts";

// https://docs.stripe.com/currencies: all others have two decimals there, ISK and UGX among them.
const whole = "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split(" ");
const thousandths = ["BHD", "JOD", "KWD", "OMR", "TND"];

/**
 * Our minor units as Stripe counts them. Throws `conflict` where cards cannot take the amount: in a currency of
 * three decimals the last must be 0.
 */
export function toStripe(minor: number, currency: string): number {
  const amount = Math.round(minor * factorOf(currency));
  const takes = fromStripe(amount, currency) === minor &&
    (stripeDecimals(currency) < 3 || amount % 10 === 0);
  if (takes) return amount;
  throw new Problem(
    "conflict",
    `A card cannot pay this exact amount of ${currency}. Choose another way to pay.`,
  );
}

/** What Stripe counts, in our minor units. */
export const fromStripe = (amount: number, currency: string): number =>
  Math.floor(amount / factorOf(currency));

const factorOf = (currency: string) => 10 ** (stripeDecimals(currency) - decimalsOf(currency));

function stripeDecimals(currency: string): number {
  if (whole.includes(currency)) return 0;
  return thousandths.includes(currency) ? 3 : 2;
}
