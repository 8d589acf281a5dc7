import { assert, assertEquals, assertRejects } from "@std/assert";
import { keepReading } from "../../db/chain_readings.ts";
import { listTransfersOf, listUnmatchedTransfers } from "../../db/chain_transfers.ts";
import type { Db } from "../../db/client.ts";
import { refusePayment } from "../../db/payment_reviews.ts";
import { startPayment } from "../../db/payment_starts.ts";
import type { Payment } from "../../db/payments.ts";
import { chainCursors, payments } from "../../db/schema.ts";
import { randomToken } from "../../db/tokens.ts";
import { listTransfersToTell, tellTransfer } from "../../db/transfer_notices.ts";
import { runJob } from "../../jobs/clock.ts";
import { type Config, readConfig } from "../../jobs/config.ts";
import { usdtGateway } from "../../jobs/gateways/usdt.ts";
import { evmChain } from "../../jobs/gateways/usdt_evm.ts";
import { watchChains } from "../../jobs/watch_chains.ts";
import { type Anvil, type Call, startAnvil } from "../anvil.ts";
import { bookingIn, type Cast, castIn, fileOf, HOUR, NOW } from "../cast.ts";
import { openTestDatabase, type TestDatabase } from "../databases.ts";
import { atOnce } from "../db/processes_at_once.ts";
import { startTron, tronAddress, type TronServer } from "../tron_server.ts";

const OURS = "0x00000000219ab540356cBB839Cbe05303d7705Fa";
const OTHER = "0x0000000000000000000000000000000000000bad";
const OURS_ON_TRON = tronAddress("11".repeat(20));
const MINUTE = 60_000;
/** When the attempts of these tests begin. */
const BEGUN = NOW + 5 * MINUTE;
const CONFIRMATIONS = 3;

type Rails = { anvil?: Anvil; tron?: TronServer };
type Scene = {
  database: TestDatabase;
  db: Db;
  cast: Cast;
  env: Record<string, string>;
  config: Config;
};

async function openScene({ anvil, tron }: Rails): Promise<Scene> {
  const database = await openTestDatabase();
  const evm = anvil && {
    USDT_EVM_RPC_URL: anvil.url,
    USDT_EVM_CHAIN_ID: String(anvil.chainId),
    USDT_EVM_TOKEN: anvil.token,
    USDT_EVM_ADDRESS: OURS,
    USDT_EVM_CONFIRMATIONS: String(CONFIRMATIONS),
  };
  const onTron = tron && {
    USDT_TRON_API_BASE: tron.url,
    USDT_TRON_TOKEN: tron.token,
    USDT_TRON_ADDRESS: OURS_ON_TRON,
  };
  const env = { APP_ENV: "test", ...evm, ...onTron };
  const cast = await castIn(database.db);
  return { database, db: database.db, cast, env, config: readConfig(env, []) };
}

type Quoted = { payment: Payment; micro: number; reference: string };

/** A new booking of Alice's with a quote that runs. */
async function quoted({ cast, config }: Scene, now = BEGUN): Promise<Quoted> {
  const file = await bookingIn(cast, "approved");
  const gateway = usdtGateway(config.usdt as NonNullable<Config["usdt"]>);
  const payment = await startPayment(cast.db, file.booking, {
    ...{ actor: cast.alice, now, method: "usdt", idempotencyKey: randomToken() },
    ...{ payments: file.payments, opens: (fresh) => gateway.opens(fresh, now) },
  });
  return { payment, micro: payment.usdtMicro as number, reference: file.booking.reference };
}

/** How the booking, its first attempt and what was seen of it stand. */
async function standing(db: Db, { reference, payment: { id } }: Quoted) {
  const { booking, payments } = await fileOf(db, reference);
  const payment = payments.find((one) => one.id === id);
  const [transfer] = await listTransfersOf(db, id);
  const seen = transfer?.removedAt === null ? transfer.confirmations : undefined;
  return [booking.status, payment?.status, payment?.reason ?? undefined, seen];
}

const isLogs = ({ method }: Call) => method === "eth_getLogs";
const watch = (scene: Scene, now = BEGUN + MINUTE) => watchChains(scene, now);

