import { assert, assertEquals } from "@std/assert";
import { bookingIn } from "../cast.ts";
import { openWorld, PASSWORD, type World } from "../world.ts";

/** Each call to the database takes this long, so that trips that overlap are told from those that follow. */
const DELAY = 15;

async function tripsOf(world: World, act: () => Promise<{ status: number }>, status: number) {
  await world.trips.begin();
  const answer = await act();
  const trips = world.trips.count();
  assertEquals(answer.status, status);
  await world.mails();
  return trips;
}

Deno.test("public pages cost no round trip, signed-in pages one", async () => {
  await using world = await openWorld({ slow: DELAY });
  const { booking } = await bookingIn(world.cast, "payment_pending");
  const talked = await bookingIn(world.cast, "in_progress");
  const [guest, alice, ada] = [
    world.stranger(),
    await world.signedIn("alice"),
    await world.signedIn("ada"),
  ];
  const trips = async (visitor: typeof guest, path: string) =>
    [path, await tripsOf(world, () => visitor.get(path), 200)] as const;
  await guest.get("/");

  for (
    const path of [
      "/",
      "/services",
      "/services/landing-page",
      "/book",
      "/sign-in",
      "/help",
      "/help/paying",
    ]
  ) {
    assertEquals(await trips(guest, path), [path, 0]);
  }
  const ref = booking.reference;
  const clients = [
    `/bookings/${ref}`,
    `/bookings/${ref}/payment`,
    `/bookings/${talked.booking.reference}/chat`,
  ];
  for (const path of ["/dashboard", "/account", "/book", ...clients]) {
    assertEquals(await trips(alice, path), [path, 1]);
  }
  assertEquals(await trips(guest, `/status/${booking.accessToken}`), [
    `/status/${booking.accessToken}`,
    1,
  ]);
  const lists = [
    "/admin/bookings",
    "/admin/bookings?q=alice&status=pending",
    `/admin/bookings?status=pending&open=${ref}&done=${ref}`,
    "/admin/services",
    "/admin/categories",
    "/admin/payments",
    "/admin/emails",
    "/admin/emails?status=dead&template=new_booking",
    "/admin/emails/1",
    "/admin/emails/preview",
    "/admin/emails/suppressed",
    "/admin/team",
    "/admin/audit",
    "/admin/jobs",
    "/admin/chat",
    "/admin/chat?show=unread",
    "/admin/chat?q=hello",
    "/admin/replies",
    `/admin/bookings/${ref}/notes`,
  ];
  const pages = [`/admin/bookings/${ref}`, `/admin/bookings/${talked.booking.reference}/chat`];
  for (const path of ["/admin", "/admin/account", ...lists, ...pages]) {
    assertEquals(await trips(ada, path), [path, 1]);
  }
});

