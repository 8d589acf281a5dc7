import type { Context } from "hono";
import type { Payment } from "../db/payments.ts";
import { Problem } from "../db/problem.ts";
import { checkFile, type NewFile, readChunks, type StoredFile } from "../db/stored_files.ts";
import type { Env } from "./context.ts";

type How = "attachment" | "inline";

/**
 * A file that somebody sent, to be saved, or as a picture on a page: no browser may take it for a page of ours,
 * whatever its bytes are.
 */
export function download(c: Context<Env>, file: StoredFile, how: How = "attachment") {
  const headers = {
    "Content-Type": file.type,
    "Content-Length": String(file.size),
    "Content-Disposition": attachment(file.name, how),
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "private, no-store",
  };
  return c.body(ReadableStream.from(readChunks(c.var.db, file)), 200, headers);
}

/** The name in two spellings, of which old programs read the first. https://datatracker.ietf.org/doc/html/rfc6266 */
export function attachment(name: string, how: How = "attachment"): string {
  const plain = name.normalize("NFKD").replace(/[^\x20-\x7e]|["\\%]/g, "_");
  const exact = encodeURIComponent(name).replace(
    /['()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${how}; filename="${plain}"; filename*=UTF-8''${exact}`;
}

/** A transfer's proofs: whoever begins again and again may not fill our store. */
const MAX_PROOFS = 20;

/**
 * The proof in a form's field, if there is one, checked. Throws `invalid` on `file` for one that is not taken, or
 * is one too many for its booking.
 */
export async function proofIn(field: unknown, payments: Payment[]): Promise<NewFile | undefined> {
  const sent = await fileIn(field);
  if (!sent) return undefined;
  if (payments.filter(({ proofFileId }) => proofFileId !== null).length >= MAX_PROOFS) {
    throw new Problem(
      "invalid",
      "This booking has 20 proofs already. Write to us instead.",
      "file",
    );
  }
  return await checkFile(sent);
}

/**
 * The file in a form's field; none where the field was left empty, as a browser sends it then. Throws `invalid`
 * on `file` for several, and for a name without its file.
 */
export async function fileIn(field: unknown): Promise<{ name: string; bytes: Uint8Array } | null> {
  if (Array.isArray(field)) throw new Problem("invalid", "Send one file.", "file");
  if (field instanceof File) {
    if (isLeftEmpty(field)) return null;
    return { name: field.name, bytes: new Uint8Array(await field.arrayBuffer()) };
  }
  if (!field) return null;
  throw new Problem(
    "invalid",
    "The file did not arrive with the form. Choose it once more.",
    "file",
  );
}

/** The files in a form's field, which may be many. Throws `invalid` on `file` for a name without its file. */
export async function filesIn(field: unknown): Promise<{ name: string; bytes: Uint8Array }[]> {
  const fields = Array.isArray(field) ? field : [field];
  return (await Promise.all(fields.map(fileIn))).filter((file) => file !== null);
}

/** Whether a form's field holds a file at all. */
export const hasFile = (field: unknown): boolean =>
  [field].flat().some((one) => one instanceof File && !isLeftEmpty(one));

/** What a browser sends for a field without a file. */
const isLeftEmpty = ({ name, size }: File) => name === "" && size === 0;
