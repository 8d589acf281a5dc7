import { assertEquals } from "@std/assert";
import type { Payment } from "../../db/payments.ts";
import { paymentNotices } from "../../db/schema.ts";
import { bookingIn } from "../cast.ts";
import { call, fakeProvider } from "../fake_provider.ts";
import { paying, standing, told } from "../ledger.ts";
import { assertNothingWritten } from "../pages.ts";
import { openWorld } from "../world.ts";

Deno.test("a signed call settles, mails at once, and is answered 200 however often it comes", async () => {
  await using world = await openWorld({ gateways: [fakeProvider()] });
  const { payment } = await paying(world.cast);
  const sent = call(told(payment));
  const provider = world.stranger();

  const answers = await Promise.all(
    [1, 2, 3, 4, 5].map(() => provider.send("/hooks/stripe", sent)),
  );
  assertEquals(answers.map(({ status }) => status), [200, 200, 200, 200, 200]);
  assertEquals(answers.map(({ text }) => text).sort(), [
    "known",
    "known",
    "known",
    "known",
    "succeeded",
  ]);
  assertEquals(await standing(world.db, payment), "paid succeeded");
  const subjects = (await world.mails()).map(({ subject }) => subject);
  assertEquals(subjects.filter((subject) => subject.includes("Paid:")).length, 1);
});

Deno.test("T-WH-FORGE: a call that is not signed for us is answered 400 and changes nothing", async () => {
  await using world = await openWorld({ gateways: [fakeProvider()] });
  const { payment } = await paying(world.cast);
  const { body } = call(told(payment));

  await assertNothingWritten(world, async () => {
    for (const headers of [{}, { "x-signature": "signed 1" }, { Origin: world.url }]) {
      const sent = { method: "POST", body, headers: headers as Record<string, string> };
      const answer = await world.stranger().send("/hooks/stripe", sent);
      assertEquals([answer.status, answer.text], [400, "not signed for us"]);
    }
  });
});

Deno.test("a call of no use is answered 200, one that cannot be checked 503, and one too large 413", async () => {
  const gateway = fakeProvider();
  await using world = await openWorld({ gateways: [gateway] });
  const { payment } = await paying(world.cast);
  const send = (sent: RequestInit, path = "/hooks/stripe") => world.stranger().send(path, sent);

  assertEquals((await send(call(null))).status, 200);
  await assertNothingWritten(world, async () => {
    const unknown = await send(call(told({ ...payment, id: "nobody's" })));
    assertEquals([unknown.status, unknown.text], [200, "unknown"]);
    assertEquals((await send(call(told(payment)), "/hooks/paypal")).status, 400);
    assertEquals((await send({ method: "GET" })).status, 405);
    const large = { ...call(null), body: "x".repeat(257 * 1024) };
    assertEquals((await send(large)).status, 413);
    gateway.away = true;
    const away = await send(call(told(payment)));
    assertEquals([away.status, away.headers.get("retry-after")], [503, "60"]);
  });
  gateway.away = false;
  assertEquals((await send(call(told(payment)))).text, "succeeded");
});

Deno.test("F11: a call that breaks in the middle is answered 500 and works when it comes again", async () => {
  await using world = await openWorld({ gateways: [fakeProvider()] });
  const { payment } = await paying(world.cast);
  const sent = call(told(payment));
  await world.db.$client.execute(
    "create trigger broken before insert on chat_rooms begin select raise(abort, 'broken'); end",
  );
  const broken = await assertNothingWritten(
    world,
    () => world.stranger().send("/hooks/stripe", sent),
  );
  assertEquals(broken.status, 500);

  await world.db.$client.execute("drop trigger broken");
  assertEquals((await world.stranger().send("/hooks/stripe", sent)).text, "succeeded");
  assertEquals((await world.db.select().from(paymentNotices)).length, 1);
});

Deno.test("a call costs two round trips, whatever else there is", async () => {
  await using world = await openWorld({ slow: 15, gateways: [fakeProvider()] });
  for (let n = 0; n < 5; n++) await bookingIn(world.cast, "payment_pending");
  const { payment } = await paying(world.cast);
  const trips = async (sent: RequestInit, text: string) => {
    await world.trips.begin();
    const answer = await world.stranger().send("/hooks/stripe", sent);
    assertEquals([answer.status, answer.text], [200, text]);
    return world.trips.count();
  };
  const sent = call(told(payment as Payment));
  assertEquals(await trips(sent, "succeeded"), 2);
  await world.mails();
  assertEquals(await trips(sent, "known"), 1);
});
