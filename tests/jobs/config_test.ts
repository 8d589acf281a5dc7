import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
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

  const wrong = { PORT: "x", APP_URL: "http://a.example", JWT_KEYS: "a:b", TRUST_PROXY: "x" };
  const all = faultsOf({ ...wrong, CONNECTPRO_KEY: "x", SETUP_TOKEN: "short" });
  for (const name of [...Object.keys(wrong), "CONNECTPRO_KEY", "SETUP_TOKEN"]) {
    assertStringIncludes(all, name);
  }
});

Deno.test("readConfig() names the site by its origin, and answers go to whoever the mail comes from", () => {
  const { url, origins } = readConfig(
    { ...production, APP_URL: "https://Agency.example:443/" },
    [],
  );
  assertEquals([url, ...origins], ["https://agency.example", "https://agency.example"]);
  const { agency, mail } = readConfig({ ...production, MAIL_FROM: "post@agency.example" }, []);
  assertEquals([agency.email, mail.from], ["post@agency.example", "post@agency.example"]);
});

Deno.test("readConfig() is production behind a public address, even with --dev", () => {
  assertEquals(readConfig(production, ["--dev"]).mode, "production");
  assertEquals(readConfig(production, []).host, "0.0.0.0");
});

for (
  const [name, value] of [
    ["PORT", "http"],
    ["APP_URL", "agency.example"],
    ["APP_URL", "https://agency.example/booking"],
    ["AGENCY_CURRENCY", "dollars"],
    ["AGENCY_CURRENCY", "ABC"],
    ["METRICS_TOKEN", "a"],
    ["USDT_RATE", "-1"],
    ["AGENCY_TIMEZONE", "Berlin/Europe"],
    ["SMTP_URL", "http://mail.example"],
    ["SETUP_TOKEN", "short"],
    ["TRUST_PROXY", "-1"],
    ["AUTO_APPROVE_HOURS", "0"],
    ["TURSO_DATABASE_URL", "mysql://db"],
  ] as const
) {
  Deno.test(`readConfig() refuses ${name}=${value} by its name`, () => {
    const faults = faultsOf({ ...production, [name]: value }).split("\n");
    assertEquals(faults.map((fault) => fault.split(/[ :]/)[0]), [name]);
    assert(!faults.join().includes("pattern"), `${faults} is for readers of patterns`);
  });
}

for (
  const keys of [
    "a:short",
    "secretonly",
    `a:${"x".repeat(43)}`,
    `a:${secret},b:short`,
    `a:${secret},a:${secret}`,
  ]
) {
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

Deno.test("readConfig() knows a bucket by all its names, or by none", () => {
  const bucket = {
    ...{ S3_ENDPOINT: "https://s3.example/", S3_REGION: "auto", S3_BUCKET: "agency-files" },
    ...{ S3_ACCESS_KEY_ID: "id", S3_SECRET_ACCESS_KEY: "secret" },
  };
  assertEquals(readConfig({}, ["--dev"]).s3, null);
  const { s3 } = readConfig(bucket, ["--dev"]);
  assertEquals(s3, {
    ...{ url: "https://s3.example/agency-files", region: "auto" },
    ...{ keyId: "id", secret: "secret" },
  });
  for (const name of Object.keys(bucket)) {
    const faults = faultsOf({ ...production, ...bucket, [name]: "" });
    assertStringIncludes(faults, `${name} is required`);
  }
  assertStringIncludes(faultsOf({ ...production, S3_BUCKET: "../a" }), "S3_BUCKET");
});

Deno.test("approveAfter() is 96 hours, and 72 when high or urgent", () => {
  const { approveAfter } = readConfig({}, ["--dev"]);
  assertEquals(["low", "medium", "high", "urgent"].map(approveAfter), [96, 96, 72, 72]);
});
