import type { Statement } from "./client.ts";
import type { Network } from "./schema.ts";

/** How far a chain's clock may be behind ours, in milliseconds. */
const SKEW = 600_000;
/** For how long a transfer that is nobody's is looked at again, in milliseconds. */
const LOOK_AGAIN = 30 * 86_400_000;
/** For how long after it began an attempt that got nothing may be what money was meant for, in milliseconds. */
const MEANT = 86_400_000;

const cameFor = (attempt: string) =>
  `exists (select 1 from chain_transfers o where o.payment_id = ${attempt}.id and o.removed_at is null)`;
const came = cameFor("p");

/** The exact amount of a quote, at its address: of an attempt that waits for it, else of the latest one. */
export const matchByQuote = (network: Network, now: number): Statement =>
  tie({
    ...{ network, now },
    join: "p.usdt_address = t.to_address and p.usdt_micro = t.micro",
    fits: `row_number() over (partition by t.rowid
      order by ${came}, p.status in ('created', 'open', 'processing') desc, p.created_at desc) = 1`,
  });

/**
 * Any other amount, in a transaction that one client named and only one, where nothing came for their attempt
 * yet: a person looks at it then.
 */
export const matchByTx = (network: Network, now: number): Statement =>
  tie({
    ...{ network, now },
    join: `p.usdt_tx in (t.tx, '0x' || t.tx, substr(t.tx, 3))`,
    fits: `count(*) over (partition by t.rowid) = 1 and not ${came}
      and row_number() over (partition by p.id order by t.log_index) = 1`,
  });

const near = (attempt: string) =>
  `${attempt}.usdt_address = t.to_address and t.micro * 2 >= ${attempt}.usdt_micro
    and t.micro <= ${attempt}.usdt_micro * 2`;

/**
 * Another amount, at least half and at most twice the quote of one attempt that waits at the address and of no other,
 * as where an exchange kept its fee: a person looks at it then. An attempt of another booking that was begun within
 * the last day and got nothing is another, even if it is over.
 */
export const matchAlone = (network: Network, now: number): Statement =>
  tie({
    ...{ network, now },
    join: `${near("p")} and p.network = t.network
      and p.status in ('created', 'open', 'processing')`,
    fits: `count(*) over (partition by t.rowid) = 1 and not ${came}
      and row_number() over (partition by p.id order by t.mined_at, t.log_index) = 1
      and not exists (select 1 from payments q where ${near("q")}
        and q.booking_id <> p.booking_id and q.created_at > t.mined_at - ${MEANT}
        and not ${cameFor("q")})`,
  });

/** Ties what is nobody's to an attempt that was there before it. */
const tie = (by: { network: Network; now: number; join: string; fits: string }): Statement => ({
  sql: `update chain_transfers set payment_id = found.payment from (
      select t.rowid as transfer, p.id as payment, ${by.fits} as fits
      from chain_transfers t join payments p on ${by.join}
      where t.network = :network and t.settled_at is null and t.removed_at is null
        and t.payment_id is null and t.mined_at > :since
        and p.created_at <= t.mined_at + ${SKEW}
    ) found
    where found.fits and chain_transfers.rowid = found.transfer`,
  args: { network: by.network, since: by.now - LOOK_AGAIN },
});
