import { loadEnvFile } from "node:process";
import { z } from "zod";
import { missingOfS3, providerEnvironment, readProviders } from "./config_providers.ts";

const optional = z.string().min(1).optional();
const whole = (fallback: number) => z.coerce.number().int().positive().default(fallback);
/** Characters of a secret that nobody guesses. */
const STRONG = 32;
const tooShort = `must have ${STRONG} characters or more`;

const environment = z.object({
  PORT: z.coerce.number().int().min(0).max(65535).default(8000),
  HOST: optional,
  APP_ENV: z.enum(["development", "test", "production"]).optional(),
  APP_URL: z.url({ protocol: /^https?$/ }).refine(isSite, "is more than scheme, host and port")
    .optional(),
  AGENCY_NAME: z.string().min(1).max(60).default("ConnectPro"),
  AGENCY_EMAIL: z.email().optional(),
  AGENCY_CURRENCY: z.string().refine(isCurrency, "is not an ISO 4217 code like EUR").default("USD"),
  AGENCY_TIMEZONE: z.string().default("UTC").refine(isTimezone, "is not an IANA time zone"),
  TURSO_DATABASE_URL: z.string()
    .regex(/^(file:|libsql:|https?:)/, "must begin with file:, libsql:// or https://")
    .default("file:./data/connectpro.db"),
  TURSO_AUTH_TOKEN: optional,
  JWT_KEYS: z.string().optional(),
  SETUP_TOKEN: z.string().min(STRONG, tooShort).optional(),
  SMTP_URL: z.url({ protocol: /^smtps?$/, error: "must be like smtp://user:pass@host:587" })
    .optional(),
  MAIL_FROM: z.email().optional(),
  AUTO_APPROVE_HOURS: whole(96),
  AUTO_APPROVE_URGENT_HOURS: whole(72),
  TRUST_PROXY: z.coerce.number().int().min(0).max(9).default(0),
  METRICS_TOKEN: optional,
  // Set by Deno Deploy, which runs every branch as a timeline of its own.
  DENO_DEPLOY: optional,
  DENO_TIMELINE: optional,
  ...providerEnvironment,
});

/** The process's environment, with what the file `.env` adds to it where there is one. Tests have their own. */
export function environmentOfProcess(): Env {
  if (Deno.env.get("APP_ENV") !== "test" && isFile(".env")) loadEnvFile(".env");
  return Deno.env.toObject();
}

export type Config = ReturnType<typeof readConfig>;
type Env = Record<string, string | undefined>;

/**
 * The whole configuration, or an error that lists every fault. Without APP_ENV it is production, which has no
 * default secrets, unless `--dev` is among the arguments and no public address is set.
 */
export function readConfig(env: Env, args: string[]) {
  const faults: string[] = [];
  const values = parse(env, faults);
  const local = !values.APP_URL?.startsWith("https:") && args.includes("--dev");
  const mode = values.APP_ENV ?? (local ? "development" : "production");
  const production = mode === "production";
  const here = `http://127.0.0.1:${values.PORT}`;
  const keys = readKeys(values.JWT_KEYS, faults);
  if (production) faults.push(...missingInProduction(values, faults));
  faults.push(...missingOfS3(values));
  if (faults.length > 0) throw new ConfigError(faults);
  const url = new URL(values.APP_URL ?? here).origin;
  const agency = readAgency(values);
  return {
    mode,
    production,
    demo: args.includes("--demo"),
    /** Whether `deno serve` listens for us. */
    served: args.includes("--served"),
    port: values.PORT,
    host: values.HOST ?? (production ? "0.0.0.0" : "127.0.0.1"),
    url,
    origins: production ? [url] : [url, here, `http://localhost:${values.PORT}`],
    agency,
    database: { url: values.TURSO_DATABASE_URL, authToken: values.TURSO_AUTH_TOKEN },
    keys,
    setupToken: values.SETUP_TOKEN,
    mail: { smtpUrl: values.SMTP_URL, from: values.MAIL_FROM ?? agency.email },
    ...readProviders(values, values.AGENCY_CURRENCY),
    approveAfter: (urgency: string) => hoursOf(values, urgency),
    /** Whether this process minds the clock: on Deno Deploy only the production timeline does. */
    onClock: values.DENO_DEPLOY === undefined || values.DENO_TIMELINE === "production",
    trustProxy: values.TRUST_PROXY,
    metricsToken: values.METRICS_TOKEN,
  };
}