Deno.test("watch_chains: the exact quote is seen, confirmed block by block, and pays the booking once", async () => {
  await using anvil = await startAnvil(NOW);
  const scene = await openScene({ anvil });
  await using _ = scene.database;
  const { db } = scene;
  const quote = await quoted(scene);

  assertEquals(await watch(scene), 0);
  assertEquals(await standing(db, quote), ["payment_pending", "open", undefined, undefined]);
  const tx = await anvil.send(OURS, quote.micro);
  await watch(scene);
  assertEquals(await standing(db, quote), ["payment_pending", "open", undefined, undefined]);
  await anvil.mine();
  await watch(scene);
  assertEquals(await standing(db, quote), ["payment_pending", "processing", undefined, 1]);
  await anvil.mine();
  await watch(scene, BEGUN + 24 * HOUR);
  assertEquals(await standing(db, quote), ["payment_pending", "processing", undefined, 2]);
  await anvil.mine();
  assertEquals(await watch(scene), 1);
  assertEquals(await standing(db, quote), ["paid", "succeeded", undefined, 3]);

  assertEquals(await watch(scene), 0);
  const [paid] = (await fileOf(db, quote.reference)).payments;
  assertEquals([paid?.receivedMinor, paid?.amountMinor], [89_000, 89_000]);
  const { rows } = await db.$client.execute("select * from payment_notices order by kind");
  const told = rows.map((
    row,
  ) => [row.provider, row.event_id, row.amount, row.currency, row.effect]);
  assertEquals(told, [
    ["usdt-evm", `${tx}:0`, quote.micro, "USDT", "succeeded"],
    ["usdt-evm", `${tx}:0:seen`, quote.micro, "USDT", "processing"],
  ]);
});

Deno.test("T-AMOUNT: on a chain only the exact quote in the right token at the right address pays", async (t) => {
  await using anvil = await startAnvil(NOW);
  const scene = await openScene({ anvil });
  await using _ = scene.database;
  const { db } = scene;
  const fake = await anvil.deploy(6);
  const cases: Record<string, [(quote: Quoted) => Promise<unknown>, string[]]> = {
    "the quote": [({ micro }) => anvil.send(OURS, micro), ["paid", "succeeded", "-"]],
    "another token": [({ micro }) => anvil.send(OURS, micro, fake), [
      "payment_pending",
      "open",
      "-",
    ]],
    "another address": [({ micro }) => anvil.send(OTHER, micro), ["payment_pending", "open", "-"]],
    "a cent short, unnamed": [
      ({ micro }) => anvil.send(OURS, micro - 10_000),
      ["payment_pending", "open", "-"],
    ],
    "a fee short, named": [
      (quote) => named(quote, anvil.send(OURS, quote.micro - 1_000_000)),
      ["payment_pending", "needs_review", "short"],
    ],
    "over, named": [
      (quote) => named(quote, anvil.send(OURS, quote.micro + 20_000)),
      ["payment_pending", "needs_review", "over"],
    ],
    "another token, named": [
      (quote) => named(quote, anvil.send(OURS, quote.micro, fake)),
      ["payment_pending", "open", "-"],
    ],
    "another address, named": [
      (quote) => named(quote, anvil.send(OTHER, quote.micro - 1)),
      ["payment_pending", "open", "-"],
    ],
    "more than a number holds, named": [
      (quote) => named(quote, anvil.send(OURS, 2n ** 255n)),
      ["payment_pending", "needs_review", "over"],
    ],
    "twice the quote": [
      async ({ micro }) => [await anvil.send(OURS, micro), await anvil.send(OURS, micro)],
      ["paid", "succeeded", "doubled"],
    ],
  };
  const named = async ({ payment }: Quoted, sent: Promise<string>) => {
    const usdtTx = await sent;
    await db.$client.execute({
      sql: "update payments set usdt_tx = ? where id = ?",
      args: [usdtTx, payment.id],
    });
  };
  const quotes = new Map<string, Quoted>();
  for (const [name, [pay]] of Object.entries(cases)) {
    const quote = await quoted(scene);
    quotes.set(name, quote);
    await pay(quote);
  }
  await anvil.mine(CONFIRMATIONS);
  await watch(scene);
  for (const [name, quote] of quotes) {
    await t.step(name, async () => {
      const [booking, payment, reason = "-"] = await standing(db, quote);
      assertEquals([booking, payment, reason], cases[name]?.[1]);
    });
  }
  const unmatched = await listUnmatchedTransfers(db);
  const stray = (quotes.get("a cent short, unnamed") as Quoted).micro - 10_000;
  assertEquals(unmatched.map(({ micro }) => micro), [stray]);
});

