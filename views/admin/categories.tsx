import type { CategoryRow } from "../../db/service_edits.ts";
import { ErrorSummary, type FormState, Hidden, Input } from "../form.tsx";
import { Layout, type Site, type Who } from "../layout.tsx";

/** `wrong` is what was typed for the category of that slug; an empty one stands for a new category. */
type PanelProps = { categories: CategoryRow[]; wrong?: { slug: string; form: FormState } };

export function CategoriesPage({ site, who, ...panel }: PanelProps & { site: Site; who: Who }) {
  return (
    <Layout site={site} title="Categories" who={who} wide>
      <CategoriesPanel {...panel} />
    </Layout>
  );
}

export function CategoriesPanel({ categories, wrong }: PanelProps) {
  const stateOf = (slug: string, values: Record<string, string>) =>
    wrong?.slug === slug ? wrong.form : { values, errors: {} };
  return (
    <section id="categories" class="stack">
      <h1>Categories</h1>
      {categories.map(({ slug, name, description }) => (
        <CategoryForm slug={slug} title={name} form={stateOf(slug, { name, description })} />
      ))}
      <CategoryForm slug="" title="New category" form={stateOf("", {})} />
    </section>
  );
}

type FormProps = { slug: string; title: string; form: FormState };

function CategoryForm({ slug, title, form }: FormProps) {
  const wrong = Object.keys(form.errors).length > 0;
  const id = (field: string) => wrong ? field : `${field}-${slug || "new"}`;
  return (
    <details class="action" open={wrong}>
      <summary>{title}</summary>
      <form method="post" action="/admin/categories" class="stack">
        <ErrorSummary form={form} />
        <Input name="name" id={id("name")} label="Name" form={form} maxlength={80} required />
        <Input
          name="description"
          id={id("description")}
          label="Description"
          form={form}
          maxlength={300}
          required
        />
        <button type="submit">{slug ? "Save this category" : "Add this category"}</button>
        <Hidden name="slug" value={slug} />
      </form>
    </details>
  );
}
