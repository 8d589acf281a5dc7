import { type Context, Hono } from "hono";
import { z } from "zod";
import { placeService } from "../../db/catalogue_order.ts";
import { amountText } from "../../db/money.ts";
import { Problem } from "../../db/problem.ts";
import { serviceStates } from "../../db/schema.ts";
import {
  addService,
  type CategoryRow,
  findServiceToEdit,
  readWholeCatalogue,
  saveService,
  type ServiceEdit,
} from "../../db/service_edits.ts";
import type { Service } from "../../db/services.ts";
import { ServiceFormPage, ServiceFormPanel } from "../../views/admin/service_form.tsx";
import { AdminServicesPage, AdminServicesPanel } from "../../views/admin/services.tsx";
import { emptyForm, type FormState } from "../../views/form.tsx";
import { showsCatalogueAnew } from "../catalogue_changes.ts";
import { byWhom, type Env } from "../context.ts";
import { form, orInvalid } from "../forms.ts";
import { allowed } from "../permissions.ts";
import { goTo, respond, wantsPart } from "../respond.ts";
import { amountIn } from "./amounts.ts";
import { placeForm } from "./places.ts";

const words = (most: number, missing: string) =>
  z.string(missing).trim().min(1, missing).max(most, `Write at most ${most} characters.`);
const hours = "Write whole hours from 24 to 240, or nothing.";
const wholeHours = z.coerce.number(hours).int(hours).min(24, hours).max(240, hours);
const service = z.object({
  name: words(80, "Write the name."),
  summary: words(200, "Write the summary."),
  description: words(4000, "Write what they get."),
  needs: words(2000, "Write what we need from them."),
  price: z.string().trim().max(20, "Write the amount like 149.00.").optional(),
  days: z.coerce.number("Write a number of days.").int("Write whole days.")
    .min(1, "Write at least 1 day.").max(365, "Write at most 365 days."),
  category: z.string("Choose a category."),
  approves_itself: z.enum(["yes", "no"], "Choose one of the two.").default("yes"),
  approve_after_hours: z.union([z.literal(""), wholeHours]).optional(),
  state: z.enum(serviceStates, "Choose one of the states."),
});
type Sent = z.infer<typeof service>;
/** Nonsense in an address narrows nothing. */
const listed = z.object({ state: z.enum(serviceStates).optional().catch(undefined) });

export const adminServiceRoutes = new Hono<Env>()
  .use(allowed("services"), showsCatalogueAnew)
  .get("/", async (c) => {
    const { db, site } = c.var;
    const [who, catalogue] = await Promise.all([c.var.person, readWholeCatalogue(db)]);
    const { state } = listed.parse(c.req.query());
    const props = { ...catalogue, state, states: serviceStates, currency: site.agency.currency };
    return respond(c, {
      page: () => <AdminServicesPage site={site} who={who} {...props} />,
      part: () => <AdminServicesPanel {...props} />,
    });
  })
  .get("/new", (c) => showNew(c, emptyForm))
  .post("/", form(service, showNew), async (c) => {
    const sent = c.req.valid("form");
    const { db } = c.var;
    const [by, { categories }] = await Promise.all([byWhom(c), readWholeCatalogue(db)]);
    return await orInvalid(sent, async () => {
      const edit = editOf(c, sent, categories);
      const slug = await addService(db, edit, by);
      return goTo(c, `/admin/services/${slug}`);
    }, (state) => showNew(c, state));
  })
  .get("/:slug", (c) => showService(c))
  .post("/:slug", form(service, showService), async (c) => {
    const sent = c.req.valid("form");
    const { db } = c.var;
    const [by, found] = await Promise.all([byWhom(c), findServiceToEdit(db, slugIn(c))]);
    return await orInvalid(sent, async () => {
      const edit = editOf(c, sent, found.categories);
      await saveService(db, found.service, { edit, ...by });
      if (!wantsPart(c)) return goTo(c, "/admin/services");
      return await showSaved(c, { ...found.service, ...edit }, found.categories);
    }, (state) => showService(c, state));
  })
  .post("/:slug/place", placeForm, async (c) => {
    const { db, site } = c.var;
    const [by, { categories, services }] = await Promise.all([byWhom(c), readWholeCatalogue(db)]);
    const slug = slugIn(c);
    const { categoryId } = services.find((service) => service.slug === slug) ?? {};
    const own = services.filter((service) => service.categoryId === categoryId);
    const order = await placeService(db, own, { ...c.req.valid("form"), slug, ...by });
    if (!wantsPart(c)) return goTo(c, "/admin/services");
    const { currency } = site.agency;
    const others = services.filter((service) => service.categoryId !== categoryId);
    const moved = { categories, services: [...others, ...order], changed: slug };
    const part = () => <AdminServicesPanel {...moved} states={serviceStates} currency={currency} />;
    return respond(c, { page: part, part });
  });

