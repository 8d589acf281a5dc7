import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { ConfigError, readConfig } from "../../jobs/config.ts";

const secret = "okHWlPSQumMNglJ7CEjIwBRQRJfWoAO-tHYJlv5GjWU";
const production = { APP_URL: "https://agency.example", JWT_KEYS: `a:${secret}` };

const faultsOf = (env: Record<string, string>, args: string[] = []) => {
  const error = assertThrows(() => readConfig(env, args), ConfigError);
  return (error as ConfigError).faults.join("\n");
};

Deno.test("readConfig() needs nothing in development and listens on this machine only", () => {
  const config = readConfig({}, ["--dev"]);
  assertEquals([config.mode, config.host, config.url], [
    "development",
    "127.0.0.1",
    "http://127.0.0.1:8000",
  ]);
  assertEquals(config.database.url, "file:./data/connectpro.db");
});

Deno.test("readConfig() is production unless told otherwise, and lists every fault at once", () => {
  const faults = faultsOf({ CONNECTPRO_SECRET: "x" });
  assertStringIncludes(faults, "CONNECTPRO_SECRET is not a name we know");
  assertStringIncludes(faults, "APP_URL is required");
  assertStringIncludes(faults, "JWT_KEYS is required");
});

Deno.test("readConfig() is production behind a public address, even with --dev", () => {
  assertEquals(readConfig(production, ["--dev"]).mode, "production");
  assertEquals(readConfig(production, []).host, "0.0.0.0");
});

for (
  const [name, value] of [
    ["PORT", "http"],
    ["APP_URL", "agency.example"],
    ["AGENCY_CURRENCY", "dollars"],
    ["AGENCY_TIMEZONE", "Berlin/Europe"],
    ["SMTP_URL", "http://mail.example"],
    ["SETUP_TOKEN", "short"],
    ["TRUST_PROXY", "-1"],
    ["AUTO_APPROVE_HOURS", "0"],
    ["TURSO_DATABASE_URL", "mysql://db"],
  ] as const
) {
  Deno.test(`readConfig() refuses ${name}=${value} by its name`, () => {
    assertStringIncludes(faultsOf({ ...production, [name]: value }), name);
  });
}

for (const keys of ["a:short", "secretonly", `a:${"x".repeat(43)}`, `a:${secret},b:short`]) {
  Deno.test(`readConfig() refuses the weak JWT_KEYS ${keys.slice(0, 14)}…`, () => {
    assertStringIncludes(faultsOf({ ...production, JWT_KEYS: keys }), "JWT_KEYS");
  });
}

Deno.test("readConfig() refuses http as the public address of production", () => {
  assertStringIncludes(faultsOf({ ...production, APP_URL: "http://agency.example" }), "https://");
});

Deno.test("readConfig() takes an empty variable for one that is not set", () => {
  assertEquals(readConfig({ HOST: "", SMTP_URL: "", BANK_IBAN: "" }, ["--dev"]).bank, null);
});

Deno.test("approveAfter() is 96 hours, and 72 when high or urgent", () => {
  const { approveAfter } = readConfig({}, ["--dev"]);
  assertEquals(["low", "medium", "high", "urgent"].map(approveAfter), [96, 96, 72, 72]);
});