Deno.test("watch_chains: what a reorganisation took away counts no more, and counts again where it returns", async () => {
  await using anvil = await startAnvil(NOW);
  const scene = await openScene({ anvil });
  await using _ = scene.database;
  const { db } = scene;
  const quote = await quoted(scene);
  await anvil.mine();
  await anvil.send(OURS, quote.micro);
  await anvil.mine(2);
  await watch(scene);
  assertEquals(await standing(db, quote), ["payment_pending", "processing", undefined, 2]);

  await anvil.reorganise(2);
  await watch(scene);
  assertEquals(await standing(db, quote), ["payment_pending", "processing", undefined, undefined]);
  const [gone] = await listTransfersOf(db, quote.payment.id);
  assertEquals([gone?.removedAt, gone?.confirmations], [BEGUN + MINUTE, 0]);

  await anvil.send(OURS, quote.micro);
  await anvil.mine(CONFIRMATIONS);
  await watch(scene);
  assertEquals((await standing(db, quote)).slice(0, 2), ["paid", "succeeded"]);
});

Deno.test("watch_chains: a quote ends when its chain was read past its end, and a transfer that never came back frees the booking", async () => {
  await using anvil = await startAnvil(NOW);
  const scene = await openScene({ anvil });
  await using _ = scene.database;
  const { db } = scene;
  const [idle, lost] = [await quoted(scene), await quoted(scene)];
  await anvil.mine();
  await anvil.send(OURS, lost.micro);
  await anvil.mine();
  await watch(scene);
  await anvil.reorganise(1);
  await watch(scene);

  const end = idle.payment.expiresAt as number;
  await watch(scene, end + HOUR);
  assertEquals((await standing(db, idle))[1], "open", "the chain's clock stands still");
  await anvil.mine(1, (end + 9 * MINUTE - NOW) / 1000);
  await watch(scene, end + HOUR);
  assertEquals((await standing(db, idle))[1], "open", "a last block may hold it");
  await anvil.mine(1, 120);
  await watch(scene, end + HOUR);
  assertEquals(await standing(db, idle), ["approved", "expired", undefined, undefined]);
  assertEquals((await standing(db, lost))[1], "processing");
  await anvil.mine(1, 3 * 3600);
  await watch(scene, end + 5 * HOUR);
  assertEquals(await standing(db, lost), ["approved", "expired", undefined, undefined]);

  await anvil.send(OURS, idle.micro);
  await anvil.mine(CONFIRMATIONS);
  await watch(scene, end + 6 * HOUR);
  assertEquals(await standing(db, idle), ["approved", "needs_review", "late", CONFIRMATIONS]);
});

Deno.test("watch_chains: a node that is away is recorded, ends no quote, and the next run catches up", async () => {
  await using anvil = await startAnvil(NOW);
  await using tron = startTron(NOW);
  const scene = await openScene({ anvil, tron });
  await using _ = scene.database;
  const { db } = scene;
  const quote = await quoted(scene);
  const job = { name: "watch_chains", schedule: "* * * * *", run: watchChains };
  const post = { ...scene, mailer: null, gateways: [] };
  anvil.away = true;
  const said: string[] = [];
  const { error: say } = console;
  console.error = (line: string) => said.push(line);
  try {
    const run = await runJob(job, post, BEGUN + 24 * HOUR);
    assertEquals(run, { handled: 0, error: "evm-refused-503" });
  } finally {
    console.error = say;
  }
  assert(!said.join().includes(anvil.url));
  assertEquals((await standing(db, quote))[1], "open");

  await anvil.send(OURS, quote.micro);
  await anvil.mine(CONFIRMATIONS);
  anvil.away = false;
  assertEquals(await runJob(job, post, BEGUN + 24 * HOUR), { handled: 1, error: null });
  assertEquals((await standing(db, quote))[0], "paid");
});

