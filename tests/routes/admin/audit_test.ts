import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { desc } from "drizzle-orm";
import { audited } from "../../../db/audit.ts";
import { commit } from "../../../db/client.ts";
import { auditLog, emailNotifications } from "../../../db/schema.ts";
import { bookingIn, NOW } from "../../cast.ts";
import { linkIn, marksIn, textOf } from "../../marks.ts";
import { assertBothSizes } from "../../pages.ts";
import type { Visitor } from "../../visitor.ts";
import { openWorld, type World } from "../../world.ts";

const AUDIT = "/admin/audit";

/** The entries that `work` adds, oldest first. */
async function entriesOf(world: World, work: () => Promise<{ status: number }>, status: number) {
  const before = await world.db.$count(auditLog);
  assertEquals((await work()).status, status);
  const rows = await world.db.select().from(auditLog).orderBy(desc(auditLog.id));
  return rows.slice(0, rows.length - before).reverse();
}

const service = {
  ...{ name: "Audit", summary: "One.", description: "Two.", needs: "Three.", price: "10.00" },
  ...{ days: "3", category: "websites", state: "active" },
};

/** What an admin writes, and the entries it leaves. */
async function writesOf(world: World): Promise<[string, Record<string, string>, string[]][]> {
  const waiting = async () => (await bookingIn(world.cast, "payment_pending"));
  const [short, right, none, elsewhere] = [
    await waiting(),
    await waiting(),
    await waiting(),
    await waiting(),
  ];
  const pay = (file: typeof short, what: string) =>
    `/admin/payments/${file.payments[0]?.id}/${what}`;
  const { reference } = elsewhere.booking;
  const [mail] = await world.db.update(emailNotifications).set({ status: "dead" }).returning();
  return [
    [pay(short, "confirmation"), { amount: "1.00" }, ["payment.confirm"]],
    [
      pay(right, "confirmation"),
      { amount: "890.00" },
      ["booking.confirm_payment", "payment.confirm"],
    ],
    [pay(none, "refusal"), { reason: "No." }, ["booking.fail_payment", "payment.refuse"]],
    [
      `/admin/bookings/${reference}/payments`,
      { amount: "890.00", idempotency_key: "once" },
      ["payment.record", "booking.confirm_payment"],
    ],
    [`/admin/bookings/${reference}/assignment`, { admin: "1" }, ["booking.assign"]],
    [`/admin/emails/${mail?.id}/retry`, {}, ["email.retry"]],
    ["/admin/services", service, ["service.add"]],
    ["/admin/services/audit", { ...service, price: "12.00" }, ["service.save"]],
    ["/admin/categories", { name: "Audits", description: "One." }, ["category.add"]],
    ["/admin/categories", { slug: "audits", name: "Audits", description: "Two." }, [
      "category.save",
    ]],
  ];
}

Deno.test("asvs V16.2.1: every write of an admin says who, what, from where and in which request", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  for (const [path, fields, expected] of await writesOf(world)) {
    const entries = await entriesOf(world, () => ada.post(path, fields), 303);
    assertEquals([path, ...entries.map(({ action }) => action)], [path, ...expected]);
    for (const { actorId, actorName, requestId, addressHash, at } of entries) {
      assertEquals([actorId, actorName, at], [1, "Ada Novak", NOW]);
      assertMatch(requestId ?? "", /^[0-9a-f-]{36}$/);
      assertMatch(addressHash ?? "", /^[\w-]{16}$/);
    }
  }
  const saved = (await world.db.select().from(auditLog)).find(({ action }) =>
    action === "service.save"
  );
  assertEquals([saved?.before, saved?.after], [{ priceMinor: 1000 }, { priceMinor: 1200 }]);
});

Deno.test("what was refused leaves no entry", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const { booking, payments } = await bookingIn(world.cast, "paid");
  const path = `/admin/bookings/${booking.reference}`;
  const refused: [string, Record<string, string>, number][] = [
    [`${path}/assignment`, { admin: "999" }, 422],
    [`${path}/payments`, { amount: "890.00", idempotency_key: "x" }, 409],
    [`/admin/payments/${payments[0]?.id}/confirmation`, { amount: "890.00" }, 409],
    ["/admin/emails/1/retry", {}, 409],
    ["/admin/emails/999/retry", {}, 404],
    ["/admin/services", { ...service, name: "Landing page" }, 422],
    ["/admin/categories", { slug: "none", name: "None", description: "None." }, 404],
  ];
  for (const [path, fields, status] of refused) {
    assertEquals([path, ...await entriesOf(world, () => ada.post(path, fields), status)], [path]);
  }
});

