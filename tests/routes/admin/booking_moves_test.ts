import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type Status, statuses } from "../../../db/booking_status.ts";
import { listEmailsOf } from "../../../db/email_lists.ts";
import { bookingIn, DAY, dump, fileOf, NOW, OWNER, UNPRICED } from "../../cast.ts";
import { alertsIn, marksIn } from "../../marks.ts";
import type { Visitor } from "../../visitor.ts";
import { openWorld, type World } from "../../world.ts";
import { actions, sentAt } from "./actions.ts";

const LATER = NOW + DAY;
const cells = statuses.flatMap((status) =>
  Object.entries(actions).map(([name, action]) => ({
    ...{ status, name, action, isLegal: action.from.includes(status) },
  }))
);

/** The app a day after the bookings were made, with Ada at her desk. */
async function openDesk() {
  const world = await openWorld();
  world.time.now = LATER;
  const ada = await world.signedIn("ada");
  await world.mails();
  return { world, ada, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() };
}

type Desk = Awaited<ReturnType<typeof openDesk>>;

const bookingAt = async ({ cast }: World, status: Status) =>
  (await bookingIn(cast, status, { service: UNPRICED })).booking;
/** All that is known of a booking, but whether its mails have left meanwhile. */
async function standing({ db }: World, reference: string) {
  const { mails, ...file } = await fileOf(db, reference);
  return { ...file, mails: mails.map(({ id }) => id) };
}
const pathOf = (reference: string, name = "") =>
  `/admin/bookings/${reference}${name && `/${name}`}`;
const post = (who: Visitor, reference: string, name: string, version: number) =>
  who.post(pathOf(reference, name), sentAt(name, version));

Deno.test("each action in each state that allows it moves the booking, with history and mail", async (t) => {
  await using desk = await openDesk();
  for (const cell of cells.filter((cell) => cell.isLegal)) {
    await t.step(`${cell.name} when ${cell.status}`, () => assertMoves(desk, cell));
  }
});

async function assertMoves({ world, ada }: Desk, { name, status, action }: typeof cells[number]) {
  const { db, cast } = world;
  const { reference, version } = await bookingAt(world, status);

  const answer = await post(ada, reference, name, version);
  assertEquals([answer.status, answer.location], [303, pathOf(reference)]);
  const page = await ada.get(answer.location);
  assertEquals(marksIn(page.text, "data-status")[0], action.to);

  const { booking, events } = await fileOf(db, reference);
  assertEquals([booking.status, booking.version], [action.to, version + 1]);
  const { move, actorKind, actorId, note, at } = events.at(-1) ?? {};
  assertEquals([move, actorKind, actorId], [action.move, "admin", cast.ada.id]);
  assertEquals([note, at], [action.note ?? null, LATER]);
  await world.mails();
  const mails = (await listEmailsOf(db, OWNER, reference)).filter(({ createdAt }) =>
    createdAt === LATER
  );
  assertEquals(mails.map((mail) => mail.template), action.mails ?? []);
  assert(mails.every((mail) => mail.status === "sent"), "they have left");
}

Deno.test("an action in a wrong state is refused with the present state, and nothing is written", async () => {
  await using desk = await openDesk();
  const { world, ada } = desk;
  const illegal = Map.groupBy(cells.filter((cell) => !cell.isLegal), (cell) => cell.status);
  for (const [status, refused] of illegal) {
    const { reference, version } = await bookingAt(world, status);
    const before = await dump(world.db);
    for (const { name } of refused) {
      const answer = await post(ada, reference, name, version);
      assertEquals([status, name, answer.status], [status, name, 409]);
      assertEquals(marksIn(answer.text, "data-status")[0], status);
      assertMatch(
        alertsIn(answer.text)[0] ?? "",
        /^This booking [^.]*\.( This is what you had written: .*)?$/,
      );
    }
    assertEquals(await dump(world.db), before, status);
  }
  assertEquals([...illegal.values()].flat().length, 9 * 9 - 14);
});

Deno.test("a stale version is refused with the present state, in both sizes, and nothing is written", async () => {
  await using desk = await openDesk();
  const { world, ada } = desk;
  for (const { name, status } of cells.filter((cell) => cell.isLegal)) {
    const { reference, version } = await bookingAt(world, status);
    const before = await standing(world, reference);
    const stale = sentAt(name, version - 1);
    const page = await ada.post(pathOf(reference, name), stale);
    const part = await ada.post(pathOf(reference, name), stale, { htmx: true });

    assertEquals([name, page.status, part.status], [name, 409, 409]);
    for (const { text } of [page, part]) {
      assertMatch(alertsIn(text)[0] ?? "", /changed.*\.( This is what you had written: .*)?$/);
      assertEquals(marksIn(text, "data-status")[0], status);
    }
    assert(!part.text.includes("<html"));
    assertEquals(await standing(world, reference), before, name);
  }
});

Deno.test("what is no version of the booking is a stale one", async () => {
  await using desk = await openDesk();
  const { world, ada } = desk;
  const { reference } = await bookingAt(world, "pending");
  const before = await dump(world.db);

  for (const version of ["0", "2", "-1", "", "abc", "1e99", "1.5", "NaN"]) {
    const answer = await ada.post(pathOf(reference, "hold"), { version });
    assertEquals([version, answer.status], [version, 409]);
  }
  assertEquals(await dump(world.db), before);
});