Deno.test("watch_chains: a node of another chain, or a token with other decimals, is refused before anything is read", async () => {
  await using anvil = await startAnvil(NOW);
  const scene = await openScene({ anvil });
  await using _ = scene.database;
  await quoted(scene);
  const usdt = scene.config.usdt as NonNullable<Config["usdt"]>;
  const wrong = {
    "evm-wrong-chain": { ...usdt.evm, chainId: 1 },
    "evm-wrong-decimals": { ...usdt.evm, token: await anvil.deploy(18) },
    "evm-wrong-checksum": { ...usdt.evm, address: OURS.replace("Fa", "fa") },
    "evm-unreachable": { ...usdt.evm, rpcUrl: "http://127.0.0.1:1" },
  };
  for (const [name, evm] of Object.entries(wrong)) {
    const config = { ...scene.config, usdt: { ...usdt, evm } } as Config;
    const failure = await assertRejects(() => watchChains({ db: scene.db, config }, BEGUN));
    assertEquals((failure as Error).name, name);
  }
  assertEquals(
    await scene.db.$client.execute("select * from chain_cursors").then((r) => r.rows),
    [],
  );
});

Deno.test("watch_chains: a token that does not say its decimals counts as USDT does", async () => {
  await using anvil = await startAnvil(NOW);
  const token = await anvil.deploy(null);
  const scene = await openScene({ anvil: Object.assign(anvil, { token }) });
  await using _ = scene.database;
  const quote = await quoted(scene);
  await anvil.send(OURS, quote.micro, token);
  await anvil.mine(CONFIRMATIONS);
  await watch(scene);
  assertEquals((await standing(scene.db, quote)).slice(0, 2), ["paid", "succeeded"]);
});

Deno.test("watch_chains: nobody asks a node while nothing is awaited, but for a look each hour", async () => {
  await using anvil = await startAnvil(NOW);
  await using tron = startTron(NOW);
  const scene = await openScene({ anvil, tron });
  await using _ = scene.database;
  await watch(scene);
  assertEquals([anvil.asked(), tron.asked()], [[], []]);

  const quote = await quoted(scene);
  await watch(scene);
  assertEquals(anvil.asked().filter(isLogs).length, 1);
  assertEquals(tron.asked(), []);
  await scene.db.update(payments).set({ status: "expired" });
  const later = BEGUN + 4 * 24 * HOUR;
  assertEquals((await watch(scene, later), anvil.asked().length), 2);
  await watch(scene, later + HOUR - 1);
  assertEquals(anvil.asked(), []);
  await anvil.send(OURS, quote.micro + 10_000);
  await anvil.mine(CONFIRMATIONS);
  await watch(scene, later + HOUR);
  assertEquals((await listUnmatchedTransfers(scene.db)).length, 1);
});

Deno.test("watch_chains: a long way is read in bounded ranges and runs, and nothing on it is missed", async () => {
  await using anvil = await startAnvil(NOW);
  const scene = await openScene({ anvil });
  await using _ = scene.database;
  const { db } = scene;
  const [first, second] = [await quoted(scene), await quoted(scene)];
  await watch(scene);
  const { evm } = scene.config.usdt as NonNullable<Config["usdt"]>;
  const chain = evmChain(evm as NonNullable<typeof evm>, { range: 5, ranges: 6 });
  for (const { micro } of [first, second]) {
    await anvil.mine(30);
    await anvil.send(OURS, micro);
    await anvil.mine(CONFIRMATIONS);
  }
  anvil.asked();
  const ends: number[] = [];
  for (let to = 0, head = 1; to < head;) {
    const cursor = await db.select().from(chainCursors).get();
    const reading = await chain.read({ cursor, addresses: [OURS], since: 0, now: BEGUN });
    await keepReading(db, reading, BEGUN);
    ({ to, head } = reading);
    ends.push(to);
  }
  const ranges = anvil.asked().filter(isLogs).map(({ params: [of] }) =>
    [of?.fromBlock, of?.toBlock].map(Number) as [number, number]
  );
  for (const [at, [from, to]] of ranges.entries()) {
    const [, before] = ranges[at - 1] ?? [0, -1];
    assert(to - from < 5 && from <= before + 1, `${from} to ${to} after ${before}`);
  }
  assertEquals(ends, [29, 39, 49, 59, 67]);
  const found = [first, second].map(({ payment: { id } }) => listTransfersOf(db, id));
  assertEquals((await Promise.all(found)).map((of) => of.length), [1, 1]);
});

