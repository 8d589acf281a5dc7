import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { decimalsOf, MAX_MINOR } from "../../db/money.ts";
import type { Payment } from "../../db/payments.ts";
import { isProblem } from "../../db/problem.ts";
import { microOf, quoteMicro, readTx, SUFFIXES, usdtText } from "../../db/usdt.ts";
import { usdtGateway } from "../../jobs/gateways/usdt.ts";
import { quoteFacts } from "../../jobs/gateways/usdt_networks.ts";
import { NOW } from "../cast.ts";

const CENT = 10_000;
const currencies = ["USD", "EUR", "JPY", "KWD"];
const rates = fc.tuple(fc.nat(9999), fc.stringMatching(/^\d{0,8}$/))
  .map(([whole, fraction]) => fraction ? `${whole}.${fraction}` : `${whole}`)
  .filter((rate) => Number(rate) > 0);

Deno.test("quoteMicro() is the price at the rate, less than a cent above it, and ends in its suffix", () => {
  const asked = fc.record({
    amountMinor: fc.integer({ min: 1, max: MAX_MINOR }),
    currency: fc.constantFrom(...currencies),
    rate: rates,
    suffix: fc.integer({ min: 1, max: SUFFIXES }),
  });
  fc.assert(fc.property(asked, ({ amountMinor, currency, rate, suffix }) => {
    const price = { amountMinor, currency };
    const [whole = "", fraction = ""] = rate.split(".");
    const scale = 10n ** BigInt(decimalsOf(currency) + fraction.length);
    const exact = BigInt(amountMinor) * BigInt(whole + fraction) * 1_000_000n;
    if (exact / scale > BigInt(Number.MAX_SAFE_INTEGER - 2 * CENT)) return;
    const micro = quoteMicro(price, { rate, suffix });
    assert(Number.isSafeInteger(micro));
    assertEquals(micro % CENT, suffix);
    const rounded = BigInt(micro - suffix) * scale;
    assert(rounded >= exact && rounded - exact < BigInt(CENT) * scale);
  }));
});

Deno.test("quoteMicro() in currencies with no, two and three decimals, and where a number ends", () => {
  const quote = (amountMinor: number, currency: string, rate: string) =>
    usdtText(quoteMicro({ amountMinor, currency }, { rate, suffix: 1234 }));
  assertEquals(quote(14_900, "USD", "1"), "149.001234");
  assertEquals(quote(14_900, "EUR", "1.0833"), "161.421234");
  assertEquals(quote(15_000, "JPY", "0.0066"), "99.001234");
  assertEquals(quote(12_345, "KWD", "3.25"), "40.131234");
  assertEquals(quote(1, "USD", "0.00000001"), "0.011234");
  assertEquals(quote(MAX_MINOR, "JPY", "90"), "8999999910.001234");
  const failure = assertThrows(() => quote(MAX_MINOR, "JPY", "91"));
  assert(isProblem(failure, "invalid") && failure.field === "method");
});

Deno.test("microOf() never makes less of what a number cannot hold, usdtText() always has six decimals", () => {
  assertEquals([microOf(0n), microOf(149_001_234n)], [0, 149_001_234]);
  assertEquals(microOf(2n ** 256n - 1n), Number.MAX_SAFE_INTEGER);
  assertEquals([usdtText(1), usdtText(10_000_000)], ["0.000001", "10.000000"]);
  assertEquals(usdtText(Number.MAX_SAFE_INTEGER), "9007199254.740991");
});

Deno.test("readTx() finds the transaction in what people paste, and nothing in anything else", () => {
  const tx = "ab".repeat(32);
  const typed = [tx, `0x${tx}`, ` 0X${tx.toUpperCase()}\n`, `https://etherscan.io/tx/0x${tx}#log`];
  for (const text of typed) {
    assertEquals([readTx(text, "evm"), readTx(text, "tron")], [`0x${tx}`, tx]);
  }
  for (const text of ["", "0x", tx.slice(1), `${tx}0`, "my transfer", `0x${"zz".repeat(32)}`]) {
    assertEquals(readTx(text, "evm"), null);
  }
});

const evm = {
  rpcUrl: "http://127.0.0.1:1",
  token: "0xdAC17F958D2ee523a2206206994597C13D831ec7",
  address: "0x00000000219ab540356cBB839Cbe05303d7705Fa",
  ...{ chainId: 1, confirmations: 12 },
};
const tron = {
  apiBase: "http://127.0.0.1:1",
  token: "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t",
  address: "TBXSw8fM4jpQkGc6zZjsVABFpVN7UvXPdV",
};
const usdt = { rate: "1.08", evm, tron };
const attempt = { id: "p", amountMinor: 14_900, currency: "EUR", method: "usdt" } as Payment;

Deno.test("a quote is locked for an hour on the chosen network, else on the first, and no two are alike", () => {
  const gateway = usdtGateway(usdt);
  assertEquals(gateway.networks, ["evm", "tron"]);
  const { status, quote } = gateway.opens(attempt, NOW, { network: "tron" });
  const usdtMicro = quote?.usdtMicro as number;
  assertEquals([status, quote], ["open", {
    ...{ network: "tron", usdtMicro, usdtAddress: tron.address, usdtRate: "1.08" },
    expiresAt: NOW + 3_600_000,
  }]);
  assert(usdtMicro > 160_920_000 && usdtMicro < 160_930_000);
  assertEquals(gateway.opens(attempt, NOW).quote?.network, "evm");

  const made = Array.from({ length: 50 }, () => gateway.opens(attempt, NOW).quote?.usdtMicro);
  assert(new Set(made).size > 40, "suffixes are random");
  const onEvm = usdtGateway({ rate: "1", evm, tron: null });
  const failure = assertThrows(() => onEvm.opens(attempt, NOW, { network: "tron" }));
  assert(isProblem(failure, "invalid") && failure.field === "network");
});

Deno.test("the client copies amount, address and network, and a wallet reads them by EIP-681", () => {
  const onEvm = { ...attempt, network: "evm", usdtMicro: 160_921_234, usdtAddress: evm.address };
  const payment = onEvm as Payment;
  assertEquals(usdtGateway(usdt).instructions?.(payment, {} as never), [
    ["Exact amount in USDT", "160.921234"],
    ["Address", evm.address],
    ["Network", "Ethereum (ERC-20)"],
  ]);
  const { uri, confirmations } = quoteFacts(usdt, payment) ?? {};
  assertEquals([uri, confirmations], [
    `ethereum:${evm.token}@1/transfer?address=${evm.address}&uint256=160921234`,
    12,
  ]);
  const onTron = { ...payment, network: "tron" as const, usdtAddress: tron.address };
  assertEquals(quoteFacts(usdt, onTron), {
    ...{ network: "tron", chain: "Tron (TRC-20)", address: tron.address, amount: "160.921234" },
    ...{ uri: tron.address, confirmations: 19 },
  });
  assertEquals(quoteFacts(usdt, { ...payment, usdtMicro: null }), null);
});
