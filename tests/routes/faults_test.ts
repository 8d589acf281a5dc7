import { assert, assertEquals, assertRejects } from "@std/assert";
import { auditLog } from "../../db/schema.ts";
import { alice } from "../cast.ts";
import { linkIn } from "../marks.ts";
import { openWorld } from "../world.ts";

/** Does `work` and returns the lines that it logged. */
async function logged(work: () => Promise<unknown>): Promise<Record<string, unknown>[]> {
  const { error, warn } = console;
  const lines: string[] = [];
  console.error = console.warn = (line: string) => void lines.push(line);
  try {
    await work();
  } finally {
    Object.assign(console, { error, warn });
  }
  return lines.map((line) => JSON.parse(line));
}

Deno.test("asvs V16.5.1 V16.5.4: a fault of ours is told in plain words, logged by kind, and ends nothing else", async () => {
  await using world = await openWorld();
  const visitor = await world.signedIn("alice");
  await world.db.$client.execute("alter table service_bookings rename to elsewhere");

  const [line] = await logged(async () => {
    const answer = await visitor.get("/dashboard");
    assertEquals(answer.status, 500);
    assert(!/sql|table|service_bookings|\.ts:/i.test(answer.text), "nothing inside is shown");
    assert(answer.text.includes(answer.headers.get("x-request-id") ?? "none"));
  });
  assertEquals([line?.level, line?.event], ["error", "bug"]);
  assertEquals((await visitor.get("/livez")).status, 200);
});

Deno.test("what went wrong leads on: the same page again, or back to the one whose form was sent", async () => {
  await using world = await openWorld();
  const visitor = await world.signedIn("alice");
  const body = new URLSearchParams({ name: "x".repeat(1_100_000) });
  const refused = (Referer: string) =>
    visitor.send("/account", { method: "POST", body, headers: { Origin: visitor.url, Referer } });

  const back = await refused(`${visitor.url}/account?from=here`);
  assertEquals([back.status, linkIn(back.text, "Back to where you were")], [
    413,
    "/account?from=here",
  ]);
  for (const elsewhere of ["https://evil.example/account", "nothing", ""]) {
    assertEquals(linkIn((await refused(elsewhere)).text, "Back to where you were"), null);
  }
  await world.db.$client.execute("alter table service_bookings rename to elsewhere");
  await logged(async () => {
    const { text } = await visitor.get("/dashboard?a=1");
    assertEquals(linkIn(text, "Try again"), "/dashboard?a=1");
  });
  const unknown = (await visitor.get("/no-such-page")).text;
  assertEquals(linkIn(unknown, "Try again"), null);
  assertEquals(linkIn(unknown, "See the services"), "/services");
});

Deno.test("asvs V16.3.2 V16.3.3: what is not allowed and what another site sends is logged", async () => {
  await using world = await openWorld();
  const { visitor } = await world.hired("agent");
  const lines = await logged(async () => {
    assertEquals((await visitor.get("/admin/team")).status, 403);
    const headers = { Origin: "https://evil.example" };
    assertEquals((await visitor.send("/sign-out", { method: "POST", headers })).status, 403);
  });
  const refusals = new Set(lines.map(({ event, code, method }) => `${event} ${code} ${method}`));
  assertEquals([...refusals], ["refused forbidden GET", "refused forbidden POST"]);
});

Deno.test("asvs V16.3.1 V16.4.2: signing in, failing to and signing out are kept, and no entry changes", async () => {
  await using world = await openWorld();
  await world.stranger().post("/sign-in", { email: alice.email, password: "not it" });
  const visitor = await world.signedIn("alice");
  await visitor.post("/sign-out", {});

  const entries = await world.db.select().from(auditLog);
  assertEquals(entries.map(({ action }) => action), ["sign_in_failed", "sign_in", "sign_out"]);
  for (const change of ["update audit_log set action = 'x'", "delete from audit_log"]) {
    await assertRejects(() => world.db.$client.execute(change));
  }
  assertEquals(await world.db.select().from(auditLog), entries);
});
