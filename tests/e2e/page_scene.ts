import { approveBooking } from "../../db/booking_reviews.ts";
import { submitBooking } from "../../db/bookings.ts";
import { keepReading } from "../../db/chain_readings.ts";
import { claimEmails } from "../../db/email_claims.ts";
import { markFailed, markSent } from "../../db/email_results.ts";
import { recordRun } from "../../db/job_runs.ts";
import { MAX_MINOR } from "../../db/money.ts";
import { takeNotice } from "../../db/payment_notices.ts";
import type { Payment } from "../../db/payments.ts";
import { admins, chatMessages, payments, serviceBookings } from "../../db/schema.ts";
import { seedDemo } from "../../db/seed_demo.ts";
import { suppressAddress } from "../../db/suppressions.ts";
import { randomToken, storeToken } from "../../db/tokens.ts";
import {
  ada,
  alice,
  approveAfter,
  bookingIn,
  DAY,
  fileOf,
  HOUR,
  NOW,
  submission,
  UNPRICED,
} from "../cast.ts";
import { beginFactor, codeAt, setUpFactor } from "../factors.ts";
import { attempt, told } from "../ledger.ts";
import { PaypalServer } from "../paypal_server.ts";
import { StripeServer } from "../stripe_server.ts";
import type { Visitor } from "../visitor.ts";
import { openWorld, type World } from "../world.ts";

type Booking = typeof serviceBookings.$inferSelect;
export type Scene = AsyncDisposable & {
  world: World;
  /** Where the first admin is made, in an app that has none yet. */
  setup: string;
  /** The tokens of links that work, and one that is too old. */
  links: Record<
    "claim" | "reset" | "staff_reset" | "verify" | "email_new" | "invitation" | "old",
    string
  >;
  bookings: (Booking & { payments: Payment[]; alices: boolean })[];
  /** The booking with the longest words and the highest price. */
  longest: Booking;
  /** What Alice and Ada said a moment ago, by the numbers of their messages. */
  message: { reference: string; alices: number; adas: number };
  mails: Record<"dead" | "failed" | "sent", number>;
  /** A payment of which a part is back already. */
  refundable: string;
  /** The code of the manager's second factor. */
  code(): string;
};

export type Viewer = "stranger" | "client" | "owner" | "agent" | "manager" | "halfway";

/** Who looks, and where they sign in. */
export const viewers: Record<Viewer, { door: string; email: string; code?: boolean } | null> = {
  stranger: null,
  client: { door: "/sign-in", email: alice.email },
  owner: { door: "/admin/sign-in", email: ada.email },
  /** Has begun to set up a second factor. */
  agent: { door: "/admin/sign-in", email: "agent@connectpro.example" },
  manager: { door: "/admin/sign-in", email: "manager@connectpro.example", code: true },
  /** The manager, who has given the password and is asked for the code. */
  halfway: { door: "/admin/sign-in", email: "manager@connectpro.example" },
};

const nowhere = "http://127.0.0.1:1";
export const usdt = {
  USDT_EVM_RPC_URL: nowhere,
  USDT_EVM_CHAIN_ID: "1",
  USDT_EVM_TOKEN: "0xdAC17F958D2ee523a2206206994597C13D831ec7",
  USDT_EVM_ADDRESS: "0x00000000219ab540356cBB839Cbe05303d7705Fa",
  USDT_TRON_API_BASE: nowhere,
  USDT_TRON_TOKEN: "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t",
  USDT_TRON_ADDRESS: "TBXSw8fM4jpQkGc6zZjsVABFpVN7UvXPdV",
};

/** The app with the demo's bookings and what else a page may have to show: trouble, long words, large sums. */
export async function setScene(): Promise<Scene> {
  await using stack = new AsyncDisposableStack();
  const stripe = stack.use(new StripeServer(() => NOW));
  const paypal = stack.use(new PaypalServer(() => NOW));
  const world = stack.use(await openWorld({ env: { ...stripe.env, ...paypal.env, ...usdt } }));
  const bare = stack.use(await openWorld());
  await bare.db.delete(admins);
  const shown = { setup: await bare.setupLink() ?? "", ...await fill(world) };
  const stage = stack.move();
  return { world, ...shown, [Symbol.asyncDispose]: () => stage.disposeAsync() };
}

