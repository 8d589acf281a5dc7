import { and, gt, inArray, sql } from "drizzle-orm";
import type { Db } from "./client.ts";
import { chainCursors, type Network, networks, payments } from "./schema.ts";

export type ChainCursor = typeof chainCursors.$inferSelect;

/** How long after its end an attempt still has its chain read every time, in milliseconds. */
const LOOK_AFTER = 3 * 86_400_000;
const running = ["created", "open", "processing"] as const;

export type Watch = {
  /** Where money is awaited or came late lately, and since when. */
  awaited: { network: Network | null; address: string | null; since: number }[];
  cursors: ChainCursor[];
};

/** What the watcher looks for, in one round trip. */
export async function readWatch(db: Db, now: number): Promise<Watch> {
  const { network, usdtAddress: address, createdAt: since } = payments;
  const attempts = () => db.select({ network, address, since }).from(payments);
  // The plus keeps the planner from reading every payment of a method to find the few that are young or open.
  const usdt = sql`+${payments.method} = 'usdt'`;
  const [open, ended, cursors] = await db.batch([
    attempts().where(and(usdt, inArray(payments.status, [...running]))),
    attempts().where(and(usdt, gt(payments.updatedAt, now - LOOK_AFTER))),
    db.select().from(chainCursors).limit(networks.length),
  ]);
  return { awaited: [...open, ...ended], cursors };
}
