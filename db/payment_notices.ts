import type { paymentNotices } from "./schema.ts";

type Row = typeof paymentNotices.$inferSelect;
/** What a provider says about an attempt, in words that fit all of them. */
export type Notice = Omit<Row, "effect" | "receivedAt"> & {
  /** What the provider calls the money that came: an intent, a capture. */
  providerPayment?: string;
  /** Why it failed, in one word. */
  reason?: string;
};