Deno.test("watch_chains: two processes that watch at once tell everything once", async () => {
  await using anvil = await startAnvil(NOW);
  const scene = await openScene({ anvil });
  await using _ = scene.database;
  const quotes = [];
  for (let n = 0; n < 5; n++) quotes.push(await quoted(scene));
  for (const { micro } of quotes) await anvil.send(OURS, micro);
  await anvil.mine(CONFIRMATIONS);
  await atOnce("watchChains", { url: scene.database.url, argument: JSON.stringify(scene.env) });

  for (const quote of quotes) assertEquals((await standing(scene.db, quote))[0], "paid");
  const { rows } = await scene.db.$client.execute(
    `select (select count(*) from chain_transfers) transfers,
      (select count(*) from payment_notices where outcome = 'succeeded') notices,
      (select count(*) from email_notifications where template = 'payment_received') mails`,
  );
  assertEquals({ ...rows[0] }, { transfers: 5, notices: 5, mails: 5 });
});

Deno.test("watch_chains: Tron's transfers are read page by page, checked by their receipts and confirmed by 19 blocks", async () => {
  await using tron = startTron(NOW, { pageSize: 3 });
  const scene = await openScene({ tron });
  await using _ = scene.database;
  const { db } = scene;
  const quotes: Quoted[] = [];
  for (let n = 0; n < 6; n++) quotes.push(await quoted(scene));
  const [right, fake, failed, forged, approval, second] = quotes as [Quoted, ...Quoted[]];
  const to = OURS_ON_TRON;
  const stranger = tronAddress("33".repeat(20));
  tron.send({ to, micro: right.micro });
  tron.send({ to, micro: fake?.micro ?? 0, token: stranger, decimals: 18 });
  tron.send({ to, micro: failed?.micro ?? 0, result: "OUT_OF_ENERGY" });
  tron.send({ to, micro: forged?.micro ?? 0, logOf: stranger });
  tron.send({ to, micro: approval?.micro ?? 0, type: "Approval" });
  tron.send({ to, micro: 9_999 });
  tron.mine();
  await watch(scene);
  assertEquals(await standing(db, right), ["payment_pending", "processing", undefined, 1]);
  assertEquals(tron.asked().filter((path) => path.startsWith("/v1/")).length, 2);

  const late = tron.send({ to, micro: second?.micro ?? 0 });
  tron.mine(18);
  await watch(scene);
  assertEquals(await standing(db, right), ["paid", "succeeded", undefined, 19]);
  assertEquals(await standing(db, second as Quoted), [
    "payment_pending",
    "processing",
    undefined,
    18,
  ]);
  tron.drop(late);
  await watch(scene);
  assertEquals((await standing(db, second as Quoted))[3], undefined);
  for (const quote of [fake, failed, forged, approval]) {
    const untouched = ["payment_pending", "open", undefined, undefined];
    assertEquals(await standing(db, quote as Quoted), untouched);
  }
  assertEquals(await listUnmatchedTransfers(db), []);
  tron.away = true;
  const failure = await assertRejects(() => watch(scene));
  assertEquals((failure as Error).name, "tron-refused-503");
});

Deno.test("watch_chains: a Tron that says little, or is an index of accounts alone, is read all the same", async () => {
  for (const says of ["little", "index"] as const) {
    await using tron = startTron(NOW);
    tron.says = says;
    const scene = await openScene({ tron });
    await using _ = scene.database;
    const { db } = scene;
    const [right, other] = [await quoted(scene), await quoted(scene)];
    tron.send({ to: OURS_ON_TRON, micro: right.micro });
    tron.send({ to: OURS_ON_TRON, micro: other.micro, token: tronAddress("33".repeat(20)) });
    tron.mine();
    const seen = says === "little" ? ["processing", undefined, 1] : ["open", undefined, undefined];
    await watch(scene);
    assertEquals(await standing(db, right), ["payment_pending", ...seen]);
    tron.mine(18);
    await watch(scene);
    assertEquals(await standing(db, right), ["paid", "succeeded", undefined, 19]);
    assertEquals((await standing(db, other)).slice(0, 2), ["payment_pending", "open"]);
    assertEquals(await listUnmatchedTransfers(db), []);
  }
});

