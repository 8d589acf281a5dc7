import { asc, eq } from "drizzle-orm";
import { audited, auditedIfDone, type By } from "./audit.ts";
import { commit, type Db, isUnique, type Statement } from "./client.ts";
import { notFound, Problem } from "./problem.ts";
import { assertFillable } from "./reply_gaps.ts";
import { cannedReplies } from "./schema.ts";

export type Reply = typeof cannedReplies.$inferSelect;
type ReplyEdit = Pick<Reply, "slug" | "body">;

/** All replies, by name. */
export const listReplies = async (db: Db): Promise<Reply[]> =>
  await db.select().from(cannedReplies).orderBy(asc(cannedReplies.slug));

/** One reply. Throws `not_found`. */
export async function findReply(db: Db, id: number): Promise<Reply> {
  const reply = await db.select().from(cannedReplies).where(eq(cannedReplies.id, id)).get();
  if (!reply) throw notFound();
  return reply;
}

/** Throws `invalid` on `slug` where there is one of this name, and on `body` where nothing fills a gap. */
export async function addReply(db: Db, edit: ReplyEdit, by: By) {
  assertFillable(edit);
  await keepNamed(db, [
    db.insert(cannedReplies).values({ ...edit, updatedAt: by.now }),
    audited(db, by, { action: "reply.add", subject: edit.slug, after: edit }),
  ]);
}

/** Throws what `addReply` throws. */
export async function saveReply(db: Db, reply: Reply, { edit, ...by }: By & { edit: ReplyEdit }) {
  assertFillable(edit);
  const { slug, body } = reply;
  await keepNamed(db, [
    db.update(cannedReplies).set({ ...edit, updatedAt: by.now })
      .where(eq(cannedReplies.id, reply.id)),
    auditedIfDone(by, {
      ...{ action: "reply.save", subject: slug, before: { slug, body }, after: edit },
    }),
  ]);
}

export async function removeReply(db: Db, { id, slug, body }: Reply, by: By) {
  await commit(db, [
    db.delete(cannedReplies).where(eq(cannedReplies.id, id)),
    auditedIfDone(by, { action: "reply.remove", subject: slug, before: { slug, body } }),
  ]);
}

/** Throws `invalid` on `slug` where another one has it. */
async function keepNamed(db: Db, statements: Statement[]) {
  try {
    await commit(db, statements);
  } catch (error) {
    if (!isUnique(error, "canned_replies.slug")) throw error;
    throw new Problem("invalid", "There is one with this name already.", "slug");
  }
}
