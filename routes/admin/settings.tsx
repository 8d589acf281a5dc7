import { type Context, Hono } from "hono";
import { z } from "zod";
import { type AgencySettings, readSettings, saveSettings } from "../../db/settings.ts";
import { SettingsPage, SettingsPanel } from "../../views/admin/settings.tsx";
import { emptyForm, type FormState } from "../../views/form.tsx";
import { actorOf, type Env } from "../context.ts";
import { form } from "../forms.ts";
import { allowed } from "../permissions.ts";
import { goTo, respond } from "../respond.ts";
import { freshlyProven } from "../step_up.tsx";

const settings = z.object({
  second_factor: z.enum(["optional", "required"], "Choose one of the two."),
});

/** What the owners decide for everybody. */
export const settingsRoutes = new Hono<Env>()
  .use(allowed("settings"), freshlyProven)
  .get("/", (c) => settingsPage(c, emptyForm))
  .post("/", form(settings, settingsPage), async (c) => {
    const { db, now } = c.var;
    const [person, before] = await Promise.all([c.var.person, readSettings(db)]);
    const next = { requireSecondFactor: c.req.valid("form").second_factor === "required" };
    await saveSettings(db, next, { actor: actorOf(person), now, before });
    return goTo(c, "/admin/settings?saved=1");
  });

async function settingsPage(c: Context<Env>, form: FormState) {
  const { db, site } = c.var;
  const [who, now] = await Promise.all([c.var.person, readSettings(db)]);
  const state = form === emptyForm ? { values: typedOf(now), errors: {} } : form;
  const props = { form: state, saved: c.req.query("saved") === "1" };
  return respond(c, {
    page: () => <SettingsPage site={site} who={who} {...props} />,
    part: () => <SettingsPanel {...props} />,
  }, form === emptyForm ? 200 : 422);
}

const typedOf = ({ requireSecondFactor }: AgencySettings) => ({
  second_factor: requireSecondFactor ? "required" : "optional",
});
