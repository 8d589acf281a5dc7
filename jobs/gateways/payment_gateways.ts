import type { Config } from "../config.ts";
import { bankGateway } from "./bank.ts";
import type { Gateway } from "./gateway.ts";
import { testGateway } from "./fake.ts";

/** The methods this configuration can offer. */
export function paymentGateways(config: Config): Gateway[] {
  return [
    ...(config.bank ? [bankGateway(config.bank)] : []),
    ...(config.production ? [] : [testGateway]),
  ];
}
