import { type Context, Hono } from "hono";
import { z } from "zod";
import { hasAdmin, makeFirstAdmin, redeemInvitation } from "../../db/admins.ts";
import { findToken, randomToken, type Token, usedUp } from "../../db/tokens.ts";
import { ChoosePasswordPage } from "../../views/accounts.tsx";
import { emptyForm, type FormState } from "../../views/form.tsx";
import { originOf } from "../addresses.ts";
import type { Env } from "../context.ts";
import { emailField, hashChosen, nameField, newPasswordField } from "../credentials.ts";
import { form, orInvalid } from "../forms.ts";
import { goTo, respond } from "../respond.ts";
import { issueCookie } from "../session.ts";
import { signInRoutes } from "../sign_in.tsx";

const invitedForm = z.object({ name: nameField, password: newPasswordField });
const firstForm = invitedForm.extend({ email: emailField });

export const adminAccountRoutes = new Hono<Env>()
  .route("/", signInRoutes("admin"))
  .get("/setup/:token", (c) => setupPage(c, emptyForm))
  .post("/setup/:token", form(firstForm, setupPage), async (c) => {
    const token = await setupToken(c);
    const { name, email, password } = c.req.valid("form");
    return await orInvalid({ name, email }, async () => {
      const access = await newAccess(c, password, { name, email });
      const id = await makeFirstAdmin(c.var.db, token, { name, email, ...access });
      return await welcome(c, id, access.sessionId);
    }, (state) => setupPage(c, state));
  })
  .get("/admin/register/:token", (c) => {
    const { name = "" } = c.req.query();
    return invitedPage(c, { values: { name }, errors: {} });
  })
  .post("/admin/register/:token", form(invitedForm, invitedPage), async (c) => {
    const token = await invitation(c);
    const { name, password } = c.req.valid("form");
    return await orInvalid({ name }, async () => {
      const access = await newAccess(c, password, { name, email: token.email });
      const id = await redeemInvitation(c.var.db, token, { name, ...access });
      return await welcome(c, id, access.sessionId);
    }, (state) => invitedPage(c, state));
  });

/** The token of the set-up link; `gone` once there is an admin. */
async function setupToken(c: Context<Env>): Promise<Token> {
  const { db, now } = c.var;
  const link = c.req.param("token") as string;
  const [token, taken] = await Promise.all([
    findToken(db, link, { purpose: "setup", now }),
    hasAdmin(db),
  ]);
  if (taken) throw usedUp();
  return token;
}

const invitation = (c: Context<Env>) =>
  findToken(c.var.db, c.req.param("token") as string, { purpose: "invitation", now: c.var.now });

type NewOwner = { name: string; email: string | null };

async function newAccess(c: Context<Env>, password: string, owner: NewOwner) {
  const passwordHash = await hashChosen(c, password, owner);
  return { passwordHash, sessionId: randomToken(), now: c.var.now, origin: await originOf(c) };
}

async function welcome(c: Context<Env>, id: number, sid: string) {
  await issueCookie(c, { kind: "admin", id, sid });
  return goTo(c, "/admin");
}

async function setupPage(c: Context<Env>, state: FormState) {
  await setupToken(c);
  return chooseOn(c, state, {
    title: "Make the first admin",
    about: "You become the owner: you review bookings and invite others. This page works once.",
    button: "Make this admin",
  });
}

async function invitedPage(c: Context<Env>, state: FormState) {
  const { email, role } = await invitation(c);
  return chooseOn(c, state, {
    title: "Accept the invitation",
    about: `You join ${c.var.site.agency.name} as ${role}.`,
    button: "Accept and sign in",
    email: email ?? undefined,
  });
}

type Words = { title: string; about: string; button: string; email?: string };

function chooseOn(c: Context<Env>, state: FormState, words: Words) {
  const props = { site: c.var.site, form: state, action: c.req.path, asksName: true, ...words };
  return respond(
    c,
    { page: () => <ChoosePasswordPage {...props} /> },
    Object.keys(state.errors).length === 0 ? 200 : 422,
  );
}
