import { type Context, Hono } from "hono";
import { z } from "zod";
import { askForReset } from "../db/password_resets.ts";
import { randomToken } from "../db/tokens.ts";
import { confirmEmail, findLink, findUserByEmail, register } from "../db/users.ts";
import {
  CheckMailPage,
  ChoosePasswordPage,
  ConfirmEmailPage,
  ForgottenPage,
} from "../views/accounts.tsx";
import { emptyForm, type FormState } from "../views/form.tsx";
import { originOf, visitOf } from "./addresses.ts";
import type { Env } from "./context.ts";
import { emailField, hashChosen, nameField, newPasswordField } from "./credentials.ts";
import { form, orInvalid } from "./forms.ts";
import { accountLimit, limit } from "./limits.ts";
import { goTo, respond } from "./respond.ts";
import { issueCookie } from "./session.ts";

const registration = z.object({ name: nameField, email: emailField, password: newPasswordField });
const forgotten = z.object({ email: emailField });

/** Ways to an account that begin without a booking. None tells whether an address has one. */
export const registrationRoutes = new Hono<Env>()
  .get("/register", (c) => registerPage(c, emptyForm))
  .post("/register", form(registration, registerPage), async (c) => {
    const { db, now } = c.var;
    const { password, ...person } = c.req.valid("form");
    const [known] = await Promise.all([
      findUserByEmail(db, person.email),
      limit(c, [accountLimit(c)]),
    ]);
    return await orInvalid(person, async () => {
      const passwordHash = await hashChosen(c, password, person);
      await register(db, { ...person, passwordHash }, { known, now });
      return checkMail(c, person.email);
    }, (state) => registerPage(c, state));
  })
  .get("/verify-email/:token", async (c) => {
    const { user } = await verification(c);
    const props = { site: c.var.site, action: c.req.path, email: user.email };
    return respond(c, { page: () => <ConfirmEmailPage {...props} /> });
  })
  .post("/verify-email/:token", async (c) => {
    const { token, user } = await verification(c);
    const sid = randomToken();
    const opening = { sessionId: sid, now: c.var.now, ...await visitOf(c) };
    await confirmEmail(c.var.db, token, opening);
    await issueCookie(c, { kind: "client", id: user.id, sid });
    return goTo(c, "/dashboard");
  })
  .get("/reset-password", (c) => forgottenPage(c, emptyForm))
  .post("/reset-password", form(forgotten, forgottenPage), async (c) => {
    const { email } = c.req.valid("form");
    await limit(c, [accountLimit(c)]);
    await askForReset(c.var.db, email, { now: c.var.now, origin: await originOf(c) });
    return checkMail(c, email);
  });

const verification = (c: Context<Env>) =>
  findLink(c.var.db, c.req.param("token") ?? "", { purpose: "verify", now: c.var.now });

function registerPage(c: Context<Env>, state: FormState) {
  const props = {
    ...{ site: c.var.site, form: state, action: "/register", asksName: true },
    title: "Make an account",
    about: "With an account you see all your bookings in one place. You do not need one to book.",
    button: "Make an account",
  };
  return respond(c, { page: () => <ChoosePasswordPage {...props} /> }, statusFor(state));
}

function forgottenPage(c: Context<Env>, state: FormState) {
  const page = () => <ForgottenPage site={c.var.site} form={state} />;
  return respond(c, { page }, statusFor(state));
}

function checkMail(c: Context<Env>, email: string) {
  return respond(c, { page: () => <CheckMailPage site={c.var.site} email={email} /> });
}

const statusFor = (state: FormState) => state === emptyForm ? 200 : 422;
