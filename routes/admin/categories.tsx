import { type Context, Hono } from "hono";
import { z } from "zod";
import {
  addCategory,
  type CategoryRow,
  readWholeCatalogue,
  saveCategory,
} from "../../db/service_edits.ts";
import { notFound } from "../../db/problem.ts";
import { CategoriesPage, CategoriesPanel } from "../../views/admin/categories.tsx";
import type { FormState } from "../../views/form.tsx";
import { actorOf, type Env } from "../context.ts";
import { form, orInvalid } from "../forms.ts";
import { allowed } from "../permissions.ts";
import { goTo, respond } from "../respond.ts";

const category = z.object({
  slug: z.string().max(100).optional(),
  name: z.string("Write the name.").trim().min(1, "Write the name.")
    .max(80, "Write at most 80 characters."),
  description: z.string("Write the description.").trim().min(1, "Write the description.")
    .max(300, "Write at most 300 characters."),
});

export const adminCategoryRoutes = new Hono<Env>()
  .use(allowed("services"))
  .get("/", (c) => showCategories(c))
  .post("/", form(category, showCategories), async (c) => {
    const { slug, ...edit } = c.req.valid("form");
    const { db, now } = c.var;
    const [who, { categories }] = await Promise.all([c.var.person, readWholeCatalogue(db)]);
    const by = { actor: actorOf(who), now };
    return await orInvalid({ slug, ...edit }, async () => {
      if (slug) await saveCategory(db, named(categories, slug), { edit, ...by });
      else await addCategory(db, edit, by);
      return goTo(c, "/admin/categories");
    }, (state) => showCategories(c, state));
  });

function named(categories: CategoryRow[], slug: string): CategoryRow {
  const category = categories.find((category) => category.slug === slug);
  if (!category) throw notFound();
  return category;
}

async function showCategories(c: Context<Env>, form?: FormState) {
  const { db, site } = c.var;
  const [who, { categories }] = await Promise.all([c.var.person, readWholeCatalogue(db)]);
  const props = { categories, wrong: form && { slug: form.values.slug ?? "", form } };
  return respond(c, {
    page: () => <CategoriesPage site={site} who={who} {...props} />,
    part: () => <CategoriesPanel {...props} />,
  }, form ? 422 : 200);
}
