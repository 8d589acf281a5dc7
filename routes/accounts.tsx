import { type Context, Hono } from "hono";
import { z } from "zod";
import { signOut } from "../db/open_sessions.ts";
import { randomToken } from "../db/tokens.ts";
import { choosePassword, findLink } from "../db/users.ts";
import { ChoosePasswordPage } from "../views/accounts.tsx";
import { emptyForm, type FormState } from "../views/form.tsx";
import { visitOf } from "./addresses.ts";
import type { Env } from "./context.ts";
import { hashChosen, newPasswordField } from "./credentials.ts";
import { form, orInvalid } from "./forms.ts";
import { accountLimit, limit } from "./limits.ts";
import { goTo, respond } from "./respond.ts";
import { dropCookies, issueCookie, personIfSignedIn } from "./session.ts";
import { signInRoutes } from "./sign_in.tsx";

const passwordForm = z.object({ password: newPasswordField });

export const accountRoutes = new Hono<Env>()
  .route("/", signInRoutes("client"))
  .post("/sign-out", async (c) => {
    const { db, now } = c.var;
    const kinds = ["client", "admin"] as const;
    const people = await Promise.all(kinds.map((kind) => personIfSignedIn(c, kind)));
    await Promise.all(people.map((person) => person && signOut(db, person, now)));
    dropCookies(c);
    c.header("Clear-Site-Data", '"cache", "storage"');
    return goTo(c, "/");
  })
  .route(
    "/",
    passwordLink("/claim/:token", {
      purpose: "claim",
      title: "Choose a password",
      about: "With a password you see all your bookings in one place and talk with us.",
    }),
  )
  .route(
    "/",
    passwordLink("/reset-password/:token", {
      purpose: "reset",
      title: "Choose a new password",
      about: "The new password ends every session that the old one opened.",
    }),
  );

type Link = { purpose: "claim" | "reset"; title: string; about: string };

/** A link in a mail whose holder chooses the password of the account. Opening it does nothing yet. */
function passwordLink(path: string, { purpose, title, about }: Link) {
  const linkOf = (c: Context<Env>) =>
    findLink(c.var.db, c.req.param("token") ?? "", { purpose, now: c.var.now });

  const page = async (c: Context<Env>, state: FormState) => {
    const { user } = await linkOf(c);
    const words = { title, about, button: "Choose this password", email: user.email };
    const props = { site: c.var.site, form: state, action: c.req.path, ...words };
    const status = state === emptyForm ? 200 : 422;
    return respond(c, { page: () => <ChoosePasswordPage {...props} /> }, status);
  };

  return new Hono<Env>()
    .get(path, (c) => page(c, emptyForm))
    .post(path, form(passwordForm, page), async (c) => {
      const { db, now } = c.var;
      const sid = randomToken();
      const [{ token, user }] = await Promise.all([linkOf(c), limit(c, [accountLimit(c)])]);
      const opening = { sessionId: sid, now, ...await visitOf(c) };
      return await orInvalid({}, async () => {
        const passwordHash = await hashChosen(c, c.req.valid("form").password, user);
        await choosePassword(db, token, { ...opening, passwordHash });
        await issueCookie(c, { kind: "client", id: user.id, sid });
        return goTo(c, "/dashboard");
      }, (state) => page(c, state));
    });
}
