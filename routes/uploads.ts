import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import type { Db } from "../db/client.ts";
import { BLOCK } from "../db/file_arrivals.ts";
import { MAX_FILE } from "../db/file_checks.ts";
import { discardFiles } from "../db/file_sweep.ts";
import { isProblem, Problem } from "../db/problem.ts";
import { Turns } from "../db/turns.ts";
import { nameOf, type Viewer } from "../db/viewers.ts";
import { log, nameOf as errorName } from "../jobs/log.ts";
import { arriving, drain, tooLarge } from "./bodies.ts";
import type { Env } from "./context.ts";
import { smallBody } from "./gate.ts";
import { boundaryOf, partsOf } from "./multipart.ts";
import { FIELDS, type FileRules, readForm, type Upload } from "./upload_forms.ts";

type UploadEnv = Env & { Variables: { upload?: Upload } };

type Rules = FileRules & {
  /** Who sends, and whether their files may be kept; throws where they may not even send any. */
  admit(c: Context<Env>): Promise<{ sender: Viewer; may: boolean }>;
};

/** Bytes of memory that all uploads of this process may take, and one: what goes to a bucket is in it as a whole. */
const MEMORY = 64 * BLOCK;
const SHARES = { database: 3 * BLOCK, bucket: 16 * BLOCK };
const memory = new Turns(MEMORY);
/** How many uploads of one person may arrive at the same time, and how many do. */
const AT_ONCE = 3;
const sending = new Map<string, number>();
/** Milliseconds, see `arriving`: 50 MB in a quarter of an hour is 58 KB a second. */
const PATIENCE = { idle: 20_000, longest: 15 * 60_000 };

/**
 * Keeps the files of a form while it arrives, once it is known whose form it is: of each no more than a block is in
 * memory, or the file where it goes to a bucket. The form's other fields are read as ever.
 */
export const takeFiles = (rules: Rules) =>
  createMiddleware<UploadEnv>(async (c, next) => {
    const boundary = boundaryOf(c.req.header("content-type"));
    const { body } = c.req.raw;
    if (!boundary || !body) return await smallBody(c, next);
    const most = rules.most * MAX_FILE + FIELDS;
    if (Number(c.req.header("content-length") ?? 0) > most) throw tooLarge();
    const bytes = arriving(body, { most, ...PATIENCE });
    const begun: string[] = [];
    const upload: Upload = { files: [] };
    c.set("upload", upload);
    try {
      c.req.bodyCache.formData = await heardOut(bytes, async () => {
        const { sender, may } = await rules.admit(c);
        const reading = { ...rules, upload, begun, may };
        const read = () => readForm(c, partsOf(bytes, boundary), reading);
        return await ownTurn(sender, () => inTurn(c, read));
      });
      await next();
    } finally {
      if (begun.length > 0 && !upload.kept) await giveUp(c.var.db, begun);
    }
  });

/** Whoever sends slowly holds their memory long: nobody gets so much of it that others wait. */
async function ownTurn<T>(sender: Viewer, work: () => Promise<T>): Promise<T> {
  const key = `${sender.kind} ${nameOf(sender)}`;
  const count = (by: number) => sending.set(key, (sending.get(key) ?? 0) + by).get(key) ?? 0;
  if (sending.get(key) === AT_ONCE) throw tooManyAtOnce();
  count(1);
  try {
    return await work();
  } finally {
    if (count(-1) === 0) sending.delete(key);
  }
}

const tooManyAtOnce = () =>
  new Problem(
    "too_many",
    "You are sending files three times already. Send these when one of them has arrived.",
  );

async function inTurn<T>(c: Context<Env>, work: () => Promise<T>): Promise<T> {
  const done = await memory.take(SHARES[c.var.bucket ? "bucket" : "database"]);
  try {
    return await work();
  } finally {
    done();
  }
}

/** Who is refused is heard to the end all the same: no browser reads an answer while it sends. */
async function heardOut<T>(bytes: AsyncGenerator<Uint8Array>, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isProblem(error)) throw error;
    const end = await drain(bytes).then(() => undefined, (failure) => failure);
    if (end && !isProblem(end)) report(end);
    throw error;
  }
}

/** What fails here is swept later. */
const giveUp = (db: Db, ids: string[]) => discardFiles(db, ids).catch(report);

const report = (error: unknown) => log("warn", "upload", { error: errorName(error) });
