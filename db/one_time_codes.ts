import { ALPHABET, forgiven } from "./reference.ts";

const STEP = 30;
const GROUPS = 6;
const LETTERS = 4;

/** Read when somebody needs it: a start has no use for it. */
const otp = () => import("otplib/functional");

/** 160 random bits in base32, as authenticator apps take them. */
export const newSeed = async (): Promise<string> => (await otp()).generateSecret();

/** The address that an app reads from the QR code. */
export async function seedAddress(seed: string, of: { issuer: string; account: string }) {
  const { generateURI } = await otp();
  return generateURI({ secret: seed, issuer: of.issuer, label: of.account, period: STEP });
}

/**
 * The 30-second step that `code` belongs to: the one of `now`, the one before or the one after, if it is later
 * than `after`, the last that was used. Null for a wrong code. https://www.rfc-editor.org/rfc/rfc6238
 */
export async function stepOf(
  seed: string,
  code: string,
  at: { now: number; after: number | null },
): Promise<number | null> {
  const token = code.replace(/\s/g, "");
  if (!/^\d{6}$/.test(token)) return null;
  const epoch = Math.floor(at.now / 1000);
  const afterTimeStep = at.after ?? undefined;
  const { verifySync } = await otp();
  const result = verifySync({ secret: seed, token, epoch, epochTolerance: STEP, afterTimeStep });
  return result.valid && "timeStep" in result ? result.timeStep : null;
}

/** Ten codes of 120 random bits: so many that a plain hash of one cannot be turned back. */
export const newRecoveryCodes = (): string[] => Array.from({ length: 10 }, newRecoveryCode);

function newRecoveryCode(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(GROUPS * LETTERS));
  const letters = [...bytes].map((byte) => ALPHABET[byte % 32]).join("");
  return letters.match(new RegExp(`.{${LETTERS}}`, "g"))?.join("-") ?? "";
}

/** What a person typed as a recovery code, letters alone; null if it cannot be one. */
export function readRecoveryCode(typed: string): string | null {
  const text = forgiven(typed);
  return /^[0-9A-HJKMNP-TV-Z]{24}$/.test(text) ? text : null;
}
