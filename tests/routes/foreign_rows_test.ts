import { assert, assertEquals } from "@std/assert";
import { submitBooking } from "../../db/bookings.ts";
import { bookingNotes, emailNotifications } from "../../db/schema.ts";
import { bob, bookingIn, fileOf, submission } from "../cast.ts";
import { files } from "../files.ts";
import { assertNothingWritten, assertUnknown } from "../pages.ts";
import { peopleIn } from "../walks.ts";
import { openWorld, type World } from "../world.ts";

type People = Awaited<ReturnType<typeof peopleIn>>;

/** What belongs to Alice's bookings, each by the address that shows it to her or to an owner. */
async function belongings(world: World, people: People) {
  const { alice, owner } = people;
  const send = async (path: string, fields: Record<string, string | File>) => {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    const answer = await alice.send(path, { method: "POST", body, headers: { Origin: world.url } });
    assertEquals([path, answer.status], [path, 303]);
  };
  const picture = new File([files.png], "plan.png", { type: "image/png" });
  const { booking: { reference } } = await bookingIn(world.cast, "in_progress");
  const own = `/bookings/${reference}`;
  await send(`${own}/chat/messages`, { body: "Ours.", client_id: "a", file: picture });
  await owner.fill(`/admin${own}`, `/admin${own}/notes`, { body: "For staff." });
  const other = (await bookingIn(world.cast, "approved")).booking.reference;
  const pay = `/bookings/${other}/payment`;
  const { location: attempt } = await alice.fill(pay, `${pay}s`, { method: "bank" });
  await send(`${attempt}/proof`, { note: "Sent.", file: picture });

  const { text } = await alice.get(`${own}/chat`);
  const receipt = (await alice.get(own)).text.match(/receipts\/[\w.-]+/)?.[0];
  const [note] = await world.db.select().from(bookingNotes);
  return {
    file: text.match(/chat\/files\/[\w-]+/)?.[0] ?? "none",
    message: `chat/messages/${text.match(/id="message-(\d+)"/)?.[1]}`,
    note: `notes/${note?.idempotencyKey}`,
    receipt: receipt ?? "none",
    payment: attempt.slice(attempt.indexOf("payments/")),
    bookings: [reference, other],
  };
}

Deno.test("asvs V8.2.2: what belongs to a booking is found through no other booking, and by nobody else", async () => {
  await using world = await openWorld();
  const people = await peopleIn(world);
  const { file, message, note, receipt, payment, bookings: [mine = "", paying = ""] } =
    await belongings(world, people);
  const { alice, bob: other, agent, owner, stranger } = people;
  for (const path of [`${mine}/${file}`, `${mine}/${receipt}`, `${paying}/${payment}/proof`]) {
    assertEquals([path, (await alice.get(`/bookings/${path}`)).status], [path, 200]);
  }
  const { reference } = await submitBooking(
    world.db,
    submission(bob, { userId: world.cast.bob.id ?? undefined }),
  );
  const { booking: { accessToken } } = await fileOf(world.db, reference);
  const mails = await world.db.select().from(emailNotifications);
  assert(mails.length > 3, "there are mails to look for");

  const shown = [file, receipt, payment, `${payment}/proof`, message, "chat/stream"];
  const [theirs, link] = [`/bookings/${reference}`, `/status/${accessToken}`];
  const places = [[other, theirs], [other, `/bookings/${mine}`], [stranger, link]] as const;
  const unseen = [
    ...places.flatMap(([who, base]) => shown.map((what) => [who, `${base}/${what}`] as const)),
    ...[file, receipt, message, "notes", "chat", "chat/stream"].map((what) =>
      [agent, `/admin/bookings/${mine}/${what}`] as const
    ),
    ...[file, receipt, message].map((what) => [owner, `/admin${theirs}/${what}`] as const),
    [agent, `/admin/${payment}/proof`] as const,
    ...mails.flatMap(({ id }) =>
      ["", "/html"].map((part) => [agent, `/admin/emails/${id}${part}`] as const)
    ),
  ];
  for (const [who, path] of unseen) {
    await assertUnknown(who, await who.get(path));
    assertEquals([path, (await who.send(path, { method: "HEAD" })).status], [path, 404]);
  }
  const unwritten = [
    ...[message, `${message}/deletion`, `${payment}/proof`, `${payment}/check`].flatMap((what) =>
      [theirs, `/bookings/${mine}`].map((base) => [other, `${base}/${what}`] as const)
    ),
    ...["proof", "check"].map((what) => [stranger, `${link}/${payment}/${what}`] as const),
    [owner, `/admin${theirs}/${note}/deletion`] as const,
    [agent, `/admin/bookings/${mine}/${note}/deletion`] as const,
    ...[message, `${message}/deletion`].map((what) =>
      [owner, `/admin/bookings/${mine}/${what}`] as const
    ),
  ];
  await assertNothingWritten(world, async () => {
    for (const [who, path] of unwritten) {
      await assertUnknown(who, await who.post(path, { body: "Mine.", note: "Mine." }));
    }
  });
});
