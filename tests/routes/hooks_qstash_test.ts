import { assert, assertEquals } from "@std/assert";
import { eq } from "drizzle-orm";
import { bookingEvents, emailNotifications } from "../../db/schema.ts";
import { bookingIn, dump, fileOf, HOUR, NOW, UNPRICED } from "../cast.ts";
import { QStash } from "../qstash_server.ts";
import { verbs } from "../verbs.ts";
import { openWorld, type World } from "../world.ts";

const DUE = NOW + 96 * HOUR;
const taskFor = (reference: string) => JSON.stringify({ job: "approve_overdue", reference });
const hookOf = (world: World) => `${world.url}/hooks/qstash`;

/** Posts `body` to the hook with whatever signature. */
async function post(world: World, body: string, signature?: string) {
  const headers: Record<string, string> = signature ? { "Upstash-Signature": signature } : {};
  return await world.stranger().send("/hooks/qstash", { method: "POST", body, headers });
}

async function silently<T>(work: () => Promise<T>): Promise<[T, string[]]> {
  const said: string[] = [];
  const { error: say } = console;
  console.error = (line: string) => said.push(line);
  try {
    return [await work(), said];
  } finally {
    console.error = say;
  }
}

Deno.test("F8: each delivery three times, shuffled, early and late: one approval each, and 200 for all", async () => {
  await using qstash = new QStash();
  await using world = await openWorld({ env: qstash.env });
  const { db, cast } = world;
  const files = [];
  for (let n = 0; n < 4; n++) files.push(await bookingIn(cast, "pending"));
  const gone = await bookingIn(cast, "pending");
  const messages = [...files, gone].map(({ booking: { reference } }) => ({
    ...{ url: hookOf(world), body: taskFor(reference), retried: 0 },
  }));

  world.time.now = DUE - 1;
  for (const message of messages) assertEquals((await qstash.deliver(message)).text, "0 approved");
  await verbs.reject(db, gone, { actor: cast.ada, now: DUE - 1 });
  world.time.now = DUE;
  const shuffled = [2, 0, 3, 3, 1, 4, 0, 2, 1, 4, 3, 0, 1, 2, 4].map((at) => messages[at]);
  const answers = await Promise.all(
    shuffled.map((message) => qstash.deliver(message ?? { url: "", body: "", retried: 0 })),
  );
  assertEquals(answers.map(({ status }) => status), shuffled.map(() => 200));

  const events = await db.select().from(bookingEvents).where(eq(bookingEvents.move, "approve"));
  const mails = await db.select().from(emailNotifications)
    .where(eq(emailNotifications.template, "booking_approved"));
  assertEquals([events.length, mails.length], [4, 4]);
  assertEquals(new Set(events.map(({ bookingId }) => bookingId)).size, 4);
  assertEquals((await fileOf(db, gone.booking.reference)).booking.status, "rejected");
  assert(
    (await world.mails()).some(({ subject }) => subject.includes("Approved")),
    "they have left",
  );
});

Deno.test("what the clock cannot approve says so on time", async () => {
  await using qstash = new QStash();
  await using world = await openWorld({ env: qstash.env });
  const { booking: { reference } } = await bookingIn(world.cast, "pending");
  await world.db.$client.execute("update users set blocked_at = 1");
  world.time.now = DUE;
  const message = { url: hookOf(world), body: taskFor(reference), retried: 0 };
  for (let n = 0; n < 2; n++) assertEquals((await qstash.deliver(message)).status, 200);

  const { booking } = await fileOf(world.db, reference);
  assertEquals([booking.status, booking.attention], ["pending", "blocked"]);
  const mails = (await world.db.select().from(emailNotifications)).map(({ template }) => template);
  assertEquals(mails.filter((template) => template.startsWith("approval_")), [
    "approval_reminder",
    "approval_delayed",
  ]);
});

