import type { Config } from "../config.ts";
import { bankGateway } from "./bank.ts";
import type { Gateway } from "./gateway.ts";
import { testGateway } from "./fake.ts";
import { paypalGateway } from "./paypal.ts";
import { paypalTakes } from "./paypal_amounts.ts";
import { stripeGateway } from "./stripe.ts";
import { usdtGateway } from "./usdt.ts";

/** The methods this configuration can offer. */
export function paymentGateways(config: Config): Gateway[] {
  const { stripe, paypal, agency } = config;
  return [
    ...(stripe ? [stripeGateway(stripe)] : []),
    ...(paypal && paypalTakes(agency.currency) ? [paypalGateway(paypal)] : []),
    ...(config.bank ? [bankGateway(config.bank)] : []),
    ...(config.usdt ? [usdtGateway(config.usdt)] : []),
    ...(config.production ? [] : [testGateway]),
  ];
}
