import { imageSize } from "./image_sizes.ts";
import { Problem } from "./problem.ts";

/** A logo as pages need it: its bytes are found under `hash`. */
export type Logo = { hash: string; type: string; width: number; height: number };
export type NewLogo = Logo & { bytes: Uint8Array };

/** The most bytes a logo may have: every page shows it. */
const MAX_LOGO = 200_000;

/** How the bytes of each kind begin, in hexadecimal. Drawings in SVG are none of them: they can hold scripts. */
const signatures: [type: string, starts: RegExp][] = [
  ["image/png", /^89504e470d0a1a0a/],
  ["image/jpeg", /^ffd8ff/],
  ["image/webp", /^52494646.{8}57454250/],
];

/** A picture somebody sent as a logo. Throws `invalid` on `file` for one that no page could show at once. */
export async function checkLogo(bytes: Uint8Array<ArrayBuffer>): Promise<NewLogo> {
  if (bytes.length > MAX_LOGO) {
    throw refused("This picture is larger than 200 KB. Send a smaller one: 400 pixels are enough.");
  }
  const head = bytes.subarray(0, 16).toHex();
  const [type] = signatures.find(([, starts]) => starts.test(head)) ?? [];
  if (!type) throw refused("This is not a PNG, JPEG or WebP picture.");
  const size = imageSize(type, bytes);
  if (!size) throw refused("This picture cannot be read. Save it again and send that.");
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return { hash: digest.subarray(0, 8).toHex(), type, ...size, bytes };
}

const refused = (message: string) => new Problem("invalid", message, "file");
