import { assertEquals } from "@std/assert";
import { may, type Permission, permissionsOf } from "../../db/permissions.ts";
import { roles } from "../../db/schema.ts";

/** Written down once more: a change of who may do what is made on purpose. */
const table: Record<Permission, string> = {
  bookings: "owner manager agent",
  assignment: "owner manager",
  payments: "owner manager",
  emails: "owner manager",
  services: "owner manager",
  replies: "owner manager",
  jobs: "owner manager",
  audit: "owner manager",
  team: "owner",
  settings: "owner",
};

Deno.test("asvs V8.1.1: each role may do what the table says and nothing else", () => {
  for (const what of Object.keys(table) as Permission[]) {
    assertEquals([what, roles.filter((role) => may(role, what)).join(" ")], [what, table[what]]);
  }
  assertEquals(permissionsOf("owner").sort(), (Object.keys(table) as Permission[]).sort());
  assertEquals(permissionsOf("agent"), ["bookings"]);
});
