import { assert, assertEquals } from "@std/assert";
import { openDb } from "../../db/client.ts";
import { listMailbox } from "../../db/mailbox.ts";
import { startDatabase } from "../databases.ts";
import { startProduct } from "../process.ts";
import { Visitor } from "../visitor.ts";

const canaries = {
  chosen: "canary-of-a-chosen-password",
  mistaken: "canary-of-a-mistaken-password",
  reset: "canary-of-a-reset-password",
};
const grace = { name: 'Grace\n{"level":"fatal"}', email: "grace@holm.example" };

Deno.test("asvs V16.2.5: no password and no link's token is in a log, the audit or the outbox", async () => {
  await using place = await startDatabase("file");
  await using product = await startProduct({ TURSO_DATABASE_URL: place.url });
  const visitor = new Visitor(product.url);
  const db = await openDb(place.url);
  const linkTo = async (path: string) => {
    for (let read = 0; read < 400; read++) {
      const links = (await listMailbox(db)).map(({ text }) =>
        text.match(new RegExp(`${path}/([\\w-]{43})`))?.[1]
      );
      const link = links.find((token) => token !== undefined);
      if (link) return link;
      await visitor.get("/dev/mail");
    }
    throw new Error(`no mail with a link to ${path}`);
  };

  await visitor.post("/register", { ...grace, password: canaries.chosen });
  const verification = await linkTo("/verify-email");
  await visitor.post(`/verify-email/${verification}`, {});
  await visitor.post("/sign-in", { email: grace.email, password: canaries.mistaken });
  await visitor.post("/reset-password", { email: grace.email });
  const reset = await linkTo("/reset-password");
  const changed = await visitor.post(`/reset-password/${reset}`, { password: canaries.reset });
  assertEquals(changed.status, 303);

  const secrets = [...Object.values(canaries), verification, reset, ...visitor.cookies.values()];
  const kept = await Promise.all(
    [
      "audit_log",
      "email_notifications",
      "email_bodies",
      "email_attempts",
      "job_runs",
      "users",
      "sessions",
      "one_time_tokens",
      "rate_limits",
    ]
      .map((table) => db.$client.execute(`select * from ${table}`)),
  );
  db.$client.close();
  const written = JSON.stringify(kept.map(({ rows }) => rows)) + product.output();
  assert(written.includes("sign_in_failed"), "the audit log was read");
  assertEquals(secrets.filter((secret) => written.includes(secret)), []);
});
