import type { Context } from "hono";
import { findChatFileFor } from "../db/chat_files.ts";
import type { Env } from "./context.ts";
import { download } from "./files.ts";

/** A file of a message: to be saved, or with `?inline` a picture for the page it belongs to. */
export async function openFile(c: Context<Env>) {
  const { db, viewer, person } = c.var;
  const at = { reference: c.req.param("ref") ?? "", id: c.req.param("id") ?? "" };
  const [, file] = await Promise.all([person, findChatFileFor(db, viewer, at)]);
  const shown = file.picture && c.req.query("inline") !== undefined;
  return download(c, file, shown ? "inline" : "attachment");
}
