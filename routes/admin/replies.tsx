import { type Context, Hono } from "hono";
import { z } from "zod";
import {
  addReply,
  findReply,
  listReplies,
  removeReply,
  saveReply,
} from "../../db/canned_replies.ts";
import { variables } from "../../db/reply_gaps.ts";
import { RepliesPage, RepliesPanel } from "../../views/admin/replies.tsx";
import type { FormState } from "../../views/form.tsx";
import { byWhom, type Env } from "../context.ts";
import { form, orInvalid, requiredText } from "../forms.ts";
import { allowed } from "../permissions.ts";
import { goTo, respond } from "../respond.ts";

const PATH = "/admin/replies";
const naming = "Use small letters, digits and hyphens, such as thanks; at most 40.";
const reply = z.object({
  id: z.string().regex(/^\d{0,15}$/).optional().catch(undefined),
  slug: z.string("Write the name.").trim().toLowerCase()
    .pipe(z.string().regex(/^\/?[a-z0-9][a-z0-9-]{0,39}$/, naming))
    .transform((name) => name.replace(/^\//, "")),
  body: requiredText("Write the text."),
});

/** The answers that staff give again and again. */
export const replyRoutes = new Hono<Env>()
  .use(allowed("replies"))
  .get("/", (c) => showReplies(c))
  .post("/", form(reply, showReplies), async (c) => {
    const { id, ...edit } = c.req.valid("form");
    const { db } = c.var;
    const [by, stood] = await Promise.all([byWhom(c), id ? findReply(db, Number(id)) : null]);
    return await orInvalid({ id, ...edit }, async () => {
      if (stood) await saveReply(db, stood, { edit, ...by });
      else await addReply(db, edit, by);
      return goTo(c, PATH);
    }, (state) => showReplies(c, state));
  })
  .post("/:id{[0-9]{1,15}}/removal", async (c) => {
    const { db } = c.var;
    const [by, reply] = await Promise.all([byWhom(c), findReply(db, Number(c.req.param("id")))]);
    await removeReply(db, reply, by);
    return goTo(c, PATH);
  });

async function showReplies(c: Context<Env>, form?: FormState) {
  const { db, site } = c.var;
  const [who, replies] = await Promise.all([c.var.person, listReplies(db)]);
  const props = { replies, variables, wrong: form && { id: form.values.id ?? "", form } };
  return respond(c, {
    page: () => <RepliesPage site={site} who={who} {...props} />,
    part: () => <RepliesPanel {...props} />,
  }, form ? 422 : 200);
}
