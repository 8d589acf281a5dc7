import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { desc, eq } from "drizzle-orm";
import { admins, auditLog, emailNotifications, oneTimeTokens } from "../../../db/schema.ts";
import { bookingIn, HOUR } from "../../cast.ts";
import { setUpFactor } from "../../factors.ts";
import { alertsIn, linkIn, marksIn } from "../../marks.ts";
import { assertBothSizes, assertNothingWritten } from "../../pages.ts";
import { openWorld, PASSWORD, type World } from "../../world.ts";

const TEAM = "/admin/team";
const zoe = "zoe@connectpro.example";

/** The link in the newest invitation to `email`. */
async function linkTo(world: World, email: string): Promise<string> {
  const mail = (await world.mails()).find(({ toEmail }) => toEmail === email);
  return mail?.text.match(/\/admin\/register\/[\w-]{43}/)?.[0] ?? "no link";
}

const accept = (world: World, link: string, fields = {}) =>
  world.stranger().post(link, { name: "Zoe Lind", password: PASSWORD, ...fields });

const lastEntry = async (world: World) =>
  (await world.db.select().from(auditLog).orderBy(desc(auditLog.id)).limit(1))[0];

const adminNamed = async (world: World, email: string) =>
  (await world.db.select().from(admins).where(eq(admins.email, email)))[0];

Deno.test("asvs V6.4.1: an invitation fixes address and role, and works once", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const invited = await ada.post(`${TEAM}/invitations`, {
    email: ` ${zoe.toUpperCase()}`,
    role: "manager",
  });
  assertEquals([invited.status, invited.location], [303, TEAM]);
  const entry = await lastEntry(world);
  assertEquals([entry?.action, entry?.subject, entry?.after], ["team.invite", zoe, {
    role: "manager",
  }]);
  const link = await linkTo(world, zoe);
  const shown = await ada.get(TEAM);
  assertStringIncludes(shown.text, zoe);

  const redeemed = await accept(world, link, { role: "owner", email: "eve@evil.example" });
  assertEquals([redeemed.status, redeemed.location], [303, "/admin"]);
  const member = await adminNamed(world, zoe);
  assertEquals([member?.role, member?.name], ["manager", "Zoe Lind"]);
  assertEquals(await adminNamed(world, "eve@evil.example"), undefined);
  assertEquals((await lastEntry(world))?.action, "team.join");
  assertEquals((await accept(world, link)).status, 410);
  const [stored] = await world.db.select().from(oneTimeTokens);
  assert(!link.includes(stored?.hash ?? ""), "only a hash of the link is stored");
});

Deno.test("an invitation that nobody accepts is too old after 72 hours", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  await ada.post(`${TEAM}/invitations`, { email: zoe, role: "agent" });
  const link = await linkTo(world, zoe);

  world.time.now += 72 * HOUR - 1;
  assertEquals((await world.stranger().get(link)).status, 200);
  world.time.now += 1;
  assertEquals((await accept(world, link)).status, 410);
  assertEquals(await adminNamed(world, zoe), undefined);
});

Deno.test("inviting an address again ends the open invitation", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  await ada.post(`${TEAM}/invitations`, { email: zoe, role: "owner" });
  const first = await linkTo(world, zoe);
  await ada.post(`${TEAM}/invitations`, { email: zoe, role: "agent" });
  const second = await linkTo(world, zoe);

  assertEquals((await accept(world, first)).status, 410);
  assertEquals((await accept(world, second)).status, 303);
  assertEquals((await adminNamed(world, zoe))?.role, "agent");
});

Deno.test("a withdrawn invitation lets nobody in, whether it had left or not, and is listed no more", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const withdraw = () => ada.fill(TEAM, `${TEAM}/invitations/withdrawal`);
  await ada.post(`${TEAM}/invitations`, { email: zoe, role: "owner" });
  const link = await linkTo(world, zoe);

  assertEquals((await withdraw()).location, TEAM);
  assertEquals((await lastEntry(world))?.action, "team.withdraw");
  assertEquals((await accept(world, link)).status, 410);
  assertEquals((await ada.get(TEAM)).text.includes(zoe), false);
  const again = await assertNothingWritten(
    world,
    () => ada.post(`${TEAM}/invitations/withdrawal`, { email: zoe }),
  );
  assertEquals(again.status, 409);

  const row = { template: "admin_invitation" as const, recipientName: zoe, recipientEmail: zoe };
  await world.db.insert(emailNotifications).values({
    ...{ ...row, key: "waits", params: { role: "owner" }, status: "queued" },
    ...{ nextTryAt: world.time.now + HOUR, createdAt: world.time.now },
  });
  assertEquals((await withdraw()).status, 303);
  await ada.post(`${TEAM}/invitations`, { email: zoe, role: "agent" });
  await world.mails();
  const rows = await world.db.select().from(emailNotifications);
  assertEquals(rows.map(({ status }) => status), ["sent", "sent"]);
  assertEquals((await accept(world, await linkTo(world, zoe))).status, 303);
  assertEquals((await adminNamed(world, zoe))?.role, "agent");
});

