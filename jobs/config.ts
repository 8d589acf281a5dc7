import { loadEnvFile } from "node:process";
import { z } from "zod";
import { providerEnvironment, readProviders } from "./config_providers.ts";

const optional = z.string().min(1).optional();
const whole = (fallback: number) => z.coerce.number().int().positive().default(fallback);

const environment = z.object({
  PORT: z.coerce.number().int().min(0).max(65535).default(8000),
  HOST: optional,
  APP_ENV: z.enum(["development", "test", "production"]).optional(),
  APP_URL: z.url({ protocol: /^https?$/ }).optional(),
  AGENCY_NAME: z.string().min(1).max(60).default("ConnectPro"),
  AGENCY_EMAIL: z.email().default("hello@connectpro.example"),
  AGENCY_CURRENCY: z.string().regex(/^[A-Z]{3}$/).default("USD"),
  AGENCY_TIMEZONE: z.string().default("UTC").refine(isTimezone, "is not an IANA time zone"),
  TURSO_DATABASE_URL: z.string().regex(/^(file:|libsql:|https?:)/).default(
    "file:./data/connectpro.db",
  ),
  TURSO_AUTH_TOKEN: optional,
  JWT_KEYS: z.string().optional(),
  SETUP_TOKEN: z.string().min(32).optional(),
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
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
  const { values, faults } = parse(env);
  const local = !values.APP_URL?.startsWith("https:") && args.includes("--dev");
  const mode = values.APP_ENV ?? (local ? "development" : "production");
  const production = mode === "production";
  const here = `http://127.0.0.1:${values.PORT}`;
  const keys = readKeys(values.JWT_KEYS, faults);
  if (production) faults.push(...missingInProduction(values));
  if (faults.length > 0) throw new ConfigError(faults);
  const url = (values.APP_URL ?? here).replace(/\/+$/, "");
  return {
    mode,
    production,
    demo: args.includes("--demo"),
    port: values.PORT,
    host: values.HOST ?? (production ? "0.0.0.0" : "127.0.0.1"),
    url,
    origins: production ? [url] : [url, here, `http://localhost:${values.PORT}`],
    agency: {
      name: values.AGENCY_NAME,
      email: values.AGENCY_EMAIL,
      currency: values.AGENCY_CURRENCY,
      timezone: values.AGENCY_TIMEZONE,
    },
    database: { url: values.TURSO_DATABASE_URL, authToken: values.TURSO_AUTH_TOKEN },
    keys,
    setupToken: values.SETUP_TOKEN,
    mail: { smtpUrl: values.SMTP_URL, from: values.MAIL_FROM ?? values.AGENCY_EMAIL },
    ...readProviders(values, values.AGENCY_CURRENCY),
    approveAfter: (urgency: string) =>
      ["high", "urgent"].includes(urgency)
        ? values.AUTO_APPROVE_URGENT_HOURS
        : values.AUTO_APPROVE_HOURS,
    /** Whether this process minds the clock: on Deno Deploy only the production timeline does. */
    onClock: values.DENO_DEPLOY === undefined || values.DENO_TIMELINE === "production",
    trustProxy: values.TRUST_PROXY,
    metricsToken: values.METRICS_TOKEN,
  };
}

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

function parse(env: Env): { values: Values; faults: string[] } {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const unknown = Object.keys(given).filter((name) => name.startsWith("CONNECTPRO_"))
    .map((name) => `${name} is not a name we know`);
  const result = environment.safeParse(given);
  if (result.success) return { values: result.data, faults: unknown };
  const faults = result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new ConfigError([...unknown, ...faults]);
}

function missingInProduction(values: Values): string[] {
  const faults = [];
  if (!values.APP_URL) {
    faults.push("APP_URL is required: the public address, like https://agency.example");
  } else if (!values.APP_URL.startsWith("https:")) faults.push("APP_URL must begin with https://");
  if (!values.JWT_KEYS) {
    faults.push("JWT_KEYS is required: kid:secret with 32 random bytes, base64url");
  }
  return faults;
}

/** "kid:secret,older:secret" as the first that signs and all that verify. */
function readKeys(text: string | undefined, faults: string[]): { kid: string; secret: string }[] {
  if (!text) return [];
  return text.split(",").map((pair) => {
    const [kid = "", secret = ""] = pair.trim().split(":");
    const strong = /^[\w-]+$/.test(secret) && secret.length >= 43 && new Set(secret).size > 10;
    if (!kid || !strong) {
      faults.push("JWT_KEYS: each is kid:secret with at least 32 random bytes, base64url");
    }
    return { kid, secret };
  });
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
