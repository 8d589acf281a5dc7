import type { Config } from "../config.ts";
import type { Gateway } from "./gateway.ts";

/** A transfer that the client makes and an admin finds on the statement. */
export const bankGateway = (bank: NonNullable<Config["bank"]>): Gateway => ({
  method: "bank",
  name: "Bank transfer",
  about: {
    cost: "No fee from us",
    takes: "1 to 3 working days",
    needs: "Your bank's app or a branch",
  },
  opens: () => ({ status: "open" }),
  instructions: (_payment, booking) =>
    [
      ["Account holder", bank.holder],
      ["IBAN", bank.iban],
      ["BIC", bank.bic],
      ["Bank", bank.name],
      ["Reference", booking.reference],
    ].filter((fact): fact is [string, string] => fact[1] !== undefined),
});
