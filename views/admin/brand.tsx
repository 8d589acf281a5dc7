import { ErrorSummary, Field, type FormState, Input, TextArea } from "../form.tsx";
import { homeWords } from "../home_hero.tsx";
import { Alert, type Brand, Layout, type Site, type Who } from "../layout.tsx";
import { hexOf } from "../colours.ts";
import { accentFor } from "../themes.ts";

type PanelProps = {
  form: FormState;
  /** The name of the environment, where none is given here. */
  defaultName: string;
  logo: Brand["logo"];
  accent: string | null;
  saved: boolean;
};

export function BrandPage({ site, who, ...panel }: PanelProps & { site: Site; who: Who }) {
  return (
    <Layout site={site} title="Your agency's face" who={who} wide>
      <BrandPanel {...panel} />
    </Layout>
  );
}

export function BrandPanel(props: PanelProps) {
  return (
    <section id="brand" class="stack">
      <p>
        <a href="/admin/settings">Settings</a>
      </p>
      <h1>Your agency's face</h1>
      {props.saved && <Alert kind="good">Saved. The public pages show it within seconds.</Alert>}
      <ErrorSummary form={props.form} />
      <div class="split">
        <TextsForm {...props} />
        <LogoForm {...props} />
      </div>
    </section>
  );
}

function TextsForm({ form, defaultName, accent }: PanelProps) {
  return (
    <form method="post" action="/admin/settings/brand" class="stack">
      <Input {...fields.name} hint={`Empty: ${defaultName}`} form={form} />
      <Input {...fields.accent} hint={<AccentHint accent={accent} />} form={form} />
      <Input {...fields.sentence} hint={`Empty: "${homeWords.sentence}"`} form={form} />
      <Input {...fields.line} hint={`Empty: "${homeWords.line}"`} form={form} />
      <TextArea {...fields.contact} form={form} />
      <TextArea {...fields.legal} form={form} />
      <button type="submit" class="primary">Save name, colour and words</button>
    </form>
  );
}

const fields = {
  name: { name: "name", label: "Name", maxlength: 60 },
  accent: { name: "accent", label: "Colour", maxlength: 7 },
  sentence: { name: "sentence", label: "What you do, and for whom", maxlength: 90 },
  line: { name: "line", label: "How it works, in one line", maxlength: 200 },
  contact: {
    ...{ name: "contact", label: "Contact", maxlength: 300, rows: 3 },
    hint: "At the foot of every page, beside your e-mail address: where you are, your phone.",
  },
  legal: {
    ...{ name: "legal", label: "Legal notice", maxlength: 5000, rows: 8 },
    hint:
      "A page of its own, linked at the foot of every page. Ask whoever advises you what it needs.",
  },
};

/** What became of the colour so that everybody can read it. */
function AccentHint({ accent }: { accent: string | null }) {
  if (accent === null) return <>Six digits, like #0b5560. Empty: our blue-green.</>;
  const [light, dark] = (["light", "dark"] as const)
    .map((scheme) => hexOf(accentFor(accent, scheme).accent));
  if (light === accent) return <>Shown as it is on light pages, and as {dark} on dark ones.</>;
  return (
    <>
      Shown as {light} on light pages and {dark} on dark ones, so that it can be read everywhere.
    </>
  );
}

function LogoForm({ form, logo }: PanelProps) {
  return (
    <div class="card">
      <h2>Logo</h2>
      {logo ? <img class="logo" alt="Your logo" {...logo} /> : <p>The name stands alone.</p>}
      <form
        method="post"
        action="/admin/settings/brand/logo"
        enctype="multipart/form-data"
        class="stack"
      >
        <Field {...picture} form={form} required>
          <input
            type="file"
            id="file"
            name="file"
            accept=".png,.jpg,.jpeg,.webp"
            required
            aria-describedby={form.errors.file ? "file-hint file-error" : "file-hint"}
          />
        </Field>
        <button type="submit">Show this picture</button>
      </form>
      {logo && <Removal />}
    </div>
  );
}

const picture = {
  ...{ name: "file", label: "Picture" },
  hint: "PNG, JPEG or WebP, 200 KB at most. It stands 32 pixels high before your name.",
};

const Removal = () => (
  <form method="post" action="/admin/settings/brand/logo/removal">
    <button type="submit" class="danger">Remove the logo</button>
  </form>
);
