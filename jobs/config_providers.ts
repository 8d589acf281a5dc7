import { z } from "zod";

const optional = z.string().min(1).optional();
const shaped = (shape: RegExp, error: string) => z.string().regex(shape, { error, abort: true });
const evmAddress = shaped(/^0x[0-9a-fA-F]{40}$/, "must be 0x and 40 hexadecimal digits").optional();
const tronAddress = shaped(/^T[1-9A-HJ-NP-Za-km-z]{33}$/, "must be T and 33 letters and digits")
  .optional();
const base = z.url({ protocol: /^https?$/ }).optional();

/** The part of the environment that speaks of other companies' services. */
export const providerEnvironment = {
  RESEND_API_KEY: optional,
  RESEND_WEBHOOK_SECRET: shaped(/^whsec_[A-Za-z0-9+/]+=*$/, "must be like whsec_…").optional(),
  QSTASH_URL: base,
  QSTASH_TOKEN: optional,
  QSTASH_CURRENT_SIGNING_KEY: optional,
  QSTASH_NEXT_SIGNING_KEY: optional,
  STRIPE_SECRET_KEY: optional,
  STRIPE_WEBHOOK_SECRET: optional,
  STRIPE_API_BASE: base,
  PAYPAL_CLIENT_ID: optional,
  PAYPAL_CLIENT_SECRET: optional,
  PAYPAL_WEBHOOK_ID: optional,
  PAYPAL_API_BASE: base,
  USDT_EVM_RPC_URL: base,
  USDT_EVM_CHAIN_ID: z.coerce.number().int().positive().default(1),
  USDT_EVM_TOKEN: evmAddress,
  USDT_EVM_ADDRESS: evmAddress,
  USDT_EVM_CONFIRMATIONS: z.coerce.number().int().min(1).max(1000).default(12),
  USDT_TRON_API_BASE: base,
  USDT_TRON_TOKEN: tronAddress,
  USDT_TRON_ADDRESS: tronAddress,
  USDT_RATE: shaped(/^\d{1,6}(\.\d{1,8})?$/, "must be a plain number like 1.08")
    .refine((rate) => Number(rate) > 0, "must be more than zero").optional(),
  S3_ENDPOINT: base,
  S3_REGION: optional,
  S3_BUCKET: shaped(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "is not a bucket's name").optional(),
  S3_ACCESS_KEY_ID: optional,
  S3_SECRET_ACCESS_KEY: optional,
  BANK_ACCOUNT_HOLDER: optional,
  BANK_IBAN: optional,
  BANK_BIC: optional,
  BANK_NAME: optional,
};

type Values = z.infer<z.ZodObject<typeof providerEnvironment>>;

/** Each service with what it needs, or null where a part of that is missing: then it is not offered. */
export function readProviders(values: Values, currency: string) {
  return {
    bank: readBank(values),
    stripe: values.STRIPE_SECRET_KEY && values.STRIPE_WEBHOOK_SECRET
      ? {
        secretKey: values.STRIPE_SECRET_KEY,
        webhookSecret: values.STRIPE_WEBHOOK_SECRET,
        apiBase: values.STRIPE_API_BASE,
      }
      : null,
    paypal: readPaypal(values),
    usdt: readUsdt(values, currency),
    qstash: readQstash(values),
    s3: readS3(values),
    resendApiKey: values.RESEND_API_KEY,
    resendWebhookSecret: values.RESEND_WEBHOOK_SECRET,
  };
}

function readBank(values: Values) {
  const { BANK_ACCOUNT_HOLDER: holder, BANK_IBAN: iban, BANK_BIC: bic, BANK_NAME: name } = values;
  return holder && iban ? { holder, iban, bic, name } : null;
}

function readPaypal(values: Values) {
  const { PAYPAL_CLIENT_ID: clientId, PAYPAL_CLIENT_SECRET: secret } = values;
  const { PAYPAL_WEBHOOK_ID: webhookId } = values;
  if (!clientId || !secret || !webhookId) return null;
  const apiBase = (values.PAYPAL_API_BASE ?? "https://api-m.paypal.com").replace(/\/+$/, "");
  return { clientId, secret, webhookId, apiBase };
}

/** The rate is 1 for USD; for another currency it must be given. */
function readUsdt(values: Values, currency: string) {
  const rate = values.USDT_RATE ?? (currency === "USD" ? "1" : undefined);
  const evm = readEvm(values);
  const tron = readTron(values);
  return rate && (evm || tron) ? { rate, evm, tron } : null;
}

function readEvm(values: Values) {
  const { USDT_EVM_RPC_URL: rpcUrl, USDT_EVM_TOKEN: token, USDT_EVM_ADDRESS: address } = values;
  const { USDT_EVM_CHAIN_ID: chainId, USDT_EVM_CONFIRMATIONS: confirmations } = values;
  return rpcUrl && token && address ? { rpcUrl, token, address, chainId, confirmations } : null;
}

function readTron(values: Values) {
  const { USDT_TRON_TOKEN: token, USDT_TRON_ADDRESS: address } = values;
  const apiBase = values.USDT_TRON_API_BASE?.replace(/\/+$/, "");
  return apiBase && token && address ? { apiBase, token, address } : null;
}

function readS3(values: Values) {
  const { S3_ENDPOINT: endpoint, S3_REGION: region, S3_BUCKET: bucket } = values;
  const { S3_ACCESS_KEY_ID: keyId, S3_SECRET_ACCESS_KEY: secret } = values;
  if (!endpoint || !region || !bucket || !keyId || !secret) return null;
  return { url: `${endpoint.replace(/\/+$/, "")}/${bucket}`, region, keyId, secret };
}

/** Half a bucket is a mistake, and would keep files where nobody expects them. */
export function missingOfS3(values: Values): string[] {
  const names = Object.keys(providerEnvironment).filter((name) => name.startsWith("S3_"));
  const missing = names.filter((name) => values[name as keyof Values] === undefined);
  return missing.length === names.length
    ? []
    : missing.map((name) => `${name} is required, because other names of the bucket are set`);
}

function readQstash(values: Values) {
  const { QSTASH_TOKEN: token, QSTASH_CURRENT_SIGNING_KEY: currentKey } = values;
  const { QSTASH_NEXT_SIGNING_KEY: nextKey, QSTASH_URL: url } = values;
  return token && currentKey && nextKey ? { url, token, currentKey, nextKey } : null;
}
