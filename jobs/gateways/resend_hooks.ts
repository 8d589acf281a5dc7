import { z } from "zod";
import type { Bounce } from "../../db/bounces.ts";
import { Problem } from "../../db/problem.ts";
import { jsonOf } from "../json.ts";
import type { RawHook } from "./gateway.ts";

/** Seconds that a call may be old, or ahead of our clock. */
const TOLERANCE = 300;
const HMAC = { name: "HMAC", hash: "SHA-256" };

const event = z.object({
  type: z.enum(["email.bounced", "email.complained"]),
  data: z.object({
    to: z.array(z.email().max(254)).max(50),
    tags: z.object({ email: z.coerce.number().int().positive() }).optional().catch(undefined),
    bounce: z.object({ type: z.string() }).optional().catch(undefined),
  }),
});

/**
 * What a call of Resend's says of a mail that came back or was complained of; null for other kinds, and for what
 * its server tries again itself. Throws Problem `unauthenticated` where it is not signed for us a moment ago, as
 * nothing can be without a secret.
 */
export async function bounceIn(
  raw: RawHook,
  secret: string | undefined,
  now: number,
): Promise<Bounce | null> {
  if (!secret || !await isSigned(raw, secret, now)) {
    throw new Problem("unauthenticated", "Resend did not sign this call for us.");
  }
  const { data: said } = event.safeParse(jsonOf(raw.body));
  if (!said || said.data.bounce?.type === "Transient") return null;
  const reason = said.type === "email.bounced" ? "bounced" : "complained";
  return { reason, addresses: said.data.to, emailId: said.data.tags?.email ?? null };
}

/** By Svix's scheme: an HMAC-SHA256 over id, time and body, with every key that is in use. */
async function isSigned({ body, headers }: RawHook, secret: string, now: number) {
  const [id, at, signatures] = ["id", "timestamp", "signature"].map((name) =>
    headers.get(`svix-${name}`) ?? ""
  );
  if (!id || !at || Math.abs(Number(at) - now / 1000) > TOLERANCE || !Number(at)) return false;
  const bytes = Uint8Array.fromBase64(secret.replace(/^whsec_/, ""));
  const key = await crypto.subtle.importKey("raw", bytes, HMAC, false, ["verify"]);
  const signed = new TextEncoder().encode(`${id}.${at}.${body}`);
  const checks = (signatures ?? "").split(" ").map((signature) => check(key, signature, signed));
  return (await Promise.all(checks)).includes(true);
}

async function check(key: CryptoKey, signature: string, signed: Uint8Array<ArrayBuffer>) {
  const [version, words = ""] = signature.split(",");
  if (version !== "v1" || !/^[A-Za-z0-9+/]{43}=$/.test(words)) return false;
  return await crypto.subtle.verify("HMAC", key, Uint8Array.fromBase64(words), signed);
}