const slugIn = (c: Context<Env>) => c.req.param("slug") ?? "";

/** Throws `invalid` that names the field. */
function editOf(c: Context<Env>, sent: Sent, categories: CategoryRow[]): ServiceEdit {
  const { days: deliveryDays, category, price = "", ...others } = sent;
  const { approves_itself: itself, approve_after_hours: after, ...rest } = others;
  const categoryId = categories.find(({ slug }) => slug === category)?.id;
  if (!categoryId) throw new Problem("invalid", "Choose one of the categories.", "category");
  const { currency } = c.var.site.agency;
  const priceMinor = price === "" ? null : amountIn({ price }, "price", currency);
  const approval = { approvesItself: itself === "yes", approveAfterHours: after || null };
  return { ...rest, ...approval, deliveryDays, categoryId, priceMinor };
}

async function showNew(c: Context<Env>, form: FormState) {
  const [, { categories }] = await Promise.all([c.var.person, readWholeCatalogue(c.var.db)]);
  return await showForm(c, { form, categories, action: "/admin/services" });
}

async function showService(c: Context<Env>, form?: FormState) {
  const [, { service, categories }] = await Promise.all([
    c.var.person,
    findServiceToEdit(c.var.db, slugIn(c)),
  ]);
  const values = valuesOf(service, { categories, currency: c.var.site.agency.currency });
  const shown = { name: service.name, action: `/admin/services/${service.slug}`, categories };
  return await showForm(c, { ...shown, form: form ?? { values, errors: {} } });
}

/** The form again where it stands, with what was saved. */
function showSaved(c: Context<Env>, service: Service, categories: CategoryRow[]) {
  const values = valuesOf(service, { categories, currency: c.var.site.agency.currency });
  const shown = { name: service.name, action: `/admin/services/${service.slug}`, categories };
  return showForm(c, { ...shown, form: { values, errors: {} }, saved: true });
}

type Shown = {
  name?: string;
  action: string;
  form: FormState;
  categories: CategoryRow[];
  saved?: boolean;
};

async function showForm(c: Context<Env>, shown: Shown) {
  const { site } = c.var;
  const props = { ...shown, states: serviceStates, currency: site.agency.currency };
  const who = await c.var.person;
  const page = () => <ServiceFormPage site={site} who={who} {...props} />;
  const part = () => <ServiceFormPanel {...props} />;
  return respond(c, { page, part }, Object.keys(shown.form.errors).length > 0 ? 422 : 200);
}

function valuesOf(
  { priceMinor, deliveryDays, categoryId, ...service }: Service,
  { categories, currency }: { categories: CategoryRow[]; currency: string },
): Record<string, string> {
  const { name, summary, description, needs, state } = service;
  const category = categories.find(({ id }) => id === categoryId)?.slug ?? "";
  const price = priceMinor === null ? "" : amountText(priceMinor, currency);
  return {
    ...{ name, summary, description, needs, state, category, price, days: String(deliveryDays) },
    approves_itself: service.approvesItself ? "yes" : "no",
    approve_after_hours: String(service.approveAfterHours ?? ""),
  };
}
