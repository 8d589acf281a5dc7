import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { UNDO_WITHIN } from "../../../db/decision_undo.ts";
import { bookingIn, fileOf, NOW, UNPRICED } from "../../cast.ts";
import { alertsIn, elementsIn, linkIn, marksIn, textOf } from "../../marks.ts";
import type { Visitor } from "../../visitor.ts";
import { openWorld, type World } from "../../world.ts";

const LIST = "/admin/bookings";
const htmx = { htmx: true };

const outboxOf = async (world: World, template: string) =>
  (await world.db.$client.execute({
    sql: "select status, last_error, dismissed_at from email_notifications where template = ?",
    args: [template],
  })).rows.map((row) => [row.status, row.last_error, row.dismissed_at]);

async function statusOf(world: World, reference: string) {
  const { status, version, priceMinor } = (await fileOf(world.db, reference)).booking;
  return { status, version, priceMinor };
}

const act = (ada: Visitor, reference: string, name: string, fields = {}) =>
  ada.post(`${LIST}/${reference}/${name}`, { ...fields, view: "row" }, htmx);

Deno.test("a decision made in the queue can be taken back for 10 seconds, and its mail waits as long", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const { reference } = (await bookingIn(world.cast, "pending")).booking;

  const approved = await act(ada, reference, "approval", { price: "890.00" });
  assertEquals(approved.status, 200);
  assertStringIncludes(textOf(approved.text), `${reference}: Approved at USD 890.00`);
  await world.mails();
  assertEquals(await outboxOf(world, "booking_approved"), [["queued", null, null]]);

  world.time.now += UNDO_WITHIN - 1;
  const undone = await act(ada, reference, "undo", { version: "2" });
  assertEquals([undone.status, marksIn(undone.text, "data-status")], [200, ["pending"]]);
  assertEquals(await statusOf(world, reference), {
    ...{ status: "pending", version: 3, priceMinor: null },
  });
  const again = await act(ada, reference, "undo", { version: "2" });
  assertEquals(again.status, 409);

  world.time.now += 2 * UNDO_WITHIN;
  assertEquals((await act(ada, reference, "hold")).status, 200);
  await world.mails();
  assertEquals(await outboxOf(world, "booking_approved"), [[
    ...["dead", "overtaken", NOW + UNDO_WITHIN - 1],
  ]]);
});

Deno.test("the client sees that a decision was taken back, and not which; staff see both", async () => {
  await using world = await openWorld();
  const [ada, alice] = [await world.signedIn("ada"), await world.signedIn("alice")];
  const { reference } = (await bookingIn(world.cast, "pending")).booking;
  await act(ada, reference, "rejection", { reason: "We do not know them." });
  const open = await ada.get(`${LIST}/${reference}?view=review`, htmx);
  assertStringIncludes(open.text, `${LIST}/${reference}/undo`);
  assertEquals((await act(ada, reference, "undo")).status, 200);

  const [staff, client] = [
    textOf((await ada.get(`${LIST}/${reference}`)).text),
    textOf((await alice.get(`/bookings/${reference}`)).text),
  ];
  const said = (page: string) =>
    ["Decision taken back", "Rejected", "We do not know them."].filter((word) =>
      page.includes(word)
    );
  assertEquals([said(staff).length, said(client)], [3, ["Decision taken back"]]);
});

Deno.test("the client is told when the 10 seconds are over, and of what a page decides at once", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const [queued, direct] = [
    await bookingIn(world.cast, "pending"),
    await bookingIn(world.cast, "pending"),
  ]
    .map(({ booking }) => booking.reference) as [string, string];

  await act(ada, queued, "rejection", { reason: "Not now." });
  await ada.post(`${LIST}/${direct}/rejection`, { reason: "Not now." });
  const told = async () =>
    (await world.mails()).filter(({ subject }) =>
      /CP2026/.test(subject) && !/received/i.test(subject)
    )
      .flatMap(({ subject }) => /CP2026\w+/.exec(subject)?.[0] ?? []);
  assert(
    (await told()).includes(direct) && !(await outboxOf(world, "booking_rejected")).every(
      ([status]) => status === "sent",
    ),
  );

  world.time.now += UNDO_WITHIN;
  const late = await act(ada, queued, "undo");
  assertEquals(late.status, 409);
  assertStringIncludes(alertsIn(late.text)[0] ?? "", "for 10 seconds");
  await act(ada, direct, "undo");
  await ada.post(`${LIST}/filters`, { name: "Mine", query: "assigned=me" });
  await world.mails();
  assertEquals((await outboxOf(world, "booking_rejected")).map(([status]) => status), [
    ...["sent", "sent"],
  ]);
});

