import type { Child, PropsWithChildren } from "hono/jsx";

/** What was typed and what is wrong with it, by field name. */
export type FormState = { values: Record<string, string>; errors: Record<string, string> };
export const emptyForm: FormState = { values: {}, errors: {} };

/** What makes the answer of a form at `url` take the place of the box `id`; without a script it is a page. */
export const inPlace = (url: string, id: string) => ({
  ...{ "data-hx-post": url, "data-hx-target": `#${id}`, "data-hx-swap": "outerHTML" },
});

type FieldProps = {
  name: string;
  label: string;
  form: FormState;
  hint?: Child;
  required?: boolean;
  /** Makes ids unique where one page has the same form more than once. */
  id?: string;
};

type InputProps = FieldProps & {
  type?: "text" | "email" | "password" | "tel" | "date" | "search";
  autocomplete?: string;
  maxlength?: number;
  inputmode?: "decimal" | "numeric" | "email" | "tel";
  readonly?: boolean;
  /** Words behind the field, such as a currency. */
  unit?: string;
};

export function Input(props: InputProps) {
  const { name, form, type = "text", autocomplete, maxlength, inputmode, required, readonly } =
    props;
  return (
    <Field {...props}>
      <span class={props.unit ? "with-unit" : undefined}>
        {props.unit && <span class="unit">{props.unit}</span>}
        <input
          {...marks(props)}
          {...{ name, type, autocomplete, maxlength, inputmode, required, readonly }}
          value={type === "password" ? undefined : form.values[name]}
        />
      </span>
    </Field>
  );
}

export function TextArea(props: FieldProps & { maxlength: number; rows?: number }) {
  const { name, form, maxlength, rows = 6, required } = props;
  return (
    <Field {...props}>
      <textarea {...marks(props)} {...{ name, maxlength, rows, required }}>
        {form.values[name]}
      </textarea>
    </Field>
  );
}

/** Where nothing is chosen to begin with, `placeholder` asks for it. */
export function Select(props: PropsWithChildren<FieldProps & { placeholder?: string }>) {
  const { name, placeholder } = props;
  const required = placeholder !== undefined && props.required;
  return (
    <Field {...props}>
      <select {...marks(props)} {...{ name, required }}>
        {placeholder && <option value="">{placeholder}</option>}
        {props.children}
      </select>
    </Field>
  );
}

type Choice = { value: string; name: string; about?: Child };

type ChoicesProps = FieldProps & { choices: Choice[] };

/** One of a few, each with what it means: radio buttons as cards. */
export function Choices(props: ChoicesProps) {
  const { name, id = name, label, hint, form, choices } = props;
  const error = form.errors[name];
  const { "aria-describedby": described } = marks(props);
  return (
    <fieldset aria-describedby={described} class={error ? "wrong" : undefined}>
      <legend>{label}</legend>
      {hint && <p class="hint" id={`${id}-hint`}>{hint}</p>}
      <div class="choices">{choices.map((choice, at) => Card(props, choice, at))}</div>
      {error && <p class="error" id={`${id}-error`}>{error}</p>}
    </fieldset>
  );
}

/** The first card has the field's own id, where the error summary leads. */
function Card({ name, id = name, form, required }: ChoicesProps, choice: Choice, at: number) {
  const { value, about } = choice;
  const own = at === 0 ? id : `${id}-${value}`;
  const checked = form.values[name] === value;
  return (
    <label class="choice">
      <input type="radio" id={own} {...{ name, value, required, checked }} />
      <span class="choice-name">{choice.name}</span>
      {about && <span class="choice-about">{about}</span>}
    </label>
  );
}

export function Field(props: PropsWithChildren<FieldProps>) {
  const { label, hint, required, form, name, children } = props;
  const id = props.id ?? name;
  const error = form.errors[name];
  return (
    <div class={error ? "field wrong" : "field"}>
      <label for={id}>
        {label}
        {!required && <span class="optional">optional</span>}
      </label>
      {hint && <p class="hint" id={`${id}-hint`}>{hint}</p>}
      {children}
      {error && <p class="error" id={`${id}-error`}>{error}</p>}
    </div>
  );
}

function marks({ name, id = name, form, hint }: FieldProps) {
  const wrong = form.errors[name] !== undefined;
  const described = [hint && `${id}-hint`, wrong && `${id}-error`].filter(Boolean).join(" ");
  return { id, "aria-describedby": described || undefined, "aria-invalid": wrong || undefined };
}

/** All errors on top of the form, each a link to its field. */
export function ErrorSummary({ form }: { form: FormState }) {
  const errors = Object.entries(form.errors);
  if (errors.length === 0) return null;
  const count = errors.length === 1 ? "One thing needs" : `${errors.length} things need`;
  return (
    <div class="alert bad error-summary" role="alert" tabindex={-1} autofocus>
      <p>
        <strong>{count} another look</strong>
      </p>
      <ul>{errors.map(ErrorLink)}</ul>
    </div>
  );
}

const ErrorLink = ([name, message]: [string, string]) => (
  <li>
    <a href={`#${name}`}>{message}</a>
  </li>
);

export function Hidden({ name, value }: { name: string; value: string | number }) {
  return <input type="hidden" name={name} value={String(value)} />;
}
