import type { Context } from "hono";
import { BLOCK, takeFile } from "../db/file_arrivals.ts";
import type { Kinds } from "../db/file_checks.ts";
import { isProblem, type Problem } from "../db/problem.ts";
import type { NewFile } from "../db/stored_files.ts";
import { randomToken } from "../db/tokens.ts";
import { blocksOf, drain, tooLarge } from "./bodies.ts";
import type { Env } from "./context.ts";
import type { Part } from "./multipart.ts";

/** What came with a form. */
export type Upload = {
  files: NewFile[];
  /** Why not all of them are here. */
  problem?: Problem;
  /** Whether something refers to them now; what nothing does is given up when the request ends. */
  kept?: boolean;
};
export type FileRules = {
  kinds: Kinds;
  most: number;
  tooMany: () => Problem;
  /** The problem of one file as it is told. */
  named: (name: string, problem: Problem) => Problem;
};
/** `begun` names all whose bytes were begun to be kept; where none may be, `may` is false. */
export type Reading = FileRules & { upload: Upload; begun: string[]; may: boolean };

/** Bytes of all fields that are no files. */
export const FIELDS = 256 * 1024;

/** Keeps the files of a form one by one as they come, and answers the form without their bytes. */
export async function readForm(
  c: Context<Env>,
  parts: AsyncGenerator<Part>,
  reading: Reading,
): Promise<FormData> {
  const form = new FormData();
  let left = FIELDS;
  for await (const { name, file, bytes } of parts) {
    if (file === undefined) {
      const text = await textOf(bytes, left);
      left -= text.length;
      form.append(name, text);
    } else if (file !== "" || await drain(bytes) > 0) {
      form.append(name, new File([], file || "file"));
      if (name === "file") await keep(c, { name: file, bytes }, reading);
    }
  }
  return form;
}

async function textOf(bytes: AsyncIterable<Uint8Array>, most: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const piece of bytes) {
    text += decoder.decode(piece, { stream: true });
    if (text.length > most) throw tooLarge();
  }
  return text + decoder.decode();
}

type Sent = { name: string; bytes: AsyncGenerator<Uint8Array> };

/** After the first file that is not taken no more are kept. */
async function keep(c: Context<Env>, { name, bytes }: Sent, reading: Reading) {
  const { upload, begun, kinds, most, may } = reading;
  if (!may || upload.problem) return;
  if (begun.length === most) return void (upload.problem = reading.tooMany());
  const id = randomToken();
  begun.push(id);
  try {
    const { db, bucket, now } = c.var;
    const blocks = blocksOf(bytes, BLOCK);
    upload.files.push(await takeFile({ db, bucket }, { id, name, kinds, blocks, now }));
  } catch (error) {
    if (!isProblem(error, "invalid") || !error.field) throw error;
    upload.problem = reading.named(name, error);
  }
}