/** The actions on a page of the log, in order. */
const shown = async (visitor: Visitor, search = "") =>
  marksIn((await visitor.get(AUDIT + search)).text, "data-action");

Deno.test("the log is narrowed by action, subject and actor, and read page by page", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const { cast, db } = world;
  const entry = (at: number) =>
    audited(db, { actor: at % 2 ? cast.bob : cast.ada, now: NOW + at }, {
      ...{ action: `test.${at % 3}`, subject: at === 7 ? "CP2026SEVENX" : "other" },
      after: { at },
    });
  await commit(db, Array.from({ length: 60 }, (_, at) => entry(at)));

  const first = await ada.get(AUDIT);
  assertEquals(marksIn(first.text, "data-audit-id").length, 50);
  const older = await ada.get(linkIn(first.text, "Older") ?? "");
  assertEquals(marksIn(older.text, "data-audit-id").length, 11);
  assertEquals(linkIn(older.text, "Older"), null);
  assertEquals(await shown(ada, "?action=test.1"), Array(20).fill("test.1"));
  assertEquals(await shown(ada, "?subject=CP2026SEVENX"), ["test.1"]);
  assertEquals((await shown(ada, `?actor=client+${cast.bob.id}`)).length, 30);
  assertEquals((await shown(ada, `?actor=client+${cast.bob.id}&action=test.0`)).length, 10);
  const all = await shown(ada);
  for (const nonsense of ["?actor=king+1", "?before=-1", "?action=%00", "?before=x&subject="]) {
    assertEquals([nonsense, ...await shown(ada, nonsense)], [nonsense, ...all]);
  }
});

Deno.test("the log's page escapes, has both sizes, and says when there is nothing", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const actor = { ...world.cast.ada, name: "<i>Ada</i>" };
  const by = { actor, now: NOW };
  await commit(world.db, [
    audited(world.db, by, { action: "test", subject: "<b>x</b>", after: { note: "<u>y</u>" } }),
  ]);

  const { text } = await assertBothSizes(ada, AUDIT);
  for (const words of ["&lt;i&gt;Ada", "&lt;b&gt;x", "&lt;u&gt;y"]) {
    assertStringIncludes(text, words);
  }
  const { text: empty } = await ada.get(`${AUDIT}?action=nothing`);
  assertStringIncludes(empty, "Nothing of this kind is recorded.");
});

Deno.test("the log is narrowed to a kind by a link, and says once what changed", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const { reference } = (await bookingIn(world.cast, "approved")).booking;
  const { text } = await ada.get(AUDIT);
  assert(marksIn(text, "href").includes(`${AUDIT}?action=booking.`));

  const bookings = await ada.get(`${AUDIT}?action=booking.`);
  assertEquals(marksIn(bookings.text, "data-action"), ["booking.approve"]);
  assertStringIncludes(textOf(bookings.text), `${reference} status pending became approved`);
  assertEquals(marksIn((await ada.get(`${AUDIT}?action=book.`)).text, "data-action"), []);
});

Deno.test("the navigation says where one is, on a list and below it", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const { reference } = (await bookingIn(world.cast, "pending")).booking;
  const here = async (path: string) =>
    /aria-current="page"[^>]*>([^<]*)/.exec((await ada.get(path)).text)?.[1];

  const places = [
    ...[["/admin", "Overview"], [AUDIT, "Audit"], [`/admin/bookings/${reference}`, "Bookings"]],
    ...[["/admin/replies", "Chats"], ["/admin/categories", "Services"]],
    ...[["/admin/account", "Ada Novak"], ["/admin/second-factor", "Ada Novak"]],
  ];
  const found = places.map(async ([path = ""]) => [path, await here(path)]);
  assertEquals(await Promise.all(found), places);
});
