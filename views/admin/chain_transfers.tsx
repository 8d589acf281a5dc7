import type { ChainTransfer } from "../../db/chain_transfers.ts";
import { Hidden } from "../form.tsx";
import { amount, Table, TimeCell } from "./tables.tsx";

/** A transfer with its amount as the chain writes it. */
export type Unmatched = { transfer: ChainTransfer; usdt: string; chain: string };
type Props = { transfers: Unmatched[]; now: number; zone: string };

const PATH = "/admin/payments/transfers";
const columns = ["Seen", "Network", amount("USDT"), "Transaction", "From", "Decide"];

/** USDT that came and that nobody knows the payment of. */
export function UnmatchedTransfers({ transfers, now, zone }: Props) {
  if (transfers.length === 0) return null;
  return (
    <section id="transfers" class="stack">
      <h2>USDT that nobody asked for</h2>
      <p>
        Its amount is that of no quote. If you know whose it is, say so: then it is looked at like
        any other payment.
      </p>
      <Table columns={columns}>{transfers.map((of) => Row({ of, now, zone }))}</Table>
    </section>
  );
}

function Row({ of, now, zone }: { of: Unmatched } & Omit<Props, "transfers">) {
  const { transfer: { network, tx, logIndex, fromAddress, minedAt }, usdt, chain } = of;
  const key = { network, tx, log_index: logIndex };
  return (
    <tr data-transfer={`${network}:${tx}:${logIndex}`}>
      <TimeCell at={minedAt} now={now} zone={zone} />
      <td>{chain}</td>
      <td class="amount">{usdt}</td>
      <td class="details">{tx}</td>
      <td class="details">{fromAddress}</td>
      <td class="actions">
        <Decide id={`${tx}-${logIndex}`} of={key} />
      </td>
    </tr>
  );
}

type Key = Record<string, string | number>;

const Decide = ({ id, of }: { id: string; of: Key }) => (
  <div class="cluster">
    <details class="action">
      <summary>It pays a booking</summary>
      <form class="stack" method="post" action={`${PATH}/assignment`}>
        {Object.entries(of).map(([name, value]) => <Hidden name={name} value={value} />)}
        <div class="field">
          <label for={`transfer-${id}-reference`}>Its reference</label>
          <input
            type="text"
            id={`transfer-${id}-reference`}
            name="reference"
            placeholder="CP2026ABC123"
            maxlength={40}
            required
          />
        </div>
        <button type="submit">Take it for this booking</button>
      </form>
    </details>
    <form method="post" action={`${PATH}/dismissal`}>
      {Object.entries(of).map(([name, value]) => <Hidden name={name} value={value} />)}
      <button type="submit" class="quiet">Dismiss</button>
    </form>
  </div>
);
