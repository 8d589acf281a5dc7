import type { Booking } from "../db/booking_moves.ts";
import type { Config } from "./config.ts";
import { log, nameOf } from "./log.ts";

/** Where QStash delivers; a part of what it signs. */
const HOOK = "/hooks/qstash";
/** Milliseconds that QStash may take to accept a message. */
const PATIENCE = 10_000;

/** What a message asks for. */
type Task = { job: string; reference: string };
export type Queue = {
  /** Asks for a call at the second in which the booking approves itself. Returns at once. */
  approveOnTime(booking: Pick<Booking, "reference" | "autoApproveAt">): void;
  /** Whether QStash wrote `body` for this address, and not long ago. */
  verify(body: string, signature: string | undefined): Promise<boolean>;
  /** Settles when nothing is under way. */
  idle(): Promise<unknown>;
};

/**
 * The precise trigger beside the sweep, which does without it: what cannot be published is logged and left to the
 * sweep. Null where QStash is not set up, and on every timeline but the production one.
 */
export function createQueue(config: Config): Queue | null {
  const { qstash, url, onClock } = config;
  if (!qstash || !onClock) return null;
  const sending = new Set<Promise<void>>();
  return {
    approveOnTime({ reference, autoApproveAt }) {
      if (autoApproveAt === null) return;
      const sent = publish({ ...qstash, to: url + HOOK }, reference, autoApproveAt)
        .catch((error) => log("warn", "qstash", { reference, error: nameOf(error) }))
        .finally(() => void sending.delete(sent));
      sending.add(sent);
    },
    verify: async (body, signature) =>
      signature !== undefined && await isSigned(qstash, { body, signature, url: url + HOOK }),
    idle: () => Promise.all(sending),
  };
}

type Account = NonNullable<Config["qstash"]> & { to: string };

/** The same booking for the same second is one message, however often it is published. */
async function publish({ token, url, to }: Account, reference: string, due: number) {
  const { Client } = await import("@upstash/qstash");
  // Without devMode and telemetry named, the package looks for a server of its own and reports home.
  const client = new Client({
    ...{ token, baseUrl: url ?? "https://qstash.upstash.io" },
    ...{ devMode: false, enableTelemetry: false, retry: { retries: 2 } },
  });
  const task: Task = { job: "approve_overdue", reference };
  await inTime(client.publishJSON({
    url: to,
    body: task,
    notBefore: Math.ceil(due / 1000),
    deduplicationId: `approve-${reference}-${due}`,
  }));
}

async function inTime(work: Promise<unknown>) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DOMException("no answer", "TimeoutError")), PATIENCE);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

type Signed = { body: string; signature: string; url: string };

/** The package checks the address only when it is named, and trusts keys of its own unless devMode is off. */
async function isSigned(
  { currentKey, nextKey }: Pick<Account, "currentKey" | "nextKey">,
  signed: Signed,
): Promise<boolean> {
  const { Receiver, SignatureError } = await import("@upstash/qstash");
  const receiver = new Receiver({
    ...{ currentSigningKey: currentKey, nextSigningKey: nextKey, devMode: false },
  });
  try {
    return await receiver.verify({ ...signed, clockTolerance: 5 });
  } catch (error) {
    if (error instanceof SignatureError) return false;
    throw error;
  }
}
