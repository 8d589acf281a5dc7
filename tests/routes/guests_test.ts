import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { statuses } from "../../db/booking_status.ts";
import { chatMessages, serviceBookings, users } from "../../db/schema.ts";
import { alice, bookingIn, fileOf } from "../cast.ts";
import { assertBothSizes, assertNothingWritten, assertUnknown } from "../pages.ts";
import { openWorld, type World } from "../world.ts";

/** Alice has booked as a guest: she has the link, and no password. */
const unclaimed = async (world: World) => {
  await world.db.update(users).set({ passwordHash: null, emailVerifiedAt: null });
};
const linkTo = ({ booking }: { booking: { accessToken: string } }) =>
  `/status/${booking.accessToken}`;

Deno.test("whoever holds the link sees the booking in every state, without signing in", async () => {
  await using world = await openWorld();
  const guest = world.stranger();
  await unclaimed(world);

  for (const status of statuses) {
    const file = await bookingIn(world.cast, status);
    const { text, headers } = await assertBothSizes(guest, linkTo(file));
    assertStringIncludes(
      text,
      `data-reference="${file.booking.reference}" data-status="${status}"`,
    );
    assertStringIncludes(text, `action="${linkTo(file)}/claim"`);
    assertEquals(headers.get("cache-control"), "private, no-store");
    assertEquals(headers.get("referrer-policy"), "same-origin");
    assert(
      !text.includes(`href="/bookings/${file.booking.reference}`),
      "no page that asks to sign in",
    );
  }
});

Deno.test("asvs V14.2.6: the link of a booking tells its holder nobody's address or number", async () => {
  await using world = await openWorld();
  const { booking } = await bookingIn(world.cast, "approved");
  await world.db.update(serviceBookings).set({ clientPhone: "+49 30 1234567" });
  const own = await (await world.signedIn("alice")).get(`/bookings/${booking.reference}`);
  const held = await world.stranger().get(linkTo({ booking }));

  for (const told of [alice.email, "+49 30 1234567"]) {
    assertEquals([told, own.text.includes(told)], [told, true]);
    assertEquals([told, held.text.includes(told)], [told, false]);
  }
  assertStringIncludes(held.text, alice.name);
});

Deno.test("a guest pays with the link alone, and is told how to get into the chat", async () => {
  await using world = await openWorld();
  const guest = world.stranger();
  await unclaimed(world);
  const file = await bookingIn(world.cast, "approved");
  const base = linkTo(file);

  await assertBothSizes(guest, `${base}/payment`);
  const answer = await guest.fill(`${base}/payment`, `${base}/payments`, { method: "test" });
  assertEquals(answer.status, 303);
  assertMatch(answer.location, new RegExp(`^${base}/payments/[\\w-]{22}$`));
  const { text } = await assertBothSizes(guest, answer.location);
  assertStringIncludes(text, 'data-payment-status="succeeded"');
  assertStringIncludes(text, "you claim your account");
  const { booking, events } = await fileOf(world.db, file.booking.reference);
  assertEquals(booking.status, "paid");
  const begun = events.find(({ move }) => move === "start_payment");
  assertEquals([begun?.actorKind, begun?.actorName], ["client", alice.name]);
});

Deno.test("a guest tells of a transfer and cancels with the link alone", async () => {
  await using world = await openWorld();
  const guest = world.stranger();
  const file = await bookingIn(world.cast, "payment_pending");
  const base = linkTo(file);
  const attempt = `${base}/payments/${file.payments[0]?.id}`;

  const told = await guest.fill(attempt, `${attempt}/proof`, { note: "Sent on Monday." });
  assertEquals([told.status, told.location], [303, attempt]);
  const held = await assertNothingWritten(world, () => guest.post(`${base}/cancellation`, {}));
  assertEquals(held.status, 409);
  assertStringIncludes(held.text, "A payment is being checked");

  const other = linkTo(await bookingIn(world.cast, "pending"));
  const answer = await guest.fill(other, `${other}/cancellation`, { reason: "Changed my mind." });
  assertEquals([answer.status, answer.location], [303, other]);
  assertStringIncludes((await guest.get(other)).text, 'data-status="cancelled"');
});

