import { Hono } from "hono";
import { confirmEmailChange, findEmailChange } from "../db/email_changes.ts";
import { ChangeConfirmedPage, ConfirmChangePage } from "../views/email_changes.tsx";
import { originOf } from "./addresses.ts";
import type { Env } from "./context.ts";
import { accountLimit, limit } from "./limits.ts";
import { respond } from "./respond.ts";

/** The links that confirm a new address, one at each of the two. They sign nobody in. */
export const emailChangeRoutes = new Hono<Env>()
  .get("/confirm-email/:token", async (c) => {
    const { db, now, site } = c.var;
    const { email } = await findEmailChange(db, c.req.param("token"), now);
    return respond(c, {
      page: () => <ConfirmChangePage {...{ site, email }} action={c.req.path} />,
    });
  })
  .post("/confirm-email/:token", async (c) => {
    const { db, now, site } = c.var;
    const link = c.req.param("token");
    const [change] = await Promise.all([
      findEmailChange(db, link, now),
      limit(c, [accountLimit(c)]),
    ]);
    const at = { now, link, origin: await originOf(c) };
    const { step, email } = await confirmEmailChange(db, change, at);
    const done = step === "changed";
    return respond(c, { page: () => <ChangeConfirmedPage {...{ site, email, done }} /> });
  });
