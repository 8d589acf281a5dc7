import type { CategoryRow } from "../../db/service_edits.ts";
import type { Service } from "../../db/services.ts";
import {
  Choices,
  ErrorSummary,
  type FormState,
  inPlace,
  Input,
  Select,
  TextArea,
} from "../form.tsx";
import { serviceWord } from "../status.tsx";
import { Layout, type Site, type Who } from "../layout.tsx";

type FormProps = {
  /** The name it has now; none for a new one. */
  name?: string;
  action: string;
  form: FormState;
  categories: CategoryRow[];
  states: readonly Service["state"][];
  currency: string;
  /** What the form shows was saved a moment ago. */
  saved?: boolean;
};

export function ServiceFormPage({ site, who, ...props }: FormProps & { site: Site; who: Who }) {
  return (
    <Layout site={site} title={props.name ?? "New service"} who={who} wide live>
      <ServiceFormPanel {...props} />
    </Layout>
  );
}

export function ServiceFormPanel(props: FormProps) {
  const { name, action, form, saved } = props;
  return (
    <section id="service" class="stack">
      <p>
        <a href="/admin/services">All services</a>
      </p>
      <h1>{name ?? "New service"}</h1>
      <p class="hint">Bookings that were made keep the name and price they were made with.</p>
      <ErrorSummary form={form} />
      <form method="post" action={action} class="stack" {...inPlace(action, "service")}>
        <Words form={form} />
        <Terms {...props} />
        <Approval form={form} />
        <div class="cluster">
          <button type="submit" class="primary" id="save-service">
            {name ? "Save this service" : "Add this service"}
          </button>
          {saved && <span role="status">Saved.</span>}
        </div>
      </form>
    </section>
  );
}

function Words({ form }: Pick<FormProps, "form">) {
  return (
    <>
      <Input name="name" label="Name" form={form} maxlength={80} required />
      <Input
        name="summary"
        label="Summary"
        hint="One sentence: it stands on the service's card."
        form={form}
        maxlength={200}
        required
      />
      <TextArea
        name="description"
        label="What they get"
        hint="On the service's page. Each line is a paragraph."
        form={form}
        maxlength={4000}
        required
      />
      <TextArea
        name="needs"
        label="What we need from them"
        hint="They read it before they book, so that work can begin at once."
        form={form}
        maxlength={2000}
        rows={3}
        required
      />
    </>
  );
}

const choices = [
  { value: "yes", name: "Yes", about: "At its price, when its time is over and nobody answered." },
  { value: "no", name: "No", about: "A person answers every booking of it." },
];

function Approval({ form }: Pick<FormProps, "form">) {
  const values = { approves_itself: "yes", ...form.values };
  return (
    <>
      <Choices
        name="approves_itself"
        label="Does a booking approve itself?"
        choices={choices}
        form={{ ...form, values }}
      />
      <Input
        name="approve_after_hours"
        label="Hours until then"
        hint="From 24 to 240. Empty: the usual ones, sooner when it is urgent."
        form={form}
        inputmode="numeric"
        maxlength={3}
      />
    </>
  );
}

function Terms({ form, categories, states, currency }: FormProps) {
  const price = { hint: "Empty: priced after review.", unit: currency, maxlength: 20 };
  return (
    <>
      <Input name="price" label="Price" form={form} inputmode="decimal" {...price} />
      <Input
        name="days"
        label="Days to deliver"
        hint="From 1 to 365, counted from the payment."
        form={form}
        inputmode="numeric"
        maxlength={3}
        required
      />
      <Select name="category" label="Category" form={form} required>
        {categories.map(({ slug, name }) => (
          <option value={slug} selected={slug === form.values.category}>{name}</option>
        ))}
      </Select>
      <Select
        name="state"
        label="State"
        hint="Hidden: nobody finds it. Archived: its page says that it is no longer offered."
        form={form}
        required
      >
        {states.map((state) => (
          <option value={state} selected={state === form.values.state}>{serviceWord(state)}</option>
        ))}
      </Select>
    </>
  );
}