async function fill(world: World) {
  const { db } = world;
  const demo = { now: NOW, currency: "USD", approveAfter, hash: () => Promise.resolve("none") };
  await seedDemo(db, demo);
  const longest = await longWords(world);
  const mails = await mailTrouble(world);
  const [client, owner] = [await world.signedIn("alice"), await world.signedIn("ada")];
  await showFace(world, owner);
  await waysToPay(world, client);
  const refundable = await moneyTrouble(world, owner);
  const run = { job: "watch_chains", startedAt: NOW - 60_000, finishedAt: NOW, handled: 0 };
  await recordRun(db, { ...run, error: "unavailable" });
  const message = await talk(world, client, owner);
  const seed = await factorsIn(world);
  const code = () => codeAt(world, { seed });
  const [links, bookings] = [await linksIn(world), await bookingsIn(world)];
  return { links, bookings, longest, message, mails, refundable, code };
}

/** The agency's own face, of a colour that no text on paper may have as it is. */
async function showFace({ url }: World, owner: Visitor) {
  const path = "/admin/settings/brand";
  const words = { name: "", accent: "#ffcc00", sentence: "", line: "", contact: "Mill Lane 4" };
  await owner.post(path, { ...words, legal: "Run by the agency.\nMill Lane 4, York." });
  const body = new FormData();
  body.set("file", new File([Uint8Array.fromBase64(pixel)], "logo.png"));
  await owner.send(`${path}/logo`, { method: "POST", body, headers: { Origin: url } });
}
const pixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYPhfDwAChwGA60e6kgAAAABJRU5E" +
  "rkJggg==";

/** Words that no line holds and the highest price there is; in a second booking, without a price. */
async function longWords({ db, cast }: World): Promise<Booking> {
  const long = {
    name: "Maximiliane Freifrau von und zu Hohenlohe-Schillingsfürst-Bad",
    email: "donaudampfschifffahrtselektrizitaeten@hauptbetriebswerkbauunterbeamte.example",
    details: "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz".repeat(3),
  };
  const book = async (service: string) => {
    const { form, ...sent } = submission(long, { service, urgency: "urgent", ...long });
    const phone = "+49 7531 1234567890";
    return await submitBooking(db, { ...sent, form: { ...form, phone, company: long.name } });
  };
  await book("landing-page");
  const { reference } = await book(UNPRICED);
  const { booking } = await fileOf(db, reference);
  const by = { actor: cast.ada, now: NOW, note: long.details };
  await approveBooking(db, booking, { ...by, priceMinor: MAX_MINOR });
  return booking;
}

/** Of the first three mails one is refused for good, one fails for now and one leaves. */
async function mailTrouble({ db, cast }: World) {
  const [dead, failed, sent] = await claimEmails(db, NOW, 3);
  if (!dead || !failed || !sent) throw new Error("there are not enough mails");
  await markFailed(db, dead, { error: "refused-550", permanent: true, now: NOW });
  await markFailed(db, failed, { error: "deferred-451", permanent: false, now: NOW });
  const letter = { subject: "We have your booking", text: "Thank you.", html: "<p>Thank you.</p>" };
  await markSent(db, sent, { ...letter, now: NOW });
  await suppressAddress(db, "gone@okafor.example", { actor: cast.ada, now: NOW });
  return { dead: dead.email.id, failed: failed.email.id, sent: sent.email.id };
}

/** Alice begins to pay in every way there is. */
async function waysToPay({ cast }: World, client: Visitor) {
  const ways: Record<string, string>[] = [
    ...[{ method: "stripe" }, { method: "paypal" }, { method: "bank" }],
    ...[{ method: "usdt", network: "evm" }, { method: "usdt", network: "tron" }],
  ];
  for (const way of ways) {
    const { booking } = await bookingIn(cast, "approved");
    const base = `/bookings/${booking.reference}`;
    const answer = await client.fill(`${base}/payment`, `${base}/payments`, way);
    if (answer.status !== 303) throw new Error(`${way.method}: ${answer.status}`);
  }
}

