import { assert, assertEquals } from "@std/assert";
import { eq } from "drizzle-orm";
import { admins, users } from "../../db/schema.ts";
import { PACE } from "../../routes/chat_tail.ts";
import { ada, alice, bookingIn } from "../cast.ts";
import { eventsOf, take } from "../event_reader.ts";
import { Visitor } from "../visitor.ts";
import { openWorld, PASSWORD, type World } from "../world.ts";

const pace = { tick: 1000, heartbeat: 20 };
const NEW = "seven kettles of one tide";
const areas = [
  { who: "alice", door: "/sign-in", base: "/account", email: alice.email, chat: "" },
  { who: "ada", door: "/admin/sign-in", base: "/admin/account", email: ada.email, chat: "/admin" },
] as const;
type Area = typeof areas[number];

/** What ends a session while its stream is open: done in it, or in another one of the same person. */
const ways: Record<string, (world: World, area: Area, own: Visitor, other: Visitor) => unknown> = {
  "signing out": (_world, _area, own) => own.post("/sign-out", {}),
  "a changed password": (_world, { base }, _own, other) =>
    other.post(`${base}/password`, { current_password: PASSWORD, password: NEW }),
  "ending all others": (_world, { base }, _own, other) => other.post(`${base}/sessions/end`, {}),
  "a closed account": ({ db }, { who, email }) =>
    who === "ada"
      ? db.update(admins).set({ deactivatedAt: 1 }).where(eq(admins.email, email))
      : db.update(users).set({ deactivatedAt: 1 }).where(eq(users.email, email)),
};

Deno.test("asvs V7.4.1 V7.4.2 V7.4.3: an open stream ends with its session, and the cookie opens nothing more", async () => {
  assert(PACE.heartbeat < 15_000, "sessions of open streams are looked at within 15 seconds");
  for (const [way, end] of Object.entries(ways)) {
    await using world = await openWorld({ pace });
    const { booking: { reference } } = await bookingIn(world.cast, "in_progress");
    for (const area of areas) {
      const [own, other] = [await world.signedIn(area.who), await world.signedIn(area.who)];
      const copied = new Visitor(world.url);
      for (const [name, value] of own.cookies) copied.cookies.set(name, value);
      const chat = `${area.chat}/bookings/${reference}/chat`;
      const stream = await copied.open(`${chat}/stream`);
      assertEquals([way, stream.status], [way, 200]);

      await end(world, area, own, other);
      assertEquals([way, await take(eventsOf(stream.body), 1)], [way, []]);
      assertEquals((await copied.get(chat)).location.split("?")[0], area.door);
      assertEquals((await copied.get(chat, { htmx: true })).status, 401);
      assertEquals((await copied.get(`${chat}/stream`)).location.split("?")[0], area.door);
    }
  }
});

Deno.test("a stream outlives the sessions of others", async () => {
  await using world = await openWorld({ pace });
  const { booking: { reference } } = await bookingIn(world.cast, "in_progress");
  const [own, ada] = [await world.signedIn("alice"), await world.signedIn("ada")];
  const chat = `/bookings/${reference}/chat`;
  const events = eventsOf((await own.open(`${chat}/stream`)).body);
  await (await world.signedIn("alice")).post("/sign-out", {});
  await (await world.signedIn("bob")).post("/account/sessions/end", {});

  await ada.post(`/admin${chat}/messages`, { body: "Still here.", client_id: "a" });
  assertEquals((await take(events, 1)).length, 1);
  await events.return(null);
});