Deno.test("without a script the list names what was decided and how to take it back", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const { reference } = (await bookingIn(world.cast, "pending")).booking;
  const list = `${LIST}?status=pending`;
  const open = await ada.get(list);
  const link = linkOf(open.text, reference);

  const approval = `${LIST}/${reference}/approval`;
  const { location } = await ada.fill(link, approval, { price: "890.00" });
  assertEquals(location, `${list}&done=${reference}`);
  const after = await ada.get(location);
  const notice = elementsIn(after.text, "div", 'role="status"')[0] ?? "";
  assertStringIncludes(textOf(notice), "Approved at USD 890.00");
  assertStringIncludes(after.text, "Nothing waits for review.");

  const undone = await ada.fill(location, `${LIST}/${reference}/undo`);
  assertEquals([undone.status, (await statusOf(world, reference)).status], [303, "pending"]);
  world.time.now += UNDO_WITHIN;
  assert(!(await ada.get(location)).text.includes(`${reference}/undo`));
  assertEquals((await ada.get(`${LIST}?done=CP2026ZZZZZZ`)).status, 200);
});

const linkOf = (html: string, reference: string) =>
  (marksIn(html, "href").find((href) => href.includes(`open=${reference}`)) ?? "")
    .replace(/#.*/, "");

Deno.test("many are approved by one form, each in a commit of its own and with its own answer", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const made = async (wanted = {}) => (await bookingIn(world.cast, "pending", wanted)).booking;
  const [first, second, stale] = [await made(), await made(), await made()];
  const unpriced = await made({ service: UNPRICED });
  await act(ada, stale.reference, "hold");
  const booking = [first, second, stale, unpriced].map(({ reference }) => `${reference}.1`);

  const answer = await ada.post(`${LIST}/approvals`, { booking, back: "?status=pending" });
  assertEquals(answer.status, 200);
  const text = textOf(answer.text);
  assertStringIncludes(text, "2 of 4 approved");
  assertStringIncludes(text, "This booking has changed since you read it.");
  assertStringIncludes(text, "It has no catalogue price");
  assertEquals(linkIn(answer.text, "Back to the list"), `${LIST}?status=pending`);
  const stands = [first, second, stale, unpriced].map(({ reference }) =>
    statusOf(world, reference)
  );
  assertEquals((await Promise.all(stands)).map(({ status }) => status), [
    ...["approved", "approved", "pending", "pending"],
  ]);

  const again = await ada.post(`${LIST}/approvals`, { booking });
  assertEquals([again.status, (await statusOf(world, first.reference)).version], [409, 2]);
  const all = [`${stale.reference}.2`, `${unpriced.reference}.1`];
  const priced = await ada.post(`${LIST}/approvals`, { booking: all, price: "500" });
  assertEquals([priced.status, (await statusOf(world, unpriced.reference)).priceMinor], [
    ...[200, 50_000],
  ]);
  for (const wrong of [[], ["CP2026ABC123"], ["x.1"], ["CP2026ABC123.1"]]) {
    const { status } = await ada.post(`${LIST}/approvals`, { booking: wrong });
    assert([409, 422].includes(status), `${wrong}: ${status}`);
  }
  assertEquals((await ada.post(`${LIST}/approvals`, { booking: all, price: "x" })).status, 422);
});

Deno.test("an agent approves together what they see, and nothing else", async () => {
  await using world = await openWorld();
  const { visitor } = await world.hired("agent");
  const { reference } = (await bookingIn(world.cast, "pending")).booking;

  const answer = await visitor.post(`${LIST}/approvals`, { booking: `${reference}.1` });
  assert(!answer.text.includes(`data-reference="${reference}"`));
  assertEquals((await statusOf(world, reference)).status, "pending");
});

Deno.test("filters are kept by name, each admin's own", async () => {
  await using world = await openWorld();
  const [ada, agent] = [await world.signedIn("ada"), (await world.hired("agent")).visitor];
  const query = "status=pending&urgency=urgent";

  const keep = { name: "Burning", query: `${query}&sort=urgency&page=7&evil=1` };
  const kept = await ada.fill(`${LIST}?${query}`, `${LIST}/filters`, keep);
  assertEquals([kept.status, kept.location], [303, `${LIST}?${query}`]);
  assertEquals((await ada.post(`${LIST}/filters`, keep)).status, 303, "twice is once");
  const { text } = await ada.get(`${LIST}?status=paid`);
  assertEquals(linkIn(text, "Burning"), `${LIST}?${query}`);
  assertEquals(linkIn((await agent.get(LIST)).text, "Burning"), null);

  const [remove = ""] = marksIn((await ada.get(`${LIST}?${query}`)).text, "action")
    .filter((action) => action.endsWith("/removal"));
  assertEquals((await agent.post(remove, {})).status, 404);
  assertEquals((await ada.post(remove, {})).status, 303);
  assertEquals(linkIn((await ada.get(LIST)).text, "Burning"), null);

  const long = await ada.post(`${LIST}/filters`, { name: "x".repeat(41), query });
  assertEquals([long.status, alertsIn(long.text).length], [422, 1]);
  const names = Array.from({ length: 21 }, (_, at) => `Filter ${at}`);
  const answers = [];
  for (const name of names) {
    answers.push((await ada.post(`${LIST}/filters`, { name, query })).status);
  }
  assertEquals(answers, [...names.slice(1).map(() => 303), 422]);
});
