import { amountText } from "../../db/money.ts";
import type { Config } from "../config.ts";
import type { Gateway } from "./gateway.ts";

type Bank = NonNullable<Config["bank"]>;

/** A transfer that the client makes and an admin finds on the statement. */
export const bankGateway = (bank: Bank): Gateway => ({
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
      ["IBAN", joined(bank.iban)],
      ["BIC", bank.bic],
      ["Bank", bank.name],
      ["Reference", booking.reference],
    ].filter((fact): fact is [string, string] => fact[1] !== undefined),
  code: ({ currency, amountMinor }, { reference }) =>
    currency === "EUR" ? epcText(bank, { amountMinor, reference }) : null,
});

const joined = (iban: string) => iban.replace(/\s/g, "").toUpperCase();

/**
 * The text of a code that starts a SEPA transfer in a bank's app, version 2: EPC069-12,
 * https://www.europeanpaymentscouncil.eu/document-library/guidance-documents/quick-response-code-guidelines-enable-data-capture-initiation.
 * Only euros, 0.01 to 999,999,999.99; a name has at most 70 letters.
 */
function epcText(bank: Bank, of: { amountMinor: number; reference: string }): string {
  const name = Array.from(bank.holder).slice(0, 70).join("");
  const amount = `EUR${amountText(of.amountMinor, "EUR")}`;
  const [purpose, creditorReference] = ["", ""];
  return [
    ...["BCD", "002", "1", "SCT", bank.bic ?? "", name, joined(bank.iban), amount],
    ...[purpose, creditorReference, of.reference],
  ].join("\n");
}
