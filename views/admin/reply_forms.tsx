import { ErrorSummary, type FormState, Hidden, Input, TextArea } from "../form.tsx";

type FormProps = { id: string; title: string; form: FormState };

/** One reply to change or remove, or a new one; closed until it is wanted. */
export function ReplyForm({ id, title, form }: FormProps) {
  const wrong = Object.keys(form.errors).length > 0;
  const named = (field: string) => wrong ? field : `${field}-${id || "new"}`;
  return (
    <details class="action" open={wrong}>
      <summary>
        {title}
        {id && <span class="hint">{opening(form.values.body)}</span>}
      </summary>
      <form method="post" action="/admin/replies" class="stack">
        <ErrorSummary form={form} />
        <Input
          name="slug"
          id={named("slug")}
          label="Name"
          {...{ form, hint }}
          maxlength={41}
          required
        />
        <TextArea
          name="body"
          id={named("body")}
          label="Text"
          form={form}
          maxlength={2000}
          required
        />
        <button type="submit">{id ? "Save this reply" : "Add this reply"}</button>
        <Hidden name="id" value={id} />
      </form>
      {id && (
        <form method="post" action={`/admin/replies/${id}/removal`}>
          <button type="submit" class="danger quiet">Remove this reply</button>
        </form>
      )}
    </details>
  );
}

/** As much of a text as stands in a line. */
const opening = (text = "") => text.length > 90 ? text.slice(0, 90).replace(/\s*\S*$/, "…") : text;

const hint = "Small letters, digits and hyphens, such as thanks.";
