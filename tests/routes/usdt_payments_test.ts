import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { watchChains } from "../../jobs/watch_chains.ts";
import { startAnvil } from "../anvil.ts";
import { bookingIn, HOUR, NOW } from "../cast.ts";
import { marksIn } from "../marks.ts";
import { openWorld, type World } from "../world.ts";

const OURS = "0x00000000219ab540356cBB839Cbe05303d7705Fa";
const ON_TRON = "TBXSw8fM4jpQkGc6zZjsVABFpVN7UvXPdV";

async function openUsdtWorld(anvil: { url: string; token: string }): Promise<World> {
  const evm = {
    USDT_EVM_RPC_URL: anvil.url,
    USDT_EVM_CHAIN_ID: "31337",
    USDT_EVM_TOKEN: anvil.token,
    USDT_EVM_ADDRESS: OURS,
    USDT_EVM_CONFIRMATIONS: "2",
  };
  const tron = {
    USDT_TRON_API_BASE: "http://127.0.0.1:1",
    USDT_TRON_TOKEN: "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t",
    USDT_TRON_ADDRESS: ON_TRON,
  };
  return await openWorld({ env: { ...evm, ...tron } });
}

const quoteIn = (html: string) =>
  ["amount", "address", "network"].map((name) => marksIn(html, `data-usdt-${name}`)[0]);
const statusIn = (html: string) => marksIn(html, "data-payment-status")[0];

Deno.test("a client pays in USDT: quote, a transaction named by hand, confirmations counted, paid", async () => {
  await using anvil = await startAnvil(NOW);
  await using world = await openUsdtWorld(anvil);
  const { booking } = await bookingIn(world.cast, "approved");
  const base = `/bookings/${booking.reference}`;
  const [alice, bob] = [await world.signedIn("alice"), await world.signedIn("bob")];
  world.time.now = NOW + 5 * 60_000;

  const wrong = { method: "usdt", network: "bitcoin" };
  assertEquals((await alice.fill(`${base}/payment`, `${base}/payments`, wrong)).status, 422);
  const chosen = { method: "usdt", network: "evm" };
  const begun = await alice.fill(`${base}/payment`, `${base}/payments`, chosen);
  assertEquals(begun.status, 303);
  const page = await alice.get(begun.location);
  assertEquals(statusIn(page.text), "open");
  const [amount = "", address, network] = quoteIn(page.text);
  assertEquals([address, network], [OURS, "evm"]);
  assert(/^890\.00\d{4}$/.test(amount), amount);
  assertStringIncludes(page.text, `data-copy="${amount}"`);
  assertStringIncludes(page.text, "on EVM chain 31337 (ERC-20)");
  assert(!page.text.includes("style="));
  assertEquals((await bob.get(begun.location)).status, 404);

  const proof = `${begun.location}/proof`;
  const typo = await alice.fill(begun.location, proof, { tx_hash: "0x123" });
  assertEquals([typo.status, statusIn(typo.text)], [422, "open"]);
  assertStringIncludes(typo.text, 'id="tx_hash-error"');
  const tx = await anvil.send(OURS, Math.round(Number(amount) * 1e6));
  const told = { tx_hash: `https://etherscan.io/tx/${tx}` };
  assertEquals((await alice.fill(begun.location, proof, told)).status, 303);
  assertStringIncludes((await alice.get(begun.location)).text, tx);

  const watch = () => watchChains(world, world.time.now);
  await anvil.mine();
  await watch();
  const seen = await alice.get(begun.location);
  assertEquals(statusIn(seen.text), "processing");
  assertStringIncludes(seen.text, "1 of 2 confirmations");
  assertMatch(seen.text, /Seen on the network: 1 of 2 confirmations.*Confirmed: the chat opens/);
  assertStringIncludes(seen.text, '<progress value="1" max="2"');
  assert(!seen.text.includes('<svg class="qr"'), "nothing to send any more");
  await anvil.reorganise(1);
  await watch();
  assertStringIncludes((await alice.get(begun.location)).text, "not on the chain any more");
  await anvil.send(OURS, Math.round(Number(amount) * 1e6));
  await anvil.mine(2);
  await watch();
  const paid = await alice.get(begun.location);
  assertEquals(statusIn(paid.text), "succeeded");
  assertEquals(marksIn(paid.text, "data-status")[0], "paid");
});

Deno.test("a quote that is over shows nothing to send, and another network is another quote", async () => {
  await using world = await openUsdtWorld({ url: "http://127.0.0.1:1", token: OURS });
  const { booking } = await bookingIn(world.cast, "approved");
  const base = `/bookings/${booking.reference}`;
  const alice = await world.signedIn("alice");
  const begin = async (network: string) => {
    const sent = { method: "usdt", network };
    return (await alice.fill(`${base}/payment`, `${base}/payments`, sent)).location;
  };
  const first = await begin("evm");
  const second = await begin("tron");
  assertEquals(statusIn((await alice.get(first)).text), "voided");
  const page = await alice.get(second);
  assertEquals(quoteIn(page.text).slice(1), [ON_TRON, "tron"]);
  assertStringIncludes(page.text, "Tron (TRC-20)");

  world.time.now += HOUR + 1;
  const over = await alice.get(second);
  assertStringIncludes(over.text, "do not send anything now");
  assert(!over.text.includes('class="qr"'));
});