/** After how many hours an unanswered booking of this urgency approves itself. */
const hoursOf = (values: Values, urgency: string) =>
  ["high", "urgent"].includes(urgency)
    ? values.AUTO_APPROVE_URGENT_HOURS
    : values.AUTO_APPROVE_HOURS;

export class ConfigError extends Error {
  constructor(readonly faults: string[]) {
    super(
      `ConnectPro cannot start with this environment:\n${
        faults.map((fault) => `  ${fault}`).join("\n")
      }`,
    );
  }
}

type Values = z.infer<typeof environment>;

/** The values that are right; what is wrong is a fault and as good as not set, so that the rest is looked at too. */
function parse(env: Env, faults: string[]): Values {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  for (const name of Object.keys(given)) {
    if (name.startsWith("CONNECTPRO_")) faults.push(`${name} is not a name we know`);
  }
  const result = environment.safeParse(given);
  if (result.success) return result.data;
  for (const { path, message } of result.error.issues) {
    faults.push(`${path.join(".")}: ${message}`);
    delete given[String(path[0])];
  }
  return environment.parse(given);
}

/** Without an address of its own the agency is reached where its mails come from. */
const readAgency = (values: Values) => ({
  name: values.AGENCY_NAME,
  email: values.AGENCY_EMAIL ?? values.MAIL_FROM ?? "hello@connectpro.example",
  currency: values.AGENCY_CURRENCY,
  timezone: values.AGENCY_TIMEZONE,
});

/** A name that is among the `known` faults is wrong, not missing. */
function missingInProduction(values: Values, known: string[]): string[] {
  const { APP_URL: url, METRICS_TOKEN: metrics } = values;
  const isKnown = (name: string) => known.some((fault) => fault.startsWith(`${name}:`));
  const faults = [];
  if (!url && !isKnown("APP_URL")) {
    faults.push("APP_URL is required: the public address, like https://agency.example");
  }
  if (url && !url.startsWith("https:")) faults.push("APP_URL must begin with https://");
  if (!values.JWT_KEYS) {
    faults.push("JWT_KEYS is required: kid:secret with 32 random bytes, base64url");
  }
  if (metrics && metrics.length < STRONG) faults.push(`METRICS_TOKEN ${tooShort}`);
  return faults;
}

/** "kid:secret,older:secret" as the first that signs and all that verify. */
function readKeys(text: string | undefined, faults: string[]): { kid: string; secret: string }[] {
  if (!text) return [];
  const keys = text.split(",").map((pair) => {
    const [kid = "", padded = ""] = pair.trim().split(":");
    const secret = padded.replace(/=+$/, "");
    const strong = /^[\w-]+$/.test(secret) && secret.length >= 43 && new Set(secret).size > 10;
    if (!kid || !strong) {
      faults.push("JWT_KEYS: each is kid:secret with at least 32 random bytes, base64url");
    }
    return { kid, secret };
  });
  if (new Set(keys.map(({ kid }) => kid)).size < keys.length) {
    faults.push("JWT_KEYS: each kid stands for one secret");
  }
  return keys;
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** Browsers name a site by its origin alone, and every link of ours begins with it. */
function isSite(address: string): boolean {
  if (!URL.canParse(address)) return true;
  const { href, origin } = new URL(address);
  return href === `${origin}/`;
}

function isCurrency(code: string): boolean {
  return Intl.supportedValuesOf("currency").includes(code);
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
