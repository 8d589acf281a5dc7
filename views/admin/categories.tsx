import type { CategoryEdit } from "../../db/service_edits.ts";
import { emptyForm, ErrorSummary, type FormState, Hidden, inPlace, Input } from "../form.tsx";
import { Layout, type Site, type Who } from "../layout.tsx";
import { PlaceButtons } from "./place_buttons.tsx";

export type CategoryLine = CategoryEdit & { slug: string };
type PanelProps = {
  categories: CategoryLine[];
  /** What was typed for the category of that slug; an empty one stands for a new category. */
  wrong?: { slug: string; form: FormState };
  /** The slug of what was just saved, or moved; empty for one that was added. */
  saved?: string;
  moved?: string;
};

export function CategoriesPage({ site, who, ...panel }: PanelProps & { site: Site; who: Who }) {
  return (
    <Layout site={site} title="Categories" who={who} wide live>
      <CategoriesPanel {...panel} />
    </Layout>
  );
}

export function CategoriesPanel(props: PanelProps) {
  const { categories, moved, saved } = props;
  return (
    <section id="categories" class="stack">
      <p>
        <a href="/admin/services">All services</a>
      </p>
      <h1>Categories</h1>
      {categories.length === 0 && (
        <p class="empty">No category yet. The first one opens the catalogue.</p>
      )}
      <ol class="list">
        {categories.map((line, at) => (
          <li class={[moved, saved].includes(line.slug) ? "list-row changed" : "list-row"}>
            <CategoryForm {...props} line={line} />
            <PlaceButtons all={categories} at={at} path="/admin/categories" panel="categories" />
          </li>
        ))}
      </ol>
      <CategoryForm {...props} />
    </section>
  );
}

const URL = "/admin/categories";

/** Without a line the form is for a new category. */
function CategoryForm({ line, wrong, saved }: PanelProps & { line?: CategoryLine }) {
  const slug = line?.slug ?? "";
  const values: Record<string, string> = line ? { ...line } : {};
  const form = wrong?.slug === slug ? wrong.form : { ...emptyForm, values };
  const isWrong = Object.keys(form.errors).length > 0;
  return (
    <details class="action" open={isWrong || saved === slug}>
      <summary id={`category-${slug || "new"}`}>{line?.name ?? "New category"}</summary>
      <form method="post" action={URL} class="stack" {...inPlace(URL, "categories")}>
        <ErrorSummary form={form} />
        <Fields slug={slug} form={form} isWrong={isWrong} />
        <div class="cluster">
          <button type="submit" id={`save-${slug || "new"}`}>
            {slug ? "Save this category" : "Add this category"}
          </button>
          {saved === slug && <span role="status">{slug ? "Saved." : "Added."}</span>}
        </div>
        <Hidden name="slug" value={slug} />
      </form>
    </details>
  );
}

type FieldsProps = { slug: string; form: FormState; isWrong: boolean };

/** The names alone are ids where something is wrong: the summary leads there. */
function Fields({ slug, form, isWrong }: FieldsProps) {
  const id = (field: string) => isWrong ? field : `${field}-${slug || "new"}`;
  return (
    <>
      <Input name="name" id={id("name")} label="Name" form={form} maxlength={80} required />
      <Input
        name="description"
        id={id("description")}
        label="Description"
        form={form}
        maxlength={300}
        required
      />
    </>
  );
}
