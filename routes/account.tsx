import { type Context, Hono } from "hono";
import { z } from "zod";
import { changeProfile } from "../db/accounts.ts";
import { askForEmailChange } from "../db/email_changes.ts";
import { endSessions, listSessions } from "../db/open_sessions.ts";
import { changePassword } from "../db/password_changes.ts";
import { notFound, Problem } from "../db/problem.ts";
import type { Person } from "../db/sessions.ts";
import { hashToken, randomToken } from "../db/tokens.ts";
import { AccountPage, AccountPanel } from "../views/account.tsx";
import { emptyForm, type FormState } from "../views/form.tsx";
import type { Env } from "./context.ts";
import { emailField, hashChosen, nameField, newPasswordField } from "./credentials.ts";
import { form, oneLine, orInvalid } from "./forms.ts";
import { accountLimit } from "./limits.ts";
import { ownerOf, prove } from "./present_passwords.ts";
import { goTo, respond } from "./respond.ts";
import { issueCookie } from "./session.ts";

const present = z.string("Write your present password.").min(1, "Write your present password.")
  .max(1024, "That is not your password.");
const extra = (max: number) =>
  z.string("Write this once.").transform(oneLine)
    .pipe(z.string().max(max, `Use at most ${max} characters.`)).optional();
const passwordForm = z.object({ current_password: present, password: newPasswordField });
const emailForm = z.object({ email: emailField, email_password: present });
const profileForm = z.object({ name: nameField, phone: extra(40), company: extra(100) });

const notices: Record<string, string> = {
  password: "Your password was changed. Every other session has ended.",
  email: "We sent a link to both addresses. Open both: then the address changes.",
  profile: "Saved.",
  session: "That session has ended.",
};
const bases = { client: "/account", admin: "/admin/account" };

/** Somebody's own account, client or admin: where they are signed in, and their password. */
function accountPagesFor(kind: Person["kind"]) {
  const done = (c: Context<Env>, what: string) => goTo(c, `${bases[kind]}?done=${what}`);

  return new Hono<Env>()
    .get("/", (c) => show(c, emptyForm))
    .post("/sessions/end", async (c) => {
      await endSessions(c.var.db, await c.var.person, { now: c.var.now });
      return done(c, "session");
    })
    .post("/sessions/:mark/end", async (c) => {
      const { db, now } = c.var;
      const [person, sessions] = await Promise.all([c.var.person, listed(c)]);
      const session = sessions.find(({ mark }) => mark === c.req.param("mark"))?.id;
      if (!session) throw notFound();
      await endSessions(db, person, { session, now });
      return done(c, "session");
    })
    .post("/password", form(passwordForm, show), async (c) => {
      const { current_password: current, password } = c.req.valid("form");
      const { db, now } = c.var;
      return await orInvalid({}, async () => {
        const { person, hash } = await prove(c, { password: current, field: "current_password" });
        const to = await hashChosen(c, password, person);
        const sid = randomToken();
        await changePassword(db, person, { from: hash, to, sessionId: sid, now });
        await issueCookie(c, { kind, id: person.id, sid }, person.endsAt);
        return done(c, "password");
      }, (state) => show(c, state));
    });
}

export const adminAccountPages = accountPagesFor("admin");

export const accountPages = accountPagesFor("client")
  .post("/profile", form(profileForm, show), async (c) => {
    const { name, phone, company } = c.req.valid("form");
    const profile = { name, phone: phone || null, company: company || null };
    await changeProfile(c.var.db, asClient(await c.var.person), profile, c.var.now);
    return goTo(c, "/account?done=profile");
  })
  .post("/email", form(emailForm, show), async (c) => {
    const { email, email_password } = c.req.valid("form");
    const { db, now } = c.var;
    return await orInvalid({ email }, async () => {
      const given = { password: email_password, field: "email_password" };
      const { person } = await prove(c, { ...given, limits: [accountLimit(c)] });
      const yours = "This is your address already. Write the new one.";
      if (email === person.email) throw new Problem("invalid", yours, "email");
      await askForEmailChange(db, asClient(person), { email, now });
      return goTo(c, "/account?done=email");
    }, (state) => show(c, state));
  });

function asClient(person: Person): Person & { kind: "client" } {
  if (person.kind === "client") return person;
  throw notFound();
}

/** The sessions of whoever asks, each with a mark that names it but does not open it. */
async function listed(c: Context<Env>) {
  const sessions = await listSessions(c.var.db, ownerOf(c), c.var.now);
  return await Promise.all(
    sessions.map(async (row) => ({ ...row, mark: (await hashToken(row.id)).slice(0, 24) })),
  );
}

async function show(c: Context<Env>, state: FormState) {
  const { now, site } = c.var;
  const [person, sessions] = await Promise.all([c.var.person, listed(c)]);
  const { name, phone, company } = { phone: null, company: null, ...person };
  const values = { name, phone: phone ?? "", company: company ?? "", ...state.values };
  const props = {
    ...{ person, base: bases[person.kind], now, zone: site.agency.timezone },
    notice: state === emptyForm ? notices[c.req.query("done") ?? ""] : undefined,
    form: { ...state, values },
    sessions: sessions.map(({ id, ...row }) => ({ ...row, own: id === person.sessionId })),
  };
  return respond(c, {
    page: () => <AccountPage site={site} {...props} />,
    part: () => <AccountPanel {...props} />,
  }, state === emptyForm ? 200 : 422);
}