Deno.test("each action by two admins at once has one winner, and by one admin twice no second", async () => {
  await using desk = await openDesk();
  const { world, ada } = desk;
  for (const { name, status } of cells.filter((cell) => cell.isLegal)) {
    const { reference, version } = await bookingAt(world, status);
    const click = () =>
      ada.post(pathOf(reference, name), {
        ...sentAt(name, version),
        idempotency_key: crypto.randomUUID(),
      });

    const answers = await Promise.all([click(), click(), click()]);
    assertEquals([name, ...answers.map((each) => each.status).sort()], [name, 303, 409, 409]);
    assertEquals([name, (await click()).status], [name, 409]);
    const { booking, events } = await fileOf(world.db, reference);
    assertEquals([name, booking.version, events.length], [name, version + 1, version + 1]);
  }
});

Deno.test("without a version an action goes by the booking as it stands", async () => {
  await using desk = await openDesk();
  const { world, ada } = desk;
  const { reference } = await bookingAt(world, "pending");

  assertEquals((await ada.post(pathOf(reference, "approval"), { price: "5" })).status, 303);
  assertEquals((await fileOf(world.db, reference)).booking.priceMinor, 500);
});

Deno.test("a stranger and a client are sent to the admins' sign-in, whatever they post", async () => {
  await using desk = await openDesk();
  const { world } = desk;
  const alice = await world.signedIn("alice");
  const { reference, version } = await bookingAt(world, "pending");
  const before = await standing(world, reference);
  for (const who of [world.stranger(), alice]) {
    for (const name of Object.keys(actions)) {
      const answer = await post(who, reference, name, version);
      assertEquals([name, answer.status, answer.location], [name, 303, "/admin/sign-in"]);
    }
    const page = await who.get(pathOf(reference));
    assertEquals([page.status, page.location], [
      303,
      `/admin/sign-in?next=${encodeURIComponent(pathOf(reference))}`,
    ]);
    assert(!page.text.includes("Alice"));
  }
  assertEquals(await standing(world, reference), before);
});

Deno.test("an unknown reference reads alike everywhere", async () => {
  await using desk = await openDesk();
  const { world, ada } = desk;
  await bookingAt(world, "pending");
  const { text } = await ada.get(pathOf("CP2026ZZZZZZ"));
  const before = await dump(world.db);

  for (
    const reference of ["CP2026ZZZZZZ", "nope", "CP2026", "%00", "%F0%9F%98%80", "1%20or%201=1"]
  ) {
    const page = await ada.get(pathOf(reference));
    assertEquals([reference, page.status, page.text === text], [reference, 404, true]);
    for (const name of Object.keys(actions)) {
      const answer = await post(ada, reference, name, 1);
      assertEquals([reference, name, answer.status], [reference, name, 404]);
      assertEquals(answer.text, text);
    }
  }
  assertEquals((await ada.post(pathOf("nope", "rejection"), {})).status, 404);
  assertEquals((await ada.post(pathOf("nope", "deletion"), {})).status, 404);
  assertEquals(await dump(world.db), before);
});

Deno.test("a second hold releases, and the clock of the booking runs on by the time it stood", async () => {
  await using desk = await openDesk();
  const { world, ada } = desk;
  const { reference, autoApproveAt } = (await bookingIn(world.cast, "pending")).booking;

  await post(ada, reference, "hold", 1);
  world.time.now += DAY / 4;
  const answer = await post(await world.signedIn("ada"), reference, "hold", 2);
  assertEquals(answer.status, 303);
  const { booking, events } = await fileOf(world.db, reference);
  assertEquals([booking.heldAt, booking.autoApproveAt], [null, (autoApproveAt ?? 0) + DAY / 4]);
  assertEquals(events.map(({ move }) => move), ["submit", "hold", "release"]);
});

Deno.test("14 days after completion a booking is not taken up again", async () => {
  await using world = await openWorld();
  const { reference, version } = await bookingAt(world, "completed");
  world.time.now = NOW + 15 * DAY;
  const ada = await world.signedIn("ada");

  const answer = await post(ada, reference, "reopening", version);
  assertEquals(answer.status, 409);
  assertStringIncludes(alertsIn(answer.text)[0] ?? "", "Book again instead.");
  assertEquals((await fileOf(world.db, reference)).booking.status, "completed");
});

Deno.test("the form that holds a booking takes a reason, which staff alone read", async () => {
  await using world = await openWorld();
  const { booking: { reference } } = await bookingIn(world.cast, "pending");
  const ada = await world.signedIn("ada");
  const page = `/admin/bookings/${reference}`;
  assertStringIncludes((await ada.get(page)).text, `id="${reference}-hold-reason"`);

  const held = await ada.fill(page, `${page}/hold`, { reason: "The logo is not theirs." });

  assertEquals([held.status, held.location], [303, page]);
  const { text } = await ada.get(page);
  assertStringIncludes(text, "The logo is not theirs.");
  assert(!text.includes("-hold-reason"), "releasing asks for none");
  const shown = await (await world.signedIn("alice")).get(`/bookings/${reference}`);
  assert(!shown.text.includes("The logo is not theirs."));
});
