import type { Invitation } from "../../db/invitations.ts";
import type { Role } from "../../db/schema.ts";
import type { Member, MemberFilter } from "../../db/team.ts";
import { ErrorSummary, type FormState } from "../form.tsx";
import { Alert, Layout, type Site, type Who } from "../layout.tsx";
import { InvitationForm, InvitationTable, roleWord } from "./invitations.tsx";
import { FilterLinks } from "./list_filters.tsx";
import { MemberActions } from "./member_actions.tsx";
import { Table, TimeCell } from "./tables.tsx";

type PanelProps = {
  query: MemberFilter;
  members: Member[];
  invitations: Invitation[];
  roles: readonly Role[];
  /** What was typed into the invitation. */
  form: FormState;
  notice?: string;
  now: number;
  zone: string;
};

export function TeamPage({ site, who, ...panel }: PanelProps & { site: Site; who: Who }) {
  return (
    <Layout site={site} title="Team" who={who} wide>
      <TeamPanel {...panel} />
    </Layout>
  );
}

export function TeamPanel(props: PanelProps) {
  const { invitations, form, notice, now, zone } = props;
  return (
    <section id="team" class="stack">
      <h1>Team</h1>
      {notice && <Alert>{notice}</Alert>}
      <ErrorSummary form={form} />
      <Filters {...props} />
      <MemberTable {...props} />
      <InvitationForm {...props} />
      {invitations.length > 0 && <InvitationTable {...{ invitations, now, zone }} />}
    </section>
  );
}

const PATH = "/admin/team";
const states: [string, string][] = [["active", "Works here"], ["deactivated", "Deactivated"]];

function Filters({ query, roles }: PanelProps) {
  const options = roles.toReversed().map((role): [string, string] => [role, roleWord(role)]);
  return (
    <div class="filter-row">
      <FilterLinks {...{ path: PATH, query, name: "role", label: "Role", options }} />
      <FilterLinks {...{ path: PATH, query, name: "state", label: "State", options: states }} />
    </div>
  );
}

const columns = ["Name", "Role", "Second factor", "Since", "Action"];

function MemberTable({ members, ...shown }: PanelProps) {
  if (members.length === 0) return <Nobody />;
  return <Table columns={columns}>{members.map((member) => Row({ member, ...shown }))}</Table>;
}

const Nobody = () => (
  <p class="empty">
    Nobody of the team is like that. <a href={PATH}>Show everybody</a>
  </p>
);

function Row(
  { member, roles, now, zone }: Omit<PanelProps, "members" | "query"> & { member: Member },
) {
  const { id, name, email, role, totpConfirmedAt, deactivatedAt, createdAt } = member;
  return (
    <tr data-member-id={id} data-role={role}>
      <th scope="row">
        {name}
        <div class="hint">{email}</div>
      </th>
      <td>
        {roleWord(role)}
        {deactivatedAt !== null && <div class="hint">deactivated</div>}
      </td>
      <td>{totpConfirmedAt === null ? "not set up" : "in force"}</td>
      <TimeCell at={createdAt} now={now} zone={zone} />
      <td class="actions">
        <MemberActions member={member} roles={roles} />
      </td>
    </tr>
  );
}
