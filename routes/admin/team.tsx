import { type Context, Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { z } from "zod";
import type { By } from "../../db/audit.ts";
import { inviteAdmin, listInvitations, withdrawInvitation } from "../../db/invitations.ts";
import { turnFactorOff } from "../../db/second_factors.ts";
import { roles } from "../../db/schema.ts";
import {
  changeRole,
  deactivate,
  endSessionsOf,
  findMember,
  listMembers,
  type Member,
  memberStates,
  reactivate,
} from "../../db/team.ts";
import { TeamPage, TeamPanel } from "../../views/admin/team.tsx";
import { emptyForm, type FormState } from "../../views/form.tsx";
import { byWhom, type Env } from "../context.ts";
import { orAsItStands } from "../doors.ts";
import { emailField } from "../credentials.ts";
import { form } from "../forms.ts";
import { allowed } from "../permissions.ts";
import { goTo, respond } from "../respond.ts";
import { freshlyProven } from "../step_up.tsx";

const roleField = z.enum(roles, "Choose one of the roles.");
const invitation = z.object({ email: emailField, role: roleField });
const withdrawal = invitation.pick({ email: true });
const change = z.object({ role: roleField });

/** Nonsense in an address narrows nothing. */
const query = z.object({
  role: z.enum(roles).optional().catch(undefined),
  state: z.enum(memberStates).optional().catch(undefined),
});

const wrong = (c: Context<Env>, form: FormState) => showTeam(c, { form, status: 422 });

/** Who works here. What lets somebody in asks for a fresh proof; shutting somebody out must not wait. */
export const teamRoutes = new Hono<Env>()
  .use(allowed("team"))
  .get("/", (c) => showTeam(c))
  .post("/invitations", freshlyProven, form(invitation, wrong), async (c) => {
    const by = await byWhom(c);
    const sent = c.req.valid("form");
    const form = { values: sent, errors: {} };
    return await orConflict(c, { form }, () => inviteAdmin(c.var.db, { ...sent, ...by }));
  })
  .post("/invitations/withdrawal", form(withdrawal, wrong), async (c) => {
    const withdrawn = { ...c.req.valid("form"), ...await byWhom(c) };
    return await orConflict(c, {}, () => withdrawInvitation(c.var.db, withdrawn));
  })
  .post("/:id{[0-9]{1,15}}/role", freshlyProven, form(change, wrong), async (c) => {
    const { role } = c.req.valid("form");
    return await act(c, (member, by) => changeRole(c.var.db, member, { ...by, role }));
  })
  .post("/:id{[0-9]{1,15}}/deactivation", (c) => act(c, (...by) => deactivate(c.var.db, ...by)))
  .post(
    "/:id{[0-9]{1,15}}/reactivation",
    freshlyProven,
    (c) => act(c, (...by) => reactivate(c.var.db, ...by)),
  )
  .post(
    "/:id{[0-9]{1,15}}/second-factor/removal",
    freshlyProven,
    (c) => act(c, ({ id }, by) => turnFactorOff(c.var.db, id, by)),
  )
  .post("/:id{[0-9]{1,15}}/sessions", (c) => act(c, (...by) => endSessionsOf(c.var.db, ...by)));

/** Reads the member and does one thing with them. */
async function act(c: Context<Env>, work: (member: Member, by: By) => Promise<void>) {
  const [by, member] = await Promise.all([
    byWhom(c),
    findMember(c.var.db, Number(c.req.param("id"))),
  ]);
  return await orConflict(c, {}, () => work(member, by));
}

async function orConflict(c: Context<Env>, shown: Shown, work: () => Promise<void>) {
  return await orAsItStands(async () => {
    await work();
    return goTo(c, "/admin/team");
  }, (notice) => showTeam(c, { ...shown, notice, status: 409 }));
}

type Shown = { form?: FormState; notice?: string; status?: ContentfulStatusCode };

async function showTeam(c: Context<Env>, { form = emptyForm, notice, status }: Shown = {}) {
  const { db, now, site } = c.var;
  const asked = query.parse(c.req.query());
  const [who, members, invitations] = await Promise.all([
    c.var.person,
    listMembers(db, asked),
    listInvitations(db, now),
  ]);
  const shown = { query: asked, members, invitations, roles, form, notice };
  const props = { ...shown, now, zone: site.agency.timezone };
  return respond(c, {
    page: () => <TeamPage site={site} who={who} {...props} />,
    part: () => <TeamPanel {...props} />,
  }, status);
}
