import type { Context } from "hono";
import { Problem } from "../db/problem.ts";
import { type NewFile, openBytes, type StoredFile } from "../db/stored_files.ts";
import type { Env } from "./context.ts";
import type { Upload } from "./upload_forms.ts";

type How = "attachment" | "inline";

/**
 * A file that somebody sent, to be saved, or as a picture on a page: no browser may take it for a page of ours,
 * whatever its bytes are.
 */
export async function download(c: Context<Env>, file: StoredFile, how: How = "attachment") {
  const bytes = await openBytes(c.var, file);
  const headers = {
    "Content-Type": file.type,
    "Content-Length": String(file.size),
    "Content-Disposition": attachment(file.name, how),
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "private, no-store",
  };
  return c.body(bytes, 200, headers);
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
  throw missing();
}

const missing = () =>
  new Problem("invalid", "The file did not arrive with the form. Choose it once more.", "file");

/**
 * The files that came with a form, kept already. Throws `invalid` on `file` for one that was not taken, and for a
 * name without its file.
 */
export function filesOf(field: unknown, upload?: Upload): NewFile[] {
  if (upload?.problem) throw upload.problem;
  if ([field].flat().some((one) => typeof one === "string" && one !== "")) throw missing();
  return upload?.files ?? [];
}

/** Whether a form's field holds a file at all. */
export const hasFile = (field: unknown): boolean =>
  [field].flat().some((one) => one instanceof File && !isLeftEmpty(one));

/** What a browser sends for a field without a file. */
const isLeftEmpty = ({ name, size }: File) => name === "" && size === 0;
