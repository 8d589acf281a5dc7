import { assertEquals, assertStringIncludes } from "@std/assert";
import { chainTransfers } from "../../../db/schema.ts";
import { bookingIn, fileOf, NOW } from "../../cast.ts";
import { alertsIn, elementsIn, marksIn, textOf } from "../../marks.ts";
import { assertNothingWritten, assertUnknown } from "../../pages.ts";
import { openWorld } from "../../world.ts";

const LIST = "/admin/payments";
const ASSIGN = `${LIST}/transfers/assignment`;
const DISMISS = `${LIST}/transfers/dismissal`;
const ADDRESS = `0x${"2".repeat(40)}`;
const env = {
  ...{ USDT_EVM_RPC_URL: "http://127.0.0.1:1", USDT_EVM_TOKEN: `0x${"1".repeat(40)}` },
  ...{ USDT_EVM_ADDRESS: ADDRESS, USDT_TRON_API_BASE: "http://127.0.0.1:1" },
  ...{ USDT_TRON_TOKEN: `T${"a".repeat(33)}`, USDT_TRON_ADDRESS: `T${"b".repeat(33)}` },
};

/** Two transfers for nobody, and a booking of Alice's with a USDT quote, chosen through the form. */
async function openDesk() {
  const world = await openWorld({ env });
  const [ada, alice] = [await world.signedIn("ada"), await world.signedIn("alice")];
  const { booking: { reference } } = await bookingIn(world.cast, "approved");
  const base = `/bookings/${reference}`;
  const choice = { method: "usdt", network: "tron" };
  const { location } = await alice.fill(`${base}/payment`, `${base}/payments`, choice);
  const transfer = {
    ...{ network: "tron" as const, block: 1, fromAddress: "Tc", toAddress: `T${"b".repeat(33)}` },
    ...{ micro: 100_000_001, confirmations: 19, confirmedAt: NOW, minedAt: NOW, seenAt: NOW },
  };
  await world.db.insert(chainTransfers).values([
    { ...transfer, tx: "one", logIndex: 0 },
    { ...transfer, tx: "two", logIndex: 3 },
  ]);
  const close = () => world[Symbol.asyncDispose]();
  return { world, ada, alice, base, reference, location, [Symbol.asyncDispose]: close };
}

const transfersIn = (html: string) =>
  elementsIn(html, "tr", "data-transfer").flatMap((row) => marksIn(row, "data-transfer"));
const key = (tx: string, log_index: string) => ({ network: "tron", tx, log_index });

Deno.test("a client chooses the network, and the quote says what to send where", async () => {
  await using desk = await openDesk();
  const { alice, base, location } = desk;
  const choice = await alice.get(`${base}/payment`);
  assertEquals(marksIn(elementsIn(choice.text, "div", 'class="networks"').join(), "value"), [
    ...["evm", "tron"],
  ]);
  for (const words of ["Ethereum (ERC-20)", "Tron (TRC-20)"]) {
    assertStringIncludes(choice.text, words);
  }
  assertStringIncludes(textOf(choice.text), "You have begun to pay by USDT.");
  const page = await alice.get(location);
  assertStringIncludes(page.text, 'data-usdt-network="tron"');
  assertStringIncludes(page.text, `data-usdt-address="T${"b".repeat(33)}"`);
});

Deno.test("USDT that nobody asked for is given to a booking, and then waits for a decision there", async () => {
  await using desk = await openDesk();
  const { world, ada, alice, reference, location } = desk;
  const page = await ada.get(LIST);
  assertEquals(transfersIn(page.text).sort(), ["tron:one:0", "tron:two:3"]);
  assertStringIncludes(page.text, "100.000001");

  const wrong: [Record<string, string>, number, string][] = [
    [{ ...key("one", "0"), reference: "CP2026ZZZZZZ" }, 422, "There is no booking"],
    [{ ...key("one", "0") }, 422, "Write the booking"],
    [{ ...key("one", "x"), reference }, 422, "Load this page again."],
  ];
  await assertNothingWritten(world, async () => {
    for (const [sent, status, sentence] of wrong) {
      const answer = await ada.post(ASSIGN, sent);
      assertEquals([sentence, answer.status], [sentence, status]);
      assertStringIncludes(alertsIn(answer.text).join(), sentence);
    }
    await assertUnknown(ada, await ada.post(ASSIGN, { ...key("nine", "0"), reference }));
  });
  const given = await ada.post(ASSIGN, { ...key("one", "0"), reference: reference.toLowerCase() });
  assertEquals([given.status, given.location], [303, LIST]);
  const { payments: [payment] } = await fileOf(world.db, reference);
  assertEquals([payment?.status, payment?.reason], ["needs_review", "short"]);
  assertStringIncludes(textOf((await alice.get(location)).text), "We look at it and write to you");
  assertEquals((await ada.post(ASSIGN, { ...key("one", "0"), reference })).status, 409);

  assertEquals((await ada.post(DISMISS, key("two", "3"))).status, 303);
  assertEquals((await ada.post(DISMISS, key("two", "3"))).status, 409);
  assertEquals(transfersIn((await ada.get(LIST)).text), []);
  const { visitor: agent } = await world.hired("agent");
  assertEquals((await agent.post(DISMISS, key("two", "3"))).status, 403);
});
