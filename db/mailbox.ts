import { desc, eq } from "drizzle-orm";
import type { Db } from "./client.ts";
import { mailboxMessages } from "./schema.ts";

export type MailboxMessage = typeof mailboxMessages.$inferSelect;
type Kept = {
  messageId: string;
  from: { name: string };
  to: { name: string; address: string };
  subject: string;
  text: string;
  html: string;
};

/** Keeps a mail where a developer reads it; the same Message-ID again changes nothing. */
export async function keepInMailbox(db: Db, { from, to, ...mail }: Kept, at: number) {
  await db.insert(mailboxMessages)
    .values({ ...mail, fromName: from.name, toName: to.name, toEmail: to.address, at })
    .onConflictDoNothing();
}

export async function listMailbox(db: Db): Promise<MailboxMessage[]> {
  return await db.select().from(mailboxMessages).orderBy(desc(mailboxMessages.at)).limit(200);
}

export async function findInMailbox(
  db: Db,
  messageId: string,
): Promise<MailboxMessage | undefined> {
  return await db.select().from(mailboxMessages).where(eq(mailboxMessages.messageId, messageId))
    .get();
}
