import { Copyable } from "./copyables.tsx";
import { countdown } from "./approvals.tsx";
import { Instant, instant, zoneName } from "./format.tsx";
import { QrCode } from "./qr_code.tsx";
import type { UsdtQuoteProps } from "./usdt_quote.tsx";
import { TransactionForm } from "./usdt_transaction.tsx";

/** What to send where, while the quote stands. */
export function Waiting(props: UsdtQuoteProps) {
  const { payment: { expiresAt }, facts, now, zone } = props;
  if (expiresAt !== null && expiresAt <= now) return <Over {...props} />;
  const { amount, address, chain, uri } = facts;
  return (
    <>
      <p>
        <strong>Send exactly this amount of USDT, on this network.</strong>{" "}
        Its last digits tell us that it is yours. Anything else has to wait until one of us has
        looked at it, and what is sent on another network may be lost.
      </p>
      <div class="with-code">
        <dl class="facts">
          <Copyable label="Amount" value={`${amount} USDT`} copied={amount} />
          <Copyable label="Address" value={address} />
          <div>
            <dt>Network</dt>
            <dd>{chain}</dd>
          </div>
          {expiresAt !== null && <Ends {...{ at: expiresAt, now, zone }} />}
        </dl>
        <figure>
          <QrCode text={uri} label={`QR code for your wallet: ${amount} USDT on ${chain}`} />
          <figcaption class="hint">Or scan this with your wallet.</figcaption>
        </figure>
      </div>
      <TransactionForm {...props} />
    </>
  );
}

/** The end of the quote; static/app.js counts on. */
const Ends = ({ at, now, zone }: { at: number; now: number; zone: string }) => (
  <div>
    <dt>Ends</dt>
    <dd>
      <strong data-until={new Date(at).toISOString()}>{countdown(at - now)}</strong>,{" "}
      <Instant {...{ at, now, zone }} />
    </dd>
  </div>
);

function Over(props: UsdtQuoteProps) {
  const { payment, base, now, zone } = props;
  const end = payment.expiresAt ?? now;
  return (
    <>
      <p>
        <strong>
          This quote ended on {instant(end, zone, now)} {zoneName(zone)}: do not send anything now.
        </strong>{" "}
        What you sent before is found, even if it takes a while. If you have not sent anything,{" "}
        <a href={`${base}/payment`}>begin again</a> for a new quote.
      </p>
      <TransactionForm {...props} />
    </>
  );
}
