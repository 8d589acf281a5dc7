import { Copyable } from "./copyables.tsx";
import { Time } from "./format.tsx";
import type { UsdtQuoteProps } from "./usdt_quote.tsx";

/** What the chain shows of the transfer. */
export function Seen({ transfer, facts, payment, now, zone }: UsdtQuoteProps) {
  if (!transfer || transfer.removedAt !== null) {
    return (
      <p>
        <strong>Your transfer is not on the chain any more.</strong>{" "}
        That happens when its newest blocks are replaced, and mostly it comes back within minutes.
        We keep looking; do not send it again.
      </p>
    );
  }
  const { confirmations, minedAt, tx } = transfer;
  const late = payment.expiresAt !== null && minedAt > payment.expiresAt;
  return (
    <>
      <p>
        <strong>
          We see your transfer: {confirmations} of {facts.confirmations} confirmations.
        </strong>{" "}
        It counts as soon as it has all of them.
      </p>
      <progress value={confirmations} max={facts.confirmations} aria-label="Confirmations">
      </progress>
      {late && <p>It came after the quote had ended, so we may have to look at it first.</p>}
      <dl class="facts">
        <div>
          <dt>Seen</dt>
          <dd>
            <Time {...{ at: minedAt, now, zone }} />
          </dd>
        </div>
        <Copyable label="Transaction" value={tx} />
        <div>
          <dt>Network</dt>
          <dd>{facts.chain}</dd>
        </div>
      </dl>
    </>
  );
}
