import { type Context, Hono } from "hono";
import { z } from "zod";
import { placeCategory } from "../../db/catalogue_order.ts";
import { notFound } from "../../db/problem.ts";
import {
  addCategory,
  type CategoryEdit,
  type CategoryRow,
  readWholeCatalogue,
  saveCategory,
} from "../../db/service_edits.ts";
import {
  CategoriesPage,
  CategoriesPanel,
  type CategoryLine,
} from "../../views/admin/categories.tsx";
import type { FormState } from "../../views/form.tsx";
import { showsCatalogueAnew } from "../catalogue_changes.ts";
import { byWhom, type Env } from "../context.ts";
import { form, orInvalid } from "../forms.ts";
import { allowed } from "../permissions.ts";
import { goTo, respond, wantsPart } from "../respond.ts";
import { placeForm } from "./places.ts";

const category = z.object({
  slug: z.string().max(100).optional(),
  name: z.string("Write the name.").trim().min(1, "Write the name.")
    .max(80, "Write at most 80 characters."),
  description: z.string("Write the description.").trim().min(1, "Write the description.")
    .max(300, "Write at most 300 characters."),
});

export const adminCategoryRoutes = new Hono<Env>()
  .use(allowed("services"), showsCatalogueAnew)
  .get("/", (c) => showCategories(c))
  .post("/", form(category, showCategories), async (c) => {
    const { slug, ...edit } = c.req.valid("form");
    const { db } = c.var;
    const [by, { categories }] = await Promise.all([byWhom(c), readWholeCatalogue(db)]);
    return await orInvalid({ slug, ...edit }, async () => {
      if (slug) await saveCategory(db, named(categories, slug), { edit, ...by });
      const added = slug ? undefined : await addCategory(db, edit, by);
      const lines = edited(categories, { ...edit, slug: added ?? slug ?? "" });
      return answer(c, { categories: lines, saved: slug ?? "", moved: added });
    }, (state) => showCategories(c, state));
  })
  .post("/:slug/place", placeForm, async (c) => {
    const { before } = c.req.valid("form");
    const { db } = c.var;
    const [by, { categories }] = await Promise.all([byWhom(c), readWholeCatalogue(db)]);
    const slug = c.req.param("slug");
    const order = await placeCategory(db, categories, { slug, before, ...by });
    return answer(c, { categories: order, moved: slug });
  });

function named(categories: CategoryRow[], slug: string): CategoryRow {
  const category = categories.find((category) => category.slug === slug);
  if (!category) throw notFound();
  return category;
}

/** The list as it is after `edit`, in its place or at the end. */
const edited = (lines: CategoryLine[], edit: CategoryEdit & { slug: string }): CategoryLine[] =>
  lines.some(({ slug }) => slug === edit.slug)
    ? lines.map((line) => line.slug === edit.slug ? edit : line)
    : [...lines, edit];

/** In place, so that the focus stays; a plain form is led to the list. */
function answer(c: Context<Env>, props: Parameters<typeof CategoriesPanel>[0]) {
  if (!wantsPart(c)) return goTo(c, "/admin/categories");
  const part = () => <CategoriesPanel {...props} />;
  return respond(c, { page: part, part });
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
