import { Choices, ErrorSummary, Input, Select, TextArea } from "../form.tsx";
import { Alert } from "../layout.tsx";
import { ServiceCard } from "../services.tsx";
import type { ComponentsProps } from "./page.tsx";
import { services } from "./samples.ts";

const filled = { values: { name: "Grace Holm", "right-details": "A page." }, errors: {} };
const wrong = {
  values: { email: "grace@" },
  errors: {
    email: "Write an e-mail address like name@example.com.",
    details: "Say what you need.",
    urgency: "Choose how urgent it is.",
  },
};

export const Fields = () => (
  <div class="split">
    <div class="stack">
      <Input name="name" label="Name" form={filled} hint="As it stands on the receipt." required />
      <Input name="phone" label="Phone" form={filled} type="tel" />
      <Input name="price" label="Price" form={filled} unit="USD" inputmode="decimal" required />
      <Input name="own" label="Your address" form={filled} readonly required />
      <Select name="service" label="Service" form={filled} required>
        <option>Landing page</option>
      </Select>
    </div>
    <div class="stack">
      <ErrorSummary form={wrong} />
      <Input name="email" label="E-mail" form={wrong} hint="Where we answer." required />
      <TextArea name="details" label="Describe it" form={wrong} maxlength={200} rows={3} required />
    </div>
  </div>
);

const choices = [
  { value: "low", name: "Low", about: "Nothing waits for it. We answer within 96 hours." },
  { value: "urgent", name: "Urgent", about: "Something is broken. We are told at once." },
];
const chosen = { values: { "how-urgent": "low" }, errors: {} };

export const Choosing = () => (
  <div class="stack">
    <Choices name="how-urgent" label="How urgent it is" form={chosen} choices={choices} />
    <Choices name="urgency" label="The same, left out" form={wrong} choices={choices} required />
  </div>
);

export const Notices = () => (
  <div class="stack">
    <Alert kind="good">Saved.</Alert>
    <Alert kind="info">
      <p>
        <b>Our note</b>
      </p>
      <p class="note">A second language is included.</p>
    </Alert>
    <Alert>This booking changed meanwhile. This is how it stands now.</Alert>
  </div>
);

export const Cards = ({ site }: ComponentsProps) => (
  <div class="grid">{services.map((service) => ServiceCard({ site, service }))}</div>
);