Deno.test("asvs V4.1.5: a call without QStash's signature of this body for this address is refused, 401", async () => {
  await using qstash = new QStash();
  await using world = await openWorld({ env: qstash.env });
  const { booking: { reference } } = await bookingIn(world.cast, "pending");
  world.time.now = DUE;
  const [body, url] = [taskFor(reference), hookOf(world)];
  const good = await qstash.sign(body, { url });
  const [head = "", claims = ""] = good.split(".");
  const none = btoa('{"alg":"none","typ":"JWT"}').replace(/=+$/, "");
  const before = await dump(world.db);

  const forged: Record<string, string | undefined> = {
    "no signature": undefined,
    "no token": "nonsense",
    "no letters of it": `${head}.${claims}.`,
    "no algorithm": `${none}.${claims}.`,
    "another key": await qstash.sign(body, { url, key: "sig_somebody_elses" }),
    "another body": await qstash.sign(body, { url, body: taskFor("CP2026ZZZZZZ") }),
    "another address": await qstash.sign(body, { url: `${world.url}/hooks/stripe` }),
    "another host": await qstash.sign(body, { url: "https://elsewhere.example/hooks/qstash" }),
    "another issuer": await qstash.sign(body, { url, issuer: "Somebody" }),
    "an old call": await qstash.sign(body, { url, age: 600 }),
    "a call to come": await qstash.sign(body, { url, age: -600 }),
  };
  for (const [name, signature] of Object.entries(forged)) {
    assertEquals([name, (await post(world, body, signature)).status], [name, 401]);
  }
  assertEquals((await post(world, `${body} `, good)).status, 401);
  assertEquals(await dump(world.db), before);

  const changed = await qstash.sign(body, { url, key: QStash.nextKey });
  assertEquals((await post(world, body, changed)).text, "1 approved");
});

Deno.test("F8: what nobody knows is answered 200 and logged, so that it does not come for ever", async () => {
  await using qstash = new QStash();
  await using world = await openWorld({ env: qstash.env });
  const before = await dump(world.db);
  const bodies = [
    ...["", "no json", "[]", "{}", '{"job":1}', '{"job":"approve_everything"}'],
    ...[taskFor("CP2026ZZZZZZ"), taskFor("nope"), '{"job":"__proto__","reference":"x"}'],
  ];
  for (const body of bodies) {
    const signature = await qstash.sign(body, { url: hookOf(world) });
    const [answer, said] = await silently(() => post(world, body, signature));
    assertEquals([body, answer.status, answer.text], [body, 200, "ignored"]);
    assertEquals(said.map((line) => JSON.parse(line).event), ["qstash_ignored"]);
    assert(!said.join().includes("ZZZZZZ"), "what was sent is no word of a log");
  }
  assertEquals(await dump(world.db), before);
});

Deno.test("a call that fails is answered 500, comes again and is done; a named job runs too", async () => {
  await using qstash = new QStash();
  await using world = await openWorld({ env: qstash.env });
  const { booking: { reference } } = await bookingIn(world.cast, "pending");
  await bookingIn(world.cast, "pending", { service: UNPRICED });
  const message = { url: hookOf(world), body: taskFor(reference), retried: 0, notBefore: DUE };
  qstash.messages.push({ ...message, id: "msg", deduplicationId: "a", authorization: "" });
  await world.db.$client.execute(
    `create trigger poison before insert on booking_events begin select raise(abort, 'x'); end`,
  );
  world.time.now = DUE;
  const [failed] = await silently(() => qstash.deliverDue(DUE));
  assertEquals(failed.map(({ status }) => status), [500]);
  await world.db.$client.execute("drop trigger poison");
  assertEquals(await qstash.deliverDue(DUE + 12_000), []);
  const again = await qstash.deliverDue(DUE + 13_000);
  assertEquals(again.map(({ status, text }) => [status, text]), [[200, "1 approved"]]);

  const body = JSON.stringify({ job: "raise_attention" });
  const signature = await qstash.sign(body, { url: hookOf(world) });
  assertEquals((await post(world, body, signature)).text, "2 done");
});

Deno.test("without QStash nothing is signed for us, and nobody may only look at the address", async () => {
  await using world = await openWorld();
  assertEquals((await post(world, "{}", "x")).status, 401);
  const looked = await world.stranger().get("/hooks/qstash");
  assertEquals([looked.status, looked.headers.get("allow")], [405, "POST"]);
});
