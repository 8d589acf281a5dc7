import type { Urgency } from "../db/schema.ts";
import type { Category, Service } from "../db/services.ts";
import { BookSummary, type SummaryProps } from "./book_summary.tsx";
import { Choices, ErrorSummary, type FormState, Hidden, Input, Select, TextArea } from "./form.tsx";
import { span } from "./format.tsx";
import { Layout, type Site, type Who } from "./layout.tsx";
import { NothingYet, priceOf } from "./services.tsx";

type BookProps = {
  site: Site;
  who?: Who;
  categories: Category[];
  form: FormState;
  /** Made once per page: sent twice, the form books once. */
  idempotencyKey: string;
  summary: SummaryProps;
};

export function BookPage(props: BookProps) {
  const { site, who } = props;
  return (
    <Layout {...{ site, who, about }} title="Book a service" path="/book" live>
      <h1>Book a service</h1>
      {props.categories.length > 0 ? <BookForm {...props} /> : <NothingYet />}
    </Layout>
  );
}

const about = "Say what you need. You pay when you have seen the price.";

function BookForm({ site, who, categories, form, idempotencyKey, summary }: BookProps) {
  return (
    <form method="post" action="/bookings" class="split book" data-draft="service urgency details">
      <div class="stack">
        <ErrorSummary form={form} />
        <Hidden name="idempotency_key" value={idempotencyKey} />
        <Need {...{ site, categories, form }} />
        <Urgencies form={form} summary={summary} />
        <Contact form={form} signedIn={who !== undefined} />
      </div>
      <aside class="card follow" aria-label="Your booking">
        <BookSummary {...summary} />
        <button type="submit" class="primary">Send this booking</button>
        <p class="hint">Booking costs nothing. You owe nothing until you pay.</p>
      </aside>
    </form>
  );
}

type NeedProps = { site: Site; categories: Category[]; form: FormState };

function Need(props: NeedProps) {
  return (
    <section class="group">
      <h2>What you need</h2>
      <ServiceSelect {...props} />
      <TextArea {...details} form={props.form} required />
    </section>
  );
}

const details = {
  name: "details",
  label: "Describe it",
  hint: "What should be different afterwards? Links, numbers and dates help us to answer fast.",
  maxlength: 5000,
  rows: 8,
};

function ServiceSelect({ site, categories, form }: NeedProps) {
  const options = categories.map((category) => Options({ site, category, form }));
  return (
    <Select name="service" label="Service" form={form} placeholder="Choose a service" required>
      {options}
    </Select>
  );
}

type OptionsProps = { site: Site; category: Category; form: FormState };

function Options({ site, category, form }: OptionsProps) {
  const option = (service: Service) => (
    <option value={service.slug} selected={service.slug === form.values.service}>
      {service.name} - {priceOf(site, service)}
    </option>
  );
  return <optgroup label={category.name}>{category.services.map(option)}</optgroup>;
}

function Urgencies({ form, summary }: { form: FormState; summary: SummaryProps }) {
  const choices = urgencies(summary);
  return (
    <div class="group">
      <Choices name="urgency" label="How urgent it is" {...{ form, choices }} required />
    </div>
  );
}

function urgencies({ hours, urgentHours }: SummaryProps) {
  const choices: Record<Urgency, [string, string]> = {
    low: ["Low", `Nothing waits for it. We answer within ${span(hours)}.`],
    medium: ["Medium", `It should happen soon. We answer within ${span(hours)}.`],
    high: ["High", `A date depends on it. We answer within ${span(urgentHours)}.`],
    urgent: [
      "Urgent",
      `Something stands still. We are told at once, and answer within ${span(urgentHours)}.`,
    ],
  };
  return Object.entries(choices).map(([value, [name, about]]) => ({ value, name, about }));
}

function Contact({ form, signedIn }: { form: FormState; signedIn: boolean }) {
  return (
    <section class="group">
      <h2>Who you are</h2>
      <div class="pair">
        <Input {...person.name} form={form} required />
        <Input {...person.email} form={form} required readonly={signedIn} />
        <Input {...person.phone} form={form} />
        <Input {...person.company} form={form} />
      </div>
      <ContactHint signedIn={signedIn} />
    </section>
  );
}

const person = {
  name: { name: "name", label: "Your name", autocomplete: "name", maxlength: 100 },
  email: { name: "email", label: "E-mail", type: "email", autocomplete: "email" },
  phone: { name: "phone", label: "Phone", type: "tel", autocomplete: "tel", maxlength: 40 },
  company: { name: "company", label: "Company", autocomplete: "organization", maxlength: 100 },
} as const;

function ContactHint({ signedIn }: { signedIn: boolean }) {
  if (signedIn) return <p class="hint">The e-mail address is the one of your account.</p>;
  return (
    <p class="hint">
      No account needed. Have one? <a href="/sign-in?next=/book">Sign in</a> and we fill this in.
    </p>
  );
}
