import { brotliCompress, constants, gzip } from "node:zlib";

/** How a text may travel. https://www.rfc-editor.org/rfc/rfc9110#name-content-codings */
export type Coding = "br" | "gzip" | "identity";

const ours = ["br", "gzip"] as const;
/** Browsers of one kind all send the same words. */
const known = new Map<string, Coding>();
const MOST_KNOWN = 100;

/** The smallest of our codings that `accepted`, an Accept-Encoding header, allows. */
export function codingFor(accepted: string | null | undefined): Coding {
  if (!accepted) return "identity";
  const before = known.get(accepted);
  if (before) return before;
  const allowed = accepted.toLowerCase().split(",").map((part) => part.trim().split(/\s*;\s*q=/))
    .filter(([, weight = "1"]) => Number(weight) > 0).map(([name]) => name);
  const coding = ours.find((name) => allowed.includes(name)) ?? "identity";
  if (known.size < MOST_KNOWN) known.set(accepted, coding);
  return coding;
}

export type Bytes = Uint8Array<ArrayBuffer>;

/** Bytes that many will ask for: each coding is made once, off this thread and as small as it gets. */
export class Coded {
  #made = new Map<Coding, Promise<Bytes>>();

  constructor(readonly plain: Bytes) {}

  as(coding: Coding): Promise<Bytes> {
    let made = this.#made.get(coding);
    if (!made) this.#made.set(coding, made = encode(this.plain, coding));
    return made;
  }
}

function encode(plain: Bytes, coding: Coding): Promise<Bytes> {
  const { promise, resolve, reject } = Promise.withResolvers<Bytes>();
  const done = (error: Error | null, bytes: Uint8Array) =>
    error ? reject(error) : resolve(new Uint8Array(bytes));
  if (coding === "identity") resolve(plain);
  else if (coding === "gzip") gzip(plain, { level: 9 }, done);
  else brotliCompress(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }, done);
  return promise;
}