Deno.test("an owner turns off the second factor of who has lost it, after a fresh proof, and they hear of it", async () => {
  await using world = await openWorld();
  const { visitor, id, email } = await world.hired("agent");
  await setUpFactor(world, visitor);
  const ada = await world.signedIn("ada");
  const path = `${TEAM}/${id}/second-factor/removal`;
  assertStringIncludes((await ada.get(TEAM)).text, `action="${path}"`);

  world.time.now += 10 * 60_000;
  const asked = await assertNothingWritten(world, () => ada.post(path, {}));
  assertEquals(asked.location.split("?")[0], "/admin/confirm");
  await ada.post("/admin/confirm", { password: PASSWORD });
  assertEquals((await ada.post(path, {})).location, TEAM);
  assertEquals((await ada.post(path, {})).status, 409);
  assertEquals((await visitor.get("/admin")).status, 303);
  assertEquals((await lastEntry(world))?.subject, `admin ${id}`);
  const entrance = { email, password: PASSWORD };
  assertEquals((await world.stranger().post("/admin/sign-in", entrance)).location, "/admin");
  const mail = (await world.mails()).find(({ toEmail }) => toEmail === email);
  assertEquals(mail?.subject, "Your second factor was turned off");
});

Deno.test("an invitation that did not leave is replaced by the next and never sent again", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const row = { template: "admin_invitation" as const, recipientName: zoe, recipientEmail: zoe };
  const [dead] = await world.db.insert(emailNotifications).values({
    ...{ ...row, key: "dead", params: { role: "owner" }, status: "dead" },
    ...{ nextTryAt: world.time.now, createdAt: world.time.now },
  }).returning();
  const retry = `/admin/emails/${dead?.id}/retry`;
  assertEquals((await ada.post(retry, {})).status, 409);
  assert(!(await ada.get("/admin/emails")).text.includes(retry), "no form offers it");

  await ada.post(`${TEAM}/invitations`, { email: zoe, role: "agent" });
  await world.mails();
  const rows = await world.db.select().from(emailNotifications);
  assertEquals(rows.map(({ params, status }) => [params.role, status]), [["agent", "sent"]]);
});

Deno.test("an address that is on the team already, or was, is not invited", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const { id, email } = await world.hired("agent");
  await ada.post(`${TEAM}/${id}/deactivation`, {});

  for (const known of ["ada@connectpro.example", email]) {
    const answer = await assertNothingWritten(
      world,
      () => ada.post(`${TEAM}/invitations`, { email: known, role: "owner" }),
    );
    assertEquals(answer.status, 409);
    assertEquals(alertsIn(answer.text), ["Somebody with this address is on the team already."]);
    assertStringIncludes(answer.text, `value="${known}"`);
  }
  for (const fields of [{ email: "no", role: "agent" }, { email: zoe, role: "king" }]) {
    const answer = await assertNothingWritten(world, () => ada.post(`${TEAM}/invitations`, fields));
    assertEquals(answer.status, 422);
  }
});

Deno.test("asvs V7.5.3: what lets somebody in asks first whether it is still you", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const { id } = await world.hired("agent");
  world.time.now += HOUR / 4;
  const asking: [string, Record<string, string>][] = [
    ["/invitations", { email: zoe, role: "agent" }],
    [`/${id}/role`, { role: "owner" }],
    [`/${id}/reactivation`, {}],
  ];

  for (const [path, fields] of asking) {
    const answer = await assertNothingWritten(world, () => ada.post(TEAM + path, fields));
    assertEquals([path, answer.status], [path, 303]);
    assert(answer.location.startsWith("/admin/confirm?next="), answer.location);
  }
  assertEquals((await ada.post(`${TEAM}/${id}/deactivation`, {})).location, TEAM);
});