Deno.test("watch_chains: what Tron's pages do not hold in one run is read in the next", async () => {
  await using tron = startTron(NOW, { pageSize: 1 });
  const scene = await openScene({ tron });
  await using _ = scene.database;
  const quotes: Quoted[] = [];
  for (let n = 0; n < 5; n++) quotes.push(await quoted(scene));
  for (const { micro } of quotes) {
    tron.send({ to: OURS_ON_TRON, micro });
    tron.mine(300);
  }
  const paid = async () => {
    const all = quotes.map((quote) => standing(scene.db, quote));
    return (await Promise.all(all)).map(([booking]) => booking === "paid");
  };
  await watch(scene);
  assertEquals(await paid(), [true, true, true, false, false]);
  assertEquals(tron.asked().filter((path) => path.startsWith("/v1/")).length, 3);
  await watch(scene);
  assertEquals(await paid(), [true, true, true, true, true]);
});

Deno.test("T-AMOUNT: a transfer on the other network, named by its transaction, waits for a person", async () => {
  await using anvil = await startAnvil(NOW);
  await using tron = startTron(NOW);
  const scene = await openScene({ anvil, tron });
  await using _ = scene.database;
  const [evm, onTron] = [await quoted(scene), await quoted(scene)];
  await scene.db.$client.execute({
    sql: "update payments set network = 'tron', usdt_address = ? where id = ?",
    args: [OURS_ON_TRON, onTron.payment.id],
  });
  const tx = tron.send({ to: OURS_ON_TRON, micro: evm.micro });
  await scene.db.$client.execute({
    sql: "update payments set usdt_tx = ? where id = ?",
    args: [`0x${tx}`, evm.payment.id],
  });
  tron.mine(19);
  await watch(scene);
  assertEquals((await standing(scene.db, evm)).slice(0, 3), [
    "payment_pending",
    "needs_review",
    "chain",
  ]);
});

Deno.test("a network that is read no more leaves no quote behind: it ends, or what was seen waits for a person", async () => {
  await using tron = startTron(NOW);
  const scene = await openScene({ tron });
  await using _database = scene.database;
  const { db, cast } = scene;
  const [idle, seen] = [await quoted(scene), await quoted(scene)];
  const toAddress = seen.payment.usdtAddress ?? "";
  const sighting = {
    tx: "ab".repeat(32),
    logIndex: 0,
    block: 9,
    minedAt: BEGUN,
    micro: seen.micro,
  };
  const read = (head: number) =>
    keepReading(db, {
      ...{ network: "tron", from: 1, to: head, toAt: BEGUN, resumeAt: BEGUN, head, needed: 19 },
      sightings: [{ ...sighting, fromAddress: OTHER, toAddress }],
    }, BEGUN);
  await read(9);
  const left = { ...scene, config: readConfig({ APP_ENV: "test" }, []) };
  const over = BEGUN + 5 * HOUR;
  assertEquals(await watch(left, over - 2 * HOUR), 0);
  assertEquals(await watch(left, over), 2);
  assertEquals(await watch(left, over), 0);
  assertEquals((await standing(db, idle)).slice(0, 3), ["approved", "expired", undefined]);
  const [booking, status, reason] = await standing(db, seen);
  assertEquals([booking, status, reason], ["payment_pending", "needs_review", "unconfirmed"]);

  const file = await fileOf(db, seen.reference);
  const payment = file.payments[0] as Payment;
  await refusePayment(db, { payment, booking: file.booking }, {
    ...{ actor: cast.ada, now: over, note: "Its block is gone." },
  });
  assertEquals((await standing(db, seen)).slice(0, 2), ["approved", "failed"]);

  await read(60);
  for (const one of await listTransfersToTell(db, "tron")) await tellTransfer(db, one, over);
  assertEquals((await standing(db, seen)).slice(0, 3), ["approved", "needs_review", "late"]);
});
