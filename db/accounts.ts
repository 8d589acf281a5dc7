import { eq } from "drizzle-orm";
import { audited } from "./audit.ts";
import { commit, type Db } from "./client.ts";
import { subjectOf } from "./open_sessions.ts";
import { users } from "./schema.ts";
import type { Person } from "./sessions.ts";

type Profile = { name: string; phone: string | null; company: string | null };

/** Changes how a client is called and reached. The log says which fields, not what stands in them. */
export async function changeProfile(
  db: Db,
  person: Person & { kind: "client" },
  profile: Profile,
  now: number,
) {
  const fields = ["name", "phone", "company"] as const;
  const changed = fields.filter((field) => profile[field] !== person[field]).join(", ");
  if (!changed) return;
  await commit(db, [
    db.update(users).set(profile).where(eq(users.id, person.id)),
    audited(db, { actor: person, now }, {
      action: "profile_changed",
      subject: subjectOf(person),
      after: { changed },
    }),
  ]);
}
