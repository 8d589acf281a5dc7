import type { Child } from "hono/jsx";
import { type FormState, Input } from "./form.tsx";
import { NewPassword, PresentPassword } from "./passwords.tsx";

type FormProps = { form: FormState; base: string };

/** How a client is called and reached. */
export function ProfileForm({ form, base }: FormProps) {
  return (
    <Section title="About you" action={`${base}/profile`} button="Save">
      <Input name="name" label="Name" autocomplete="name" maxlength={100} form={form} required />
      <Input
        name="phone"
        label="Phone"
        type="tel"
        inputmode="tel"
        autocomplete="tel"
        maxlength={40}
        form={form}
      />
      <Input
        name="company"
        label="Company"
        autocomplete="organization"
        maxlength={100}
        form={form}
      />
    </Section>
  );
}

/** A password is changed by whoever knows the present one. The address tells a password manager whose it is. */
export function PasswordForm({ form, base, email }: FormProps & { email: string }) {
  return (
    <Section title="Password" action={`${base}/password`} button="Change the password">
      <input type="hidden" name="username" value={email} autocomplete="username" />
      <PresentPassword name="current_password" label="Present password" form={form} />
      <NewPassword label="New password" form={form} />
      <p class="hint">Every other session of yours ends. This one goes on.</p>
    </Section>
  );
}

export function EmailForm({ form, base, email }: FormProps & { email: string }) {
  return (
    <Section title="E-mail" action={`${base}/email`} button="Change the address">
      <p>
        Your address is{" "}
        <strong>{email}</strong>. We send a link to it and to the new one. The address changes when
        you have opened both.
      </p>
      <Input
        name="email"
        label="New address"
        type="email"
        autocomplete="email"
        maxlength={254}
        form={form}
        required
      />
      <PresentPassword name="email_password" form={form} />
    </Section>
  );
}

type SectionProps = { title: string; action: string; button: string; children: Child };

const Section = ({ title, action, button, children }: SectionProps) => (
  <form method="post" action={action} class="card stack">
    <h2>{title}</h2>
    {children}
    <button type="submit">{button}</button>
  </form>
);
