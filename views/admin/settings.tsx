import { Choices, ErrorSummary, type FormState, Input } from "../form.tsx";
import { Alert, Layout, type Site, type Who } from "../layout.tsx";

type PanelProps = { form: FormState; currency: string; saved: boolean };

export function SettingsPage({ site, who, ...panel }: PanelProps & { site: Site; who: Who }) {
  return (
    <Layout site={site} title="Settings" who={who} wide>
      <SettingsPanel {...panel} />
    </Layout>
  );
}

const choices = [
  { value: "optional", name: "Optional", about: "Each admin decides for themselves." },
  {
    value: "required",
    name: "Required",
    about: "Whoever has none sets one up first and can do nothing else until then.",
  },
];

export function SettingsPanel({ form, currency, saved }: PanelProps) {
  return (
    <section id="settings" class="stack">
      <div class="list-head">
        <h1>Settings</h1>
        <p class="cluster">
          <a href="/admin/settings/brand">Your agency's face</a>
          <a href="/admin/replies">Canned replies</a>
          <a href="/admin/second-factor">Your second factor</a>
        </p>
      </div>
      {saved && <Alert kind="good">Saved.</Alert>}
      <ErrorSummary form={form} />
      <form method="post" action="/admin/settings" class="stack">
        <Choices
          name="second_factor"
          label="Second factor for admins"
          choices={choices}
          form={form}
          required
        />
        <Input
          name="auto_approve_limit"
          label="Highest price that approves itself"
          hint="A person answers every booking above it. Empty: no limit."
          unit={currency}
          form={form}
          inputmode="decimal"
          maxlength={20}
        />
        <button type="submit" class="primary">Save these settings</button>
      </form>
    </section>
  );
}
