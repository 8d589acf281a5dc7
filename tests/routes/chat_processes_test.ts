import { assertEquals } from "@std/assert";
import { asc } from "drizzle-orm";
import { chatMessages } from "../../db/schema.ts";
import { ada, alice, bookingIn, castIn } from "../cast.ts";
import { openTestDatabase } from "../databases.ts";
import { eventsOf, saidIn } from "../event_reader.ts";
import { startProduct } from "../process.ts";
import { Visitor } from "../visitor.ts";
import { PASSWORD, PASSWORD_HASH } from "../world.ts";

/** Mulberry32, a small generator of numbers from 0 to 1: the same seed cuts at the same places. */
function seeded(seed: number) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const SEED = 20261124;
const EACH = 12;
const THE_END = "the end";

/** The same person at both processes: a session of one is a session of the other. */
async function atBoth(urls: string[], door: string, email: string): Promise<Visitor[]> {
  const [first, second] = urls.map((url) => new Visitor(url)) as [Visitor, Visitor];
  assertEquals((await first.post(door, { email, password: PASSWORD })).status, 303);
  for (const [name, value] of first.cookies) second.cookies.set(name, value);
  return [first, second];
}

Deno.test("two processes: readers cut at random lose nothing, see nothing twice, and all see one order", async () => {
  await using place = await openTestDatabase("sqld");
  const { db } = place;
  const cast = await castIn(db, PASSWORD_HASH);
  const { booking: { reference } } = await bookingIn(cast, "in_progress");
  const env = { TURSO_DATABASE_URL: place.url };
  await using stack = new AsyncDisposableStack();
  const started = await Promise.all([startProduct(env), startProduct(env)]);
  const urls = started.map((product) => stack.use(product).url);
  const sides = [
    { who: await atBoth(urls, "/sign-in", alice.email), chat: `/bookings/${reference}/chat` },
    {
      who: await atBoth(urls, "/admin/sign-in", ada.email),
      chat: `/admin/bookings/${reference}/chat`,
    },
  ];

  const write = async (writer: number) => {
    const random = seeded(SEED + writer);
    const { who, chat } = sides[writer % 2] as typeof sides[0];
    for (let n = 0; n < EACH; n++) {
      const post = () => {
        const visitor = who[random() < 0.5 ? 0 : 1] as Visitor;
        return visitor.post(`${chat}/messages`, {
          body: `${writer}:${n}`,
          client_id: `${writer} ${n}`,
        });
      };
      const repeats = Array.from({ length: 1 + Math.floor(random() * 3) }, post);
      for (const { status } of await Promise.all(repeats)) assertEquals(status, 303);
    }
  };
  const read = async (reader: number) => {
    const random = seeded(SEED - reader);
    const { who, chat } = sides[reader % 2] as typeof sides[0];
    const seen: { id: number; body: string }[] = [];
    while (seen.at(-1)?.body !== THE_END) {
      const visitor = who[random() < 0.5 ? 0 : 1] as Visitor;
      const from: Record<string, string> = seen.length > 0
        ? { "Last-Event-ID": String(seen.at(-1)?.id) }
        : {};
      const response = await visitor.open(`${chat}/stream?after=0`, from);
      assertEquals(response.status, 200);
      let left = 1 + Math.floor(random() * 9);
      for await (const event of eventsOf(response.body)) {
        seen.push({ id: Number(event.id), body: saidIn(event) });
        if (--left === 0 || saidIn(event) === THE_END) break;
      }
    }
    return seen;
  };

  const readers = [0, 1, 2, 3, 4, 5].map(read);
  await Promise.all([0, 1, 2, 3].map(write));
  const { who: [last], chat } = sides[0] as typeof sides[0];
  await last?.post(`${chat}/messages`, { body: THE_END, client_id: THE_END });
  const all = await Promise.all(readers);

  const stored = await db.select().from(chatMessages).orderBy(asc(chatMessages.id));
  const order = stored.map(({ id, body }) => ({ id, body }));
  assertEquals(stored.length, 4 * EACH + 1);
  for (const seen of all) assertEquals(seen, order, `seed ${SEED}`);
  for (const writer of [0, 1, 2, 3]) {
    const own = order.map(({ body }) => body.split(":").map(Number))
      .filter(([by]) => by === writer).map(([, n]) => n);
    assertEquals(own, Array.from({ length: EACH }, (_, n) => n));
  }
});
