import type { Payment } from "../../db/payments.ts";

/** How money goes back: by a person where the method knows no way, else as the admin says. */
export function Way({ payment, byHand }: { payment: Payment; byHand: boolean }) {
  return byHand ? <p class="hint">{doneByHand(payment)}</p> : <Another id={payment.id} />;
}

const doneByHand = ({ method }: Payment) =>
  method === "usdt"
    ? "You send the USDT yourself, only to an address that the client has confirmed to you. " +
      "Then write the address and the transaction here."
    : "You make the transfer yourself. Then write here where it is found.";

const Another = ({ id }: { id: string }) => (
  <label class="choice">
    <input type="checkbox" id={`${id}-refund-by_hand`} name="by_hand" value="yes" />
    <span class="choice-name">I send it back another way</span>
    <span class="choice-about">The provider is not told. You write here where it is found.</span>
  </label>
);
