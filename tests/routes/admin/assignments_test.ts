import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { bookingIn, fileOf } from "../../cast.ts";
import { marksIn } from "../../marks.ts";
import { assertNothingWritten } from "../../pages.ts";
import { openWorld } from "../../world.ts";

Deno.test("a manager gives a booking to somebody who works here, and takes it back", async () => {
  await using world = await openWorld();
  const { visitor: manager } = await world.hired("manager");
  const { id, email } = await world.hired("agent");
  const { booking } = await bookingIn(world.cast, "pending");
  const path = `/admin/bookings/${booking.reference}`;
  const give = (admin: string) => manager.post(`${path}/assignment`, { admin });
  const assignee = async () => (await fileOf(world.db, booking.reference)).booking.assignedTo;

  assertEquals((await give(String(id))).location, path);
  assertEquals(await assignee(), id);
  assertEquals((await give(String(id))).status, 303, "twice is told once");
  const told = async () =>
    (await world.mails()).filter(({ subject }) => subject.startsWith("You look after"));
  const [mail, ...more] = await told();
  assertEquals(more, []);
  assertStringIncludes(mail?.text ?? "", `You look after ${booking.reference} now`);
  assertStringIncludes(mail?.text ?? "", path);
  assertEquals(mail?.toEmail, email);
  assertMatch((await manager.get(path)).text, new RegExp(`<option value="${id}" selected(="")?>`));
  const { version } = (await fileOf(world.db, booking.reference)).booking;
  assertEquals(version, booking.version, "it is no move of the booking");
  assertEquals((await give("")).status, 303);
  assertEquals(await assignee(), null);

  const owner = await world.signedIn("ada");
  await owner.post(`/admin/team/${id}/deactivation`, {});
  for (const admin of [String(id), "999", "x", "1 or 1"]) {
    const answer = await assertNothingWritten(world, () => give(admin));
    assertEquals([admin, answer.status], [admin, 422]);
    assertStringIncludes(answer.text, "Choose somebody who works here.");
  }
});

Deno.test("the list shows what is mine, or nobody's", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const [mine, free] = [
    (await bookingIn(world.cast, "pending")).booking.reference,
    (await bookingIn(world.cast, "pending")).booking.reference,
  ];
  await ada.post(`/admin/bookings/${mine}/assignment`, { admin: String(world.cast.ada.id) });
  const listed = async (assigned: string) =>
    marksIn((await ada.get(`/admin/bookings?assigned=${assigned}`)).text, "data-reference");

  const mails = await world.mails();
  assertEquals(mails.some(({ subject }) => subject.startsWith("You look after")), false);
  assertEquals(await listed("me"), [mine]);
  assertEquals(await listed("nobody"), [free]);
  assertEquals(await listed("everybody"), [free, mine]);
});