Deno.test("a change costs two round trips: one to read, one to write", async () => {
  await using world = await openWorld({ slow: DELAY });
  const [guest, alice, ada] = [
    world.stranger(),
    await world.signedIn("alice"),
    await world.signedIn("ada"),
  ];
  const pending = await bookingIn(world.cast, "pending");
  const approved = await bookingIn(world.cast, "approved");
  const last = (await bookingIn(world.cast, "pending")).booking.reference;
  const quick = (await bookingIn(world.cast, "pending")).booking.reference;
  const paid = await bookingIn(world.cast, "paid");
  const ref = pending.booking.reference;
  const chat = `/bookings/${paid.booking.reference}/chat/messages`;
  const noAnswer = `/admin/chat/${paid.booking.reference}/no-answer`;
  const form = {
    service: "landing-page",
    urgency: "low",
    details: "x",
    name: "Grace",
    email: "grace@holm.example",
  };

  const changes: [string, number][] = [
    ["book", await tripsOf(world, () => guest.post("/bookings", form), 303)],
    [
      "hold",
      await tripsOf(world, () => ada.post(`/admin/bookings/${ref}/hold`, { version: "1" }), 303),
    ],
    [
      "approve",
      await tripsOf(
        world,
        () => ada.post(`/admin/bookings/${ref}/approval`, { price: "149.00" }),
        303,
      ),
    ],
    [
      "pay",
      await tripsOf(
        world,
        () => alice.post(`/bookings/${approved.booking.reference}/payments`, { method: "test" }),
        303,
      ),
    ],
    ["say", await tripsOf(world, () => alice.post(chat, { body: "Hello", client_id: "a" }), 303)],
    ["change", await tripsOf(world, () => alice.post(`${chat}/1`, { body: "Hello there" }), 303)],
    [
      "read",
      await tripsOf(
        world,
        () => alice.post(chat.replace("messages", "reads"), { message: "1" }),
        204,
      ),
    ],
    ["type", await tripsOf(world, () => alice.post(chat.replace("messages", "typing"), {}), 204)],
    [
      "assign",
      await tripsOf(
        world,
        () => ada.post(`/admin/bookings/${ref}/assignment`, { admin: "1" }),
        303,
      ),
    ],
    [
      "note",
      await tripsOf(world, () => ada.post(`/admin/bookings/${ref}/notes`, { note: "Ask." }), 303),
    ],
    [
      "reply",
      await tripsOf(world, () => ada.post("/admin/replies", { slug: "a", body: "b" }), 303),
    ],
    [
      "no answer",
      await tripsOf(world, () => ada.post(noAnswer, { message: "1" }), 303),
    ],
    [
      "invite",
      await tripsOf(
        world,
        () => ada.post("/admin/team/invitations", { email: "zoe@holm.example", role: "agent" }),
        303,
      ),
    ],
    [
      "approve in the queue",
      await tripsOf(
        world,
        () => ada.post(`/admin/bookings/${quick}/approval`, { price: "9", view: "row" }),
        303,
      ),
    ],
    ["undo", await tripsOf(world, () => ada.post(`/admin/bookings/${quick}/undo`, {}), 303)],
    [
      "approve together",
      await tripsOf(
        world,
        () => ada.post("/admin/bookings/approvals", { booking: [`${last}.1`] }),
        200,
      ),
    ],
    [
      "keep a filter",
      await tripsOf(
        world,
        () => ada.post("/admin/bookings/filters", { name: "a", query: "status=paid" }),
        303,
      ),
    ],
    ["cancel", await tripsOf(world, () => alice.post(`/bookings/${ref}/cancellation`, {}), 303)],
  ];

  assertEquals(changes, changes.map(([name]) => [name, 2]));
});

Deno.test("a change to an account costs two round trips, and the hashes", async () => {
  await using world = await openWorld({ slow: DELAY });
  const [guest, alice] = [world.stranger(), await world.signedIn("alice")];
  const other = await world.signedIn("alice");
  const { email } = { email: "grace@holm.example" };
  const password = "a quiet kettle";
  const own = { current_password: PASSWORD, password };
  const act = async (path: string, sent: Record<string, string>, status = 303, who = alice) =>
    [path, await tripsOf(world, () => who.post(path, sent), status)] as const;

  const changes = [
    await act("/register", { name: "Grace", email, password }, 200, guest),
    await act("/reset-password", { email }, 200, guest),
    await act("/reset-password", { email: "nobody@nowhere.example" }, 200, guest),
    await act("/account/profile", { name: "Alice" }),
    await act("/account/email", { email: "alice@meyer.example", email_password: PASSWORD }),
    await act("/account/sessions/end", {}),
    await act("/account/password", own),
    await act("/sign-in", { email: "alice@northwind.example", password }, 303, other),
    await act("/sign-out", {}, 303, other),
  ];
  assertEquals(changes, changes.map(([path]) => [path, 2] as const));
  for (const to of ["alice@northwind.example", "alice@meyer.example"]) {
    assert((await world.mails()).some(({ toEmail }) => toEmail === to));
  }
});
