import type { FormState } from "../form.tsx";
import { Alert } from "../layout.tsx";

/** The form that takes a bank statement; open where there is nothing else to do with one. */
export function StatementUpload({ form, open }: { form: FormState; open: boolean }) {
  const error = form.errors.file;
  return (
    <details class="action" open={open || error !== undefined}>
      <summary>Upload a bank statement</summary>
      <form
        class="stack"
        method="post"
        action="/admin/payments/statements"
        enctype="multipart/form-data"
      >
        {error && <Alert>{error}</Alert>}
        <div class="field">
          <label for="statement">Statement</label>
          <p class="hint" id="statement-hint">
            CAMT.053 or CSV, 1 MB and 5,000 credits at most. A line that is here already is not
            added again.
          </p>
          <input
            type="file"
            id="statement"
            name="file"
            accept=".xml,.csv,.txt"
            required
            aria-describedby="statement-hint"
          />
        </div>
        <button type="submit">Read this statement</button>
      </form>
    </details>
  );
}
