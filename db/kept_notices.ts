import type { Actor } from "./booking_moves.ts";
import type { Db, Statement } from "./client.ts";
import type { Notice } from "./payment_notices.ts";
import { paymentNotices } from "./schema.ts";

/** The row that keeps a notice, for the batch of what it brings about: neither is there without the other. */
export function keepNotice(db: Db, notice: Notice, of: { effect: string; now: number }): Statement {
  const { reason: _reason, besides: _besides, refund: _refund, ...told } = notice;
  return db.insert(paymentNotices).values({ ...told, effect: of.effect, receivedAt: of.now });
}

/** Who acts by a notice: the clock where the attempt has ended by itself. */
export const providerOf = ({ provider }: Notice): Actor =>
  provider === "clock"
    ? { kind: "clock", id: null, name: "ConnectPro" }
    : { kind: "provider", id: null, name: provider };
