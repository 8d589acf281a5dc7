import { decodeBase64Url, encodeBase64Url } from "hono/utils/encode";

const NONCE = 12;

/** Seals text so that only this product opens it, and only as what it was sealed as. */
export type Seals = {
  /** "kid:…", another one each time. `as` says what it is and whose. */
  seal(text: string, as: string): Promise<string>;
  /** What was sealed; null if it was sealed as something else, changed, or with a key that is gone. */
  open(sealed: string, as: string): Promise<string | null>;
  /** Whether it was sealed with the first key, and not with one that is on its way out. */
  isCurrent(sealed: string): boolean;
};

/** AES-256-GCM under keys that are derived from the session keys: rotating those rotates these. */
export async function importSeals(keys: { kid: string; secret: string }[]): Promise<Seals> {
  const all = new Map<string, CryptoKey>();
  for (const { kid, secret } of keys) all.set(kid, await deriveKey(secret));
  const first = keys[0]?.kid ?? "";
  return {
    async seal(text, as) {
      const nonce = crypto.getRandomValues(new Uint8Array(NONCE));
      const key = all.get(first) as CryptoKey;
      const secret = await crypto.subtle.encrypt(gcm(nonce, as), key, bytesOf(text));
      return `${first}:${encodeBase64Url(nonce.buffer)}${encodeBase64Url(secret)}`;
    },
    async open(sealed, as) {
      const [kid = "", letters = ""] = sealed.split(":");
      const key = all.get(kid);
      return key ? await unsealed(key, letters, as) : null;
    },
    isCurrent: (sealed) => sealed.startsWith(`${first}:`),
  };
}

async function unsealed(key: CryptoKey, letters: string, as: string): Promise<string | null> {
  try {
    const bytes = decodeBase64Url(letters);
    const algorithm = gcm(bytes.slice(0, NONCE), as);
    return new TextDecoder().decode(
      await crypto.subtle.decrypt(algorithm, key, bytes.slice(NONCE)),
    );
  } catch {
    // What does not open is no seal of ours, whatever is wrong with it.
    return null;
  }
}

async function deriveKey(secret: string): Promise<CryptoKey> {
  const master = decodeBase64Url(secret);
  const base = await crypto.subtle.importKey("raw", master, "HKDF", false, ["deriveKey"]);
  const info = bytesOf("connectpro seals");
  const derivation = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info };
  const use = { name: "AES-GCM", length: 256 };
  return await crypto.subtle.deriveKey(derivation, base, use, false, ["encrypt", "decrypt"]);
}

const gcm = (iv: Uint8Array<ArrayBuffer>, as: string) => ({
  name: "AES-GCM",
  iv,
  additionalData: bytesOf(as),
});
const bytesOf = (text: string) => new TextEncoder().encode(text);
