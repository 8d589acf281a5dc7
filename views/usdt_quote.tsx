import type { ChainTransfer } from "../db/chain_transfers.ts";
import type { Payment } from "../db/payments.ts";
import type { Network } from "../db/schema.ts";
import type { FormState } from "./form.tsx";
import { Seen } from "./usdt_seen.tsx";
import { Waiting } from "./usdt_waiting.tsx";

/** What to send where, as the chain counts it, and how many blocks make a transfer final. */
export type QuoteFacts = {
  network: Network;
  chain: string;
  address: string;
  amount: string;
  /** What the QR code says. */
  uri: string;
  confirmations: number;
};

export type UsdtQuoteProps = {
  payment: Payment;
  facts: QuoteFacts;
  /** The newest transfer for it, which may have been taken off the chain again. */
  transfer: ChainTransfer | null;
  /** The booking's address. */
  base: string;
  form: FormState;
  now: number;
  zone: string;
};

/** A running attempt by USDT: what to send, or what has been seen of it. Once something is seen, nothing to send. */
export function UsdtQuote(props: UsdtQuoteProps) {
  const { network, address, amount } = props.facts;
  const marks = {
    "data-usdt-amount": amount,
    "data-usdt-address": address,
    "data-usdt-network": network,
  };
  const { payment: { status }, transfer } = props;
  const seen = transfer !== null || status === "processing";
  return (
    <div class="card stack" {...marks}>
      {seen ? <Seen {...props} /> : <Waiting {...props} />}
    </div>
  );
}
