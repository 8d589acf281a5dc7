import type { Role } from "./schema.ts";

const everyone: Role[] = ["owner", "manager", "agent"];
const managers: Role[] = ["owner", "manager"];

/**
 * What each role may do. Bookings, payments and mails that an agent may see are those of the bookings assigned
 * to them: that is a condition of the queries, not a line here.
 */
const permissions = {
  /** Read, decide and carry out bookings, and write in their chats. */
  bookings: everyone,
  /** Say who looks after a booking. */
  assignment: managers,
  /** Confirm, refuse and record payments. */
  payments: managers,
  /** Send a mail again. */
  emails: managers,
  /** Change the catalogue. */
  services: managers,
  /** Change the answers that all may use in a chat. */
  replies: managers,
  /** See what the clock does, and run a job now. */
  jobs: managers,
  /** Read who did what. */
  audit: managers,
  team: ["owner"],
  settings: ["owner"],
} satisfies Record<string, Role[]>;

export type Permission = keyof typeof permissions;

export function may(role: Role, what: Permission): boolean {
  const allowed: readonly Role[] = permissions[what];
  return allowed.includes(role);
}

/** All that a role may do, for pages that show only what can be used. */
export const permissionsOf = (role: Role): Permission[] =>
  (Object.keys(permissions) as Permission[]).filter((what) => may(role, what));
