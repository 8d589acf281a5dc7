import { type FormState, Input } from "./form.tsx";

type Props = { name?: string; label?: string; form: FormState };

/** Asks for the password that somebody has. */
export const PresentPassword = ({ name = "password", label = "Password", form }: Props) => (
  <Input {...{ name, label, form }} type="password" autocomplete="current-password" required />
);

/** Asks for a password that somebody will have. */
export const NewPassword = ({ name = "password", label = "Password", form }: Props) => (
  <Input
    {...{ name, label, form }}
    type="password"
    autocomplete="new-password"
    hint="8 characters or more. A sentence is easier to remember than a riddle."
    required
  />
);
