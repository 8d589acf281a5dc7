import { type Context, Hono } from "hono";
import { z } from "zod";
import { amountText } from "../../db/money.ts";
import { type AgencySettings, readSettings, saveSettings } from "../../db/settings.ts";
import { SettingsPage, SettingsPanel } from "../../views/admin/settings.tsx";
import { emptyForm, type FormState } from "../../views/form.tsx";
import { showsCatalogueAnew } from "../catalogue_changes.ts";
import { actorOf, type Env } from "../context.ts";
import { form, orInvalid } from "../forms.ts";
import { allowed } from "../permissions.ts";
import { goTo, respond } from "../respond.ts";
import { freshlyProven } from "../step_up.tsx";
import { amountIn } from "./amounts.ts";

const settings = z.object({
  second_factor: z.enum(["optional", "required"], "Choose one of the two."),
  auto_approve_limit: z.string("Write one amount.").trim()
    .max(20, "Write the amount like 149.00.").optional(),
});

/** What the owners decide for everybody. */
export const settingsRoutes = new Hono<Env>()
  .use(allowed("settings"), freshlyProven)
  .get("/", (c) => settingsPage(c, emptyForm))
  .post("/", showsCatalogueAnew, form(settings, settingsPage), async (c) => {
    const { db, now } = c.var;
    const sent = c.req.valid("form");
    const [person, before] = await Promise.all([c.var.person, readSettings(db)]);
    return await orInvalid(sent, async () => {
      await saveSettings(db, chosen(c, sent, before), { actor: actorOf(person), now, before });
      return goTo(c, "/admin/settings?saved=1");
    }, (state) => settingsPage(c, state));
  });

/** Throws `invalid` that names the field. */
function chosen(
  c: Context<Env>,
  { second_factor: factor, auto_approve_limit: limit }: z.infer<typeof settings>,
  before: AgencySettings,
): AgencySettings {
  const { currency } = c.var.site.agency;
  const requireSecondFactor = factor === "required";
  if (limit === undefined) return { ...before, requireSecondFactor };
  const none = limit === "";
  const amount = () => amountIn({ auto_approve_limit: limit }, "auto_approve_limit", currency);
  return { requireSecondFactor, autoApproveLimitMinor: none ? null : amount() };
}

async function settingsPage(c: Context<Env>, form: FormState) {
  const { db, site } = c.var;
  const [who, now] = await Promise.all([c.var.person, readSettings(db)]);
  const { currency } = site.agency;
  const state = form === emptyForm ? { values: typedOf(now, currency), errors: {} } : form;
  const props = { form: state, currency, saved: c.req.query("saved") === "1" };
  return respond(c, {
    page: () => <SettingsPage site={site} who={who} {...props} />,
    part: () => <SettingsPanel {...props} />,
  }, form === emptyForm ? 200 : 422);
}

const typedOf = (now: AgencySettings, currency: string) => ({
  second_factor: now.requireSecondFactor ? "required" : "optional",
  auto_approve_limit: now.autoApproveLimitMinor === null
    ? ""
    : amountText(now.autoApproveLimitMinor, currency),
});
