import type { Invitation } from "../../db/invitations.ts";
import type { Role } from "../../db/schema.ts";
import { Choices, type FormState, Hidden, Input } from "../form.tsx";
import { MailState } from "../status.tsx";
import { Table, TimeCell } from "./tables.tsx";

const about: Record<Role, string> = {
  owner: "Everything, the team and the settings too.",
  manager: "All bookings, payments, mails and services.",
  agent: "Only the bookings given to them: review, chat, carry out.",
};

/** "Owner" */
export const roleWord = (role: Role) => role.replace(/^./, (letter) => letter.toUpperCase());

/** Asks somebody to join; the least powerful role comes first. */
export function InvitationForm({ form, roles }: { form: FormState; roles: readonly Role[] }) {
  const choices = roles.toReversed().map((role) => ({
    value: role,
    name: roleWord(role),
    about: about[role],
  }));
  return (
    <section class="section stack" id="invite">
      <h2>Invite somebody</h2>
      <form method="post" action="/admin/team/invitations" class="stack">
        <Input
          name="email"
          type="email"
          label="E-mail"
          hint="They get a link to choose a name and a password."
          form={form}
          maxlength={254}
          required
        />
        <Choices name="role" label="Role" choices={choices} form={form} required />
        <button type="submit" class="primary">Send the invitation</button>
      </form>
    </section>
  );
}

type TableProps = { invitations: Invitation[]; now: number; zone: string };

export function InvitationTable({ invitations, now, zone }: TableProps) {
  return (
    <section class="section stack" id="invitations">
      <h2>Not accepted yet</h2>
      <p class="hint">Each link works for 72 hours, once. Inviting somebody again replaces it.</p>
      <Table columns={["E-mail", "Role", "Invited", "Mail", "Action"]}>
        {invitations.map(({ email, role, status, at }) => (
          <tr>
            <th scope="row">{email}</th>
            <td>{roleWord(role)}</td>
            <TimeCell at={at} now={now} zone={zone} />
            <td>
              <MailState status={status} />
            </td>
            <td class="actions">
              <form method="post" action="/admin/team/invitations/withdrawal">
                <Hidden name="email" value={email} />
                <button type="submit" class="danger">Withdraw</button>
              </form>
            </td>
          </tr>
        ))}
      </Table>
    </section>
  );
}