Deno.test("a guest asks for an account and gets one mail, however often they ask", async () => {
  await using world = await openWorld();
  const guest = world.stranger();
  await unclaimed(world);
  const base = linkTo(await bookingIn(world.cast, "pending"));
  const claims = async () =>
    (await world.mails()).filter(({ subject }) => /choose a password/i.test(subject));
  const before = (await claims()).length;

  const answers = await Promise.all([1, 2, 3].map(() => guest.post(`${base}/claim`, {})));
  for (const { status, text } of answers) {
    assertEquals(status, 200);
    assertStringIncludes(text, "We sent a link to <bdi>al…@…</bdi>");
    assertEquals(text.includes(alice.email), false);
  }
  assertEquals((await claims()).length - before, 1);
  world.time.now += 10 * 60_000;
  await guest.post(`${base}/claim`, {});
  const mails = await claims();
  assertEquals(mails.length - before, 2);
  const link = mails[0]?.text.match(/\/claim\/[\w-]{43}/)?.[0] ?? "";
  assertEquals((await guest.get(link)).status, 200);
});

Deno.test("who has an account already is told to sign in, once something is paid", async () => {
  await using world = await openWorld();
  const base = linkTo(await bookingIn(world.cast, "paid"));

  const page = await world.stranger().get(base);
  assertStringIncludes(page.text, "Sign in to chat");
  assertEquals(page.text.includes(`action="${base}/claim"`), false);
});

Deno.test("asvs V6.3.8: booking with somebody's address tells nobody whether it has an account", async () => {
  await using world = await openWorld();
  const words = { service: "landing-page", name: "Mallory", urgency: "low", details: "A page." };
  const read = [];
  for (const email of [alice.email, "nobody@nowhere.example"]) {
    const guest = world.stranger();
    const { location: base } = await guest.fill("/book", "/bookings", { ...words, email });
    const [, , token = "none"] = base.split("/");
    const answers = [
      await guest.get(base),
      await guest.post(`${base}/claim`, {}),
      await guest.get(base),
    ];
    const said = answers.map(({ status, text }) => `${status} ${text}`).join("\n");
    read.push(
      said.replaceAll(token, "…").replace(/CP2026\w{6}/g, "…").replace(/\w\w…@…/g, "…@…")
        .replace(/value="[\w-]{36,}"/g, ""),
    );
  }
  assertStringIncludes(read[0] ?? "", "We sent a link to");
  assertEquals(read[0], read[1]);

  const to = async (email: string) =>
    (await world.mails()).filter(({ toEmail }) => toEmail === email).map(({ subject }) => subject);
  assert((await to(alice.email)).includes("Choose a new password"));
});

Deno.test("another link opens nothing, and the link opens no other booking", async () => {
  await using world = await openWorld();
  const guest = world.stranger();
  const [mine, other] = [
    await bookingIn(world.cast, "payment_pending"),
    await bookingIn(world.cast, "payment_pending"),
  ];
  const payment = `payments/${other.payments[0]?.id}`;

  await assertNothingWritten(world, async () => {
    for (
      const token of [
        "x",
        "A".repeat(43),
        "%00",
        mine.booking.reference,
        `${mine.booking.accessToken}x`,
      ]
    ) {
      const base = `/status/${token}`;
      for (const path of [base, `${base}/payment`, `${base}/payments/${mine.payments[0]?.id}`]) {
        await assertUnknown(guest, await guest.get(path));
      }
      for (const path of ["cancellation", "claim", "payments"]) {
        await assertUnknown(guest, await guest.post(`${base}/${path}`, { method: "test" }));
      }
    }
    await assertUnknown(guest, await guest.get(`${linkTo(mine)}/${payment}`));
    await assertUnknown(guest, await guest.post(`${linkTo(mine)}/${payment}/proof`, {}));
  });
});

Deno.test("the link does not open the chat", async () => {
  await using world = await openWorld();
  const guest = world.stranger();
  const file = await bookingIn(world.cast, "paid");

  for (const path of ["chat", "chat/stream"]) {
    await assertUnknown(guest, await guest.get(`${linkTo(file)}/${path}`));
  }
  const posted = await guest.post(`${linkTo(file)}/chat/messages`, {
    body: "Hello",
    client_id: "a",
  });
  await assertUnknown(guest, posted);
  assertEquals((await guest.get(`/bookings/${file.booking.reference}/chat`)).status, 303);
  assertEquals(await world.db.select().from(chatMessages), []);
});
