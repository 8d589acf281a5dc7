import { decimalsOf } from "../../db/money.ts";
import { Problem } from "../../db/problem.ts";

/** Money as PayPal writes it. */
export type Amount = { currency_code: string; value: string };

// https://developer.paypal.com/api/rest/reference/currency-codes/
const taken = (
  "AUD BRL CAD CNY CZK DKK EUR HKD HUF ILS JPY MYR MXN TWD NZD NOK PHP PLN GBP SGD SEK CHF THB USD"
).split(" ");
const whole = ["HUF", "JPY", "TWD"];

export const paypalTakes = (currency: string) => taken.includes(currency);

/** Our minor units as PayPal writes them. Throws `conflict` where PayPal cannot take the amount. */
export function toPaypal(minor: number, currency: string): Amount {
  const value = (minor / 10 ** decimalsOf(currency)).toFixed(whole.includes(currency) ? 0 : 2);
  const amount = { currency_code: currency, value };
  if (paypalTakes(currency) && fromPaypal(amount) === minor) return amount;
  throw new Problem(
    "conflict",
    `PayPal cannot take this exact amount of ${currency}. Choose another way to pay.`,
  );
}

/** What PayPal writes, in our minor units. */
export const fromPaypal = ({ value, currency_code }: Amount): number =>
  Math.round(Number(value) * 10 ** decimalsOf(currency_code));
