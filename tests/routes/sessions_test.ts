import { assert, assertEquals } from "@std/assert";
import { base64url, generateKeyPair, SignJWT, UnsecuredJWT } from "jose";
import { sessions, users } from "../../db/schema.ts";
import { bookingIn, DAY } from "../cast.ts";
import { openWorld, type World } from "../world.ts";

const KEY = base64url.decode("k".repeat(43));
const cookie = "__Host-connectpro";

/** Whether a visitor with this cookie, and no other, sees `path`. */
async function opens(world: World, { name = cookie, value, path = "/dashboard" }: {
  name?: string;
  value: string;
  path?: string;
}): Promise<boolean> {
  const visitor = world.stranger();
  visitor.cookies.set(name, value);
  const { status, location } = await visitor.get(path);
  if (status === 200) return true;
  assertEquals(status, 303);
  assert(/^(\/admin)?\/sign-in\?next=/.test(location), location);
  return false;
}

type Forged = {
  header?: Record<string, string>;
  audience?: string;
  exp?: number;
  key?: Parameters<SignJWT["sign"]>[0];
};

/** A token that says what a real one says, but for what is given. */
async function forge(world: World, forged: Forged = {}, claims: Record<string, unknown> = {}) {
  const [session] = await world.db.select().from(sessions);
  const now = Math.floor(world.time.now / 1000);
  const { header, audience = "connectpro/client", exp = now + 60, key = KEY } = forged;
  return await new SignJWT({ sid: session?.id, ...claims })
    .setProtectedHeader({ alg: "HS256", kid: "test", typ: "client+jwt", ...header })
    .setSubject(String(claims.sub ?? session?.userId)).setAudience(audience)
    .setIssuedAt(now).setExpirationTime(exp).sign(key);
}

Deno.test("asvs V6.8.2 V9.1.1 V9.1.2 V9.1.3 V9.2.1 V9.2.2 V9.2.3: a session is opened only by the token we signed for it", async () => {
  await using world = await openWorld();
  const { cookies } = await world.signedIn("alice");
  const real = cookies.get(cookie) ?? "";
  const [head, body, signature = ""] = real.split(".");
  const [session] = await world.db.select().from(sessions);
  const bare = new UnsecuredJWT({ sid: session?.id }).setSubject("1")
    .setAudience("connectpro/client").setIssuedAt(1).setExpirationTime("365d").encode();
  assert(await opens(world, { value: real }), "the real one does");
  assert(await opens(world, { value: await forge(world) }), "one that says the same does");

  const otherKey = base64url.decode("x".repeat(43));
  const endless = new SignJWT({ sid: session?.id }).setSubject(String(session?.userId))
    .setProtectedHeader({ alg: "HS256", kid: "test", typ: "client+jwt" })
    .setAudience("connectpro/client").setIssuedAt(Math.floor(world.time.now / 1000));
  const { privateKey } = await generateKeyPair("RS256");
  const flipped = base64url.decode(signature).map((byte, at) => at === 7 ? byte ^ 1 : byte);
  const wrong: Record<string, string> = {
    "tampered body": [head, `${body?.slice(0, -2)}xx`, signature].join("."),
    "tampered signature": [head, body, signature.replace(/./g, "A")].join("."),
    "one flipped bit": [head, body, base64url.encode(flipped)].join("."),
    "no end": await endless.sign(KEY),
    "RS256": await forge(world, { header: { alg: "RS256" }, key: privateKey }),
    "no signature": [head, body, ""].join("."),
    "alg none": bare,
    "other key": await forge(world, { key: otherKey }),
    "unknown key id": await forge(world, { header: { kid: "other" } }),
    "other algorithm": await forge(world, { header: { alg: "HS512" }, key: new Uint8Array(64) }),
    "a key of its own": await forge(world, {
      key: otherKey,
      header: { jku: "https://evil.example/keys", x5u: "https://evil.example/cert" },
    }),
    "HS384": await forge(world, { header: { alg: "HS384" }, key: new Uint8Array(48) }),
    "other type": await forge(world, { header: { typ: "admin+jwt" } }),
    "other cookie": cookies.get("__Host-connectpro-device") ?? "",
    "other audience": await forge(world, { audience: "connectpro/admin" }),
    "too old": await forge(world, { exp: Math.floor(world.time.now / 1000) - 1 }),
    "unknown session": await forge(world, {}, { sid: "unknown" }),
    "no session": await forge(world, {}, { sid: 1 }),
    "somebody else": await forge(world, {}, { sub: world.cast.bob.id }),
    "no number": await forge(world, {}, { sub: "1 or 1" }),
    "not a token": "a.b.c",
    "nothing": "x",
  };
  for (const [what, value] of Object.entries(wrong)) {
    assertEquals([what, await opens(world, { value })], [what, false]);
  }
});