/** Money that needs a person: too little, too much, disputed, of nobody; and some that goes back. */
async function moneyTrouble(world: World, owner: Visitor): Promise<string> {
  const { db, cast } = world;
  for (const amount of [80_000, 95_000, 89_000]) {
    const payment = await attempt(cast, await bookingIn(cast, "approved"));
    const providerPayment = randomToken();
    await takeNotice(db, told(payment, { amount, providerPayment }), NOW);
    if (amount === payment.amountMinor) {
      await takeNotice(db, told(payment, { outcome: "disputed", providerPayment }), NOW);
    }
  }
  await strangeMoney(world, owner);
  const paid = (await bookingIn(cast, "paid")).payments[0]?.id ?? "";
  const refund = `/admin/payments/${paid}/refund`;
  await owner.fill(refund, refund, { amount: "90", reason: "Less work than planned." });
  return paid;
}

/** On the bank's statement and on the chain: what fits a booking, and what fits none. */
async function strangeMoney({ db, cast }: World, owner: Visitor) {
  const { booking } = await bookingIn(cast, "payment_pending");
  const statement = [
    "Date;Amount;Counterparty;Details",
    `2026-03-01;890.00;Alice Meyer;${booking.reference}`,
    `2026-03-01;12.50;${"Donaudampfschifffahrt".repeat(3)};for the fair`,
  ];
  const body = new FormData();
  body.set("file", new File([statement.join("\n")], "march.csv"));
  const to = "/admin/payments/statements";
  await owner.send(to, { method: "POST", body, headers: { Origin: owner.url } });
  const transfer = { tx: `0x${"5e".repeat(32)}`, logIndex: 0, block: 100, minedAt: NOW - HOUR };
  const between = { fromAddress: `0x${"f0".repeat(20)}`, toAddress: usdt.USDT_EVM_ADDRESS };
  const sightings = [{ ...transfer, ...between, micro: 500_000_000 }];
  const times = { toAt: NOW - HOUR, resumeAt: NOW - HOUR };
  const reading = { network: "evm" as const, from: 80, to: 120, head: 120, needed: 12, ...times };
  await keepReading(db, { ...reading, sightings }, NOW);
}

/** Alice and Ada say something that they may still change. */
async function talk({ cast, db }: World, client: Visitor, owner: Visitor) {
  const { booking: { reference } } = await bookingIn(cast, "in_progress");
  const body = `Here it is: https://example.org/${"long-and-unbroken".repeat(12)}`;
  const said: number[] = [];
  for (const [visitor, area] of [[client, ""], [owner, "/admin"]] as const) {
    const chat = `${area}/bookings/${reference}/chat`;
    await visitor.fill(chat, `${chat}/messages`, { body });
    said.push((await db.select().from(chatMessages)).at(-1)?.id ?? 0);
  }
  const [alices = 0, adas = 0] = said;
  return { reference, alices, adas };
}

/** The key of the manager's second factor; the agent has only begun with one. */
async function factorsIn(world: World): Promise<string> {
  await beginFactor((await world.hired("agent")).visitor);
  return (await setUpFactor(world, (await world.hired("manager")).visitor)).seed;
}

async function linksIn({ db, cast }: World): Promise<Scene["links"]> {
  const link = async (about: Omit<Parameters<typeof storeToken>[2], "now">, now = NOW) => {
    const token = randomToken();
    await storeToken(db, token, { now, ...about });
    return token;
  };
  const userId = cast.alice.id as number;
  const email = "new@northwind.example";
  return {
    claim: await link({ purpose: "claim", userId }),
    reset: await link({ purpose: "reset", userId }),
    staff_reset: await link({ purpose: "reset", email: ada.email }),
    verify: await link({ purpose: "verify", userId }),
    email_new: await link({ purpose: "email_new", userId, email }),
    invitation: await link({ purpose: "invitation", email, role: "agent" }),
    old: await link({ purpose: "reset", userId }, NOW - DAY),
  };
}

async function bookingsIn({ db, cast }: World): Promise<Scene["bookings"]> {
  const [all, attempts] = [
    await db.select().from(serviceBookings),
    await db.select().from(payments),
  ];
  return all.map((booking) => ({
    ...booking,
    alices: booking.userId === cast.alice.id,
    payments: attempts.filter(({ bookingId }) => bookingId === booking.id),
  }));
}
