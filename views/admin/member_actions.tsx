import type { Role } from "../../db/schema.ts";
import type { Member } from "../../db/team.ts";
import { Select } from "../form.tsx";
import { roleWord } from "./invitations.tsx";

type Props = { member: Member; roles: readonly Role[] };

/** What an owner may do about one of the team. */
export function MemberActions({ member, roles }: Props) {
  if (member.deactivatedAt !== null) {
    return <Button member={member} action="reactivation" label="Let them in again" />;
  }
  return (
    <details class="action">
      <summary>Change</summary>
      <div class="stack">
        <RoleForm member={member} roles={roles} />
        {member.totpConfirmedAt !== null && (
          <Button
            member={member}
            action="second-factor/removal"
            label="Turn the second factor off"
          />
        )}
        <Button member={member} action="sessions" label="Sign out everywhere" />
        <Button member={member} action="deactivation" label="Deactivate" danger />
      </div>
    </details>
  );
}

function RoleForm({ member, roles }: Props) {
  const { id, role: present } = member;
  return (
    <form method="post" action={`/admin/team/${id}/role`} class="stack">
      <Select
        name="role"
        id={`role-${id}`}
        label="Role"
        hint="They sign in again after a change."
        form={{ values: {}, errors: {} }}
        required
      >
        {roles.map((role) => (
          <option value={role} selected={role === present}>{roleWord(role)}</option>
        ))}
      </Select>
      <button type="submit">Save this role</button>
    </form>
  );
}

type ButtonProps = { member: Member; action: string; label: string; danger?: boolean };

const Button = ({ member, action, label, danger }: ButtonProps) => (
  <form method="post" action={`/admin/team/${member.id}/${action}`}>
    <button type="submit" class={danger ? "danger" : undefined}>{label}</button>
  </form>
);