Deno.test("asvs V9.1.3: what an older key signed opens while that key is listed; the first one signs", async () => {
  const older = { kid: "test", secret: "k".repeat(43) };
  const newer = { kid: "newer", secret: "n".repeat(43) };
  for (const [keys, opened] of [[[newer, older], true], [[newer], false]] as const) {
    await using world = await openWorld({ keys: [...keys] });
    const { cookies } = await world.signedIn("alice");
    const head = (cookies.get(cookie) ?? "").split(".")[0] ?? "";
    assertEquals(JSON.parse(new TextDecoder().decode(base64url.decode(head))).kid, "newer");
    assertEquals(await opens(world, { value: await forge(world) }), opened);
  }
});

Deno.test("asvs V8.4.2 V9.2.4: a client's cookie opens no admin's page, and an admin's no client's", async () => {
  await using world = await openWorld();
  const { booking } = await bookingIn(world.cast, "paid");
  const admin = "__Host-connectpro-admin";
  const pages = [
    ["alice", cookie, "/admin"],
    ["alice", cookie, `/admin/bookings/${booking.reference}`],
    ["ada", admin, "/dashboard"],
    ["ada", admin, `/bookings/${booking.reference}/chat`],
  ] as const;

  for (const [who, name, path] of pages) {
    const value = (await world.signedIn(who)).cookies.get(name) ?? "";
    const other = name === admin ? cookie : admin;
    for (const as of [name, other]) {
      assertEquals([who, as, await opens(world, { name: as, value, path })], [who, as, false]);
    }
  }
});

Deno.test("asvs V7.3.1 V7.3.2: a session that nobody uses ends by itself; one in use goes on, but not for ever", async () => {
  await using world = await openWorld();
  const [alice, ada] = [await world.signedIn("alice"), await world.signedIn("ada")];
  const idle = [await world.signedIn("alice"), await world.signedIn("ada")];
  const stays = async (visitor: typeof alice, path: string, step: number) => {
    let stayed = 0;
    for (const start = world.time.now; world.time.now < start + 31 * DAY; stayed += step) {
      world.time.now += step;
      if ((await visitor.get(path)).status !== 200) return stayed;
    }
  };

  const start = world.time.now;
  world.time.now += DAY / 48 + 1000;
  assertEquals((await idle[1]?.get("/admin"))?.status, 303);
  world.time.now = start + 7 * DAY + 1000;
  assertEquals((await idle[0]?.get("/dashboard"))?.status, 303);
  world.time.now = start;
  assertEquals(await stays(ada, "/admin", DAY / 60), DAY / 2 - DAY / 60);
  world.time.now = start;
  assertEquals(await stays(alice, "/dashboard", 6 * DAY), 24 * DAY);
});

Deno.test("asvs V7.3.1: an open page that nobody sits before keeps no session alive, nor does its stream", async () => {
  await using world = await openWorld({ pace: { tick: 1000, heartbeat: 20 } });
  const { booking: { reference } } = await bookingIn(world.cast, "in_progress");
  const [ada, busy] = [await world.signedIn("ada"), await world.signedIn("ada")];
  const chat = `/admin/bookings/${reference}/chat`;
  const rooms =
    (await ada.get("/admin/chat")).text.match(/data-hx-get="(\/admin\/chat[^"]*)"/)?.[1] ??
      "";
  const streams = await Promise.all([ada, busy].map((visitor) => visitor.open(`${chat}/stream`)));
  assertEquals(streams.map(({ status }) => status), [200, 200]);

  for (let minute = 0; minute < 30; minute += 5) {
    assertEquals([minute, (await ada.get(rooms, { htmx: true })).status], [minute, 200]);
    assertEquals((await ada.post(`${chat}/reads`, { message: "1" })).status, 204);
    assertEquals((await ada.send(`${chat}/stream`, { method: "HEAD" })).status, 200);
    assertEquals((await busy.get(chat)).status, 200);
    world.time.now += 5 * 60_000;
  }
  await Promise.all(streams.map((stream) => stream.text()));
  assertEquals((await ada.get(rooms, { htmx: true })).status, 401);
  const again = await busy.open(`${chat}/stream`);
  assertEquals(again.status, 200, "whoever did something comes back");
  await again.body?.cancel();
});

Deno.test("asvs V7.4.2: a session ends at once when its account is closed", async () => {
  await using world = await openWorld();
  const alice = await world.signedIn("alice");

  await world.db.update(users).set({ deactivatedAt: world.time.now });
  assertEquals((await alice.get("/dashboard")).status, 303);
  assertEquals((await alice.post("/bookings/CP2026AAAAAA/cancellation", {})).status, 303);
});

Deno.test("asvs V7.1.2: the eleventh sign-in ends the oldest session and no other", async () => {
  await using world = await openWorld();
  const visitors = [];
  for (let at = 0; at < 11; at++) {
    world.time.now += 1000;
    visitors.push(await world.signedIn("alice"));
  }

  const statuses = [];
  for (const visitor of visitors) statuses.push((await visitor.get("/dashboard")).status);
  assertEquals(statuses, [303, ...Array(10).fill(200)]);
});
