import type { Context } from "hono";
import { findNotesFor } from "../../db/booking_notes.ts";
import { listReplies, type Reply } from "../../db/canned_replies.ts";
import type { Booking } from "../../db/booking_moves.ts";
import { filledWith } from "../../db/reply_gaps.ts";
import type { Person } from "../../db/sessions.ts";
import { ChatAside } from "../../views/admin/chat_aside.tsx";
import { ReplyPicker } from "../../views/admin/reply_picker.tsx";
import type { Env } from "../context.ts";
import { permits } from "../permissions.ts";
import { notesProps } from "./note_pages.tsx";

/** What staff alone have beside a conversation: notes, who looks after it, and replies to begin with. */
export async function readSides(c: Context<Env>, reference: string) {
  const { db, viewer } = c.var;
  const [notes, replies] = await Promise.all([
    findNotesFor(db, viewer, { reference }),
    listReplies(db),
  ]);
  return { notes, replies };
}

type Sides = Awaited<ReturnType<typeof readSides>>;

/** The same as the page shows it; `filled` is the reply that the address names, as it is said here. */
export function sidesOf(c: Context<Env>, { notes: file, replies }: Sides, who: Person) {
  const { booking, assignee, ...listed } = file;
  const notes = notesProps(c, { who, reference: booking.reference, view: "chat" }, listed);
  const base = `${notes.base}/chat`;
  const asked = replies.find(({ slug }) => slug === c.req.query("reply"));
  return {
    aside: <ChatAside {...{ assignee, notes }} mayAssign={permits(who, "assignment")} />,
    replies: <ReplyPicker base={base} slugs={replies.map(({ slug }) => slug)} />,
    filled: asked && said(c, asked, { booking, who }),
  };
}

const said = (c: Context<Env>, reply: Reply, { booking, who }: { booking: Booking; who: Person }) =>
  filledWith({
    ...{ client: booking.clientName, reference: booking.reference, service: booking.serviceName },
    ...{ agency: c.var.site.agency.name, me: who.name },
  }, reply);