Deno.test("asvs V8.3.2: a new role holds at once and ends the member's sessions", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const { id, visitor, email } = await world.hired("agent");
  assertEquals((await visitor.get("/admin/services")).status, 403);

  assertEquals((await ada.post(`${TEAM}/${id}/role`, { role: "manager" })).status, 303);
  const entry = await lastEntry(world);
  assertEquals([entry?.action, entry?.subject], ["team.role", `admin ${id}`]);
  assertEquals([entry?.before, entry?.after], [{ role: "agent" }, { role: "manager" }]);
  const next = await visitor.get("/admin/services");
  assertStringIncludes(next.location, "/admin/sign-in");
  assertEquals((await visitor.post("/admin/sign-in", { email, password: PASSWORD })).status, 303);
  assertEquals((await visitor.get("/admin/services")).status, 200);
});

Deno.test("asvs V7.4.2: whoever is deactivated is out at once, streams too, until let in again", async () => {
  await using world = await openWorld({ pace: { tick: 20, heartbeat: 20 } });
  const ada = await world.signedIn("ada");
  const { id, visitor, email } = await world.hired("manager");
  const { booking } = await bookingIn(world.cast, "in_progress");
  const stream = await visitor.open(`/admin/bookings/${booking.reference}/chat/stream`);
  const enter = () => visitor.post("/admin/sign-in", { email, password: PASSWORD });

  assertEquals((await ada.post(`${TEAM}/${id}/deactivation`, {})).status, 303);
  await stream.text();
  assertStringIncludes((await visitor.get("/admin")).location, "/admin/sign-in");
  assertEquals(
    (await visitor.post(`/admin/bookings/${booking.reference}/completion`, {})).status,
    303,
  );
  assertEquals((await enter()).status, 422);
  assertEquals((await ada.post(`${TEAM}/${id}/deactivation`, {})).status, 409, "only once");

  assertEquals((await ada.post(`${TEAM}/${id}/reactivation`, {})).status, 303);
  assertEquals((await enter()).status, 303);
});

Deno.test("asvs V7.4.5: an owner ends a member's sessions, and only theirs", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const { id, visitor } = await world.hired("manager");

  assertEquals((await ada.post(`${TEAM}/${id}/sessions`, {})).status, 303);
  assertStringIncludes((await visitor.get("/admin")).location, "/admin/sign-in");
  assertEquals((await ada.get("/admin")).status, 200);
  assertEquals((await lastEntry(world))?.action, "team.end_sessions");
});

Deno.test("the last owner who works here stays one", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const own = `${TEAM}/${world.cast.ada.id}`;
  const { id } = await world.hired("owner");
  await ada.post(`${TEAM}/${id}/deactivation`, {});

  for (const [path, fields] of [["/deactivation", {}], ["/role", { role: "agent" }]] as const) {
    const answer = await assertNothingWritten(world, () => ada.post(own + path, fields));
    assertEquals([path, answer.status], [path, 409]);
    assertStringIncludes(alertsIn(answer.text)[0] ?? "", "One owner must stay");
  }
  assertEquals(
    (await lastEntry(world))?.action,
    "team.deactivate",
    "what was refused is not logged",
  );
  await ada.post(`${TEAM}/${id}/reactivation`, {});
  assertEquals((await ada.post(`${own}/role`, { role: "agent" })).status, 303);
});

Deno.test("the team's page says who is who, in both sizes, and shows names as they are", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  await world.db.update(admins).set({ name: "<b>Ada</b>" });
  const { text } = await assertBothSizes(ada, TEAM);
  assertStringIncludes(text, "&lt;b&gt;Ada&lt;/b&gt;");
  assertStringIncludes(text, 'data-member-id="1"');
});

Deno.test("the team is narrowed by role and state, and nonsense in the address narrows nothing", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const agent = await world.hired("agent");
  await world.hired("manager");
  await ada.post(`${TEAM}/${agent.id}/deactivation`, {});
  const rolesAt = async (query: string) =>
    marksIn((await assertBothSizes(ada, `${TEAM}${query}`)).text, "data-role");

  assertEquals(await rolesAt(""), ["owner", "manager", "agent"]);
  assertEquals(await rolesAt("?role=agent"), ["agent"]);
  assertEquals(await rolesAt("?state=active"), ["owner", "manager"]);
  assertEquals(await rolesAt("?role=agent&state=deactivated"), ["agent"]);
  assertEquals(await rolesAt("?role=agent&state=active"), []);
  assertEquals(await rolesAt("?role=king&state=asleep"), ["owner", "manager", "agent"]);
  const { text } = await ada.get(`${TEAM}?role=agent`);
  assertEquals(linkIn(text, "Deactivated"), `${TEAM}?role=agent&state=deactivated`);
  const empty = await ada.get(`${TEAM}?role=agent&state=active`);
  assertEquals(linkIn(empty.text, "Show everybody"), TEAM);
});
