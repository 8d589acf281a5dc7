import { type Context, Hono } from "hono";
import { z } from "zod";
import { findAdminReset, resetAdminPassword } from "../../db/password_resets.ts";
import { ChoosePasswordPage } from "../../views/accounts.tsx";
import { emptyForm, type FormState } from "../../views/form.tsx";
import { originOf } from "../addresses.ts";
import type { Env } from "../context.ts";
import { hashChosen, newPasswordField } from "../credentials.ts";
import { form, orInvalid } from "../forms.ts";
import { accountLimit, limit } from "../limits.ts";
import { goTo, respond } from "../respond.ts";

const choice = z.object({ password: newPasswordField });
const words = {
  title: "Choose a new password as an admin",
  about: "Every session of yours ends. Then you sign in as ever, with your second factor.",
  button: "Choose this password",
};

/** The link in the mail to an admin who forgot the password. It opens no session. */
export const adminResetRoutes = new Hono<Env>()
  .get("/", (c) => page(c, emptyForm))
  .post("/", form(choice, page), async (c) => {
    const { db, now } = c.var;
    const [reset] = await Promise.all([resetOf(c), limit(c, [accountLimit(c)])]);
    return await orInvalid({}, async () => {
      const passwordHash = await hashChosen(c, c.req.valid("form").password, reset.admin);
      await resetAdminPassword(db, reset, { passwordHash, now, origin: await originOf(c) });
      return goTo(c, "/admin/sign-in?done=password");
    }, (state) => page(c, state));
  });

const resetOf = (c: Context<Env>) =>
  findAdminReset(c.var.db, c.req.param("token") ?? "", c.var.now);

async function page(c: Context<Env>, state: FormState) {
  const { admin } = await resetOf(c);
  const props = { site: c.var.site, form: state, action: c.req.path, email: admin.email, ...words };
  const status = state === emptyForm ? 200 : 422;
  return respond(c, { page: () => <ChoosePasswordPage {...props} /> }, status);
}
