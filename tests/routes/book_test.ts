import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { eq } from "drizzle-orm";
import { findUserByEmail } from "../../db/users.ts";
import { serviceBookings, services } from "../../db/schema.ts";
import { alice, bob, fileOf, PRICED } from "../cast.ts";
import { assertBothSizes, escaped } from "../pages.ts";
import type { Answer } from "../visitor.ts";
import { openWorld, type World } from "../world.ts";

const grace = { name: "Grace Holm", email: "grace@holm.example" };
const wish = { ...grace, service: PRICED, urgency: "medium", details: "For the spring fair." };
const bookingsIn = (world: World) => world.db.select().from(serviceBookings);

Deno.test("a guest books without an account and gets a link by mail", async () => {
  await using world = await openWorld();
  const guest = world.stranger();
  const name = " Grace\r\nBcc:\0 Holm ";
  const sent = {
    ...wish,
    name,
    email: "  Grace@HOLM.example ",
    phone: "+49 30 1234",
    company: "Holm",
  };

  const answer = await guest.fill(`/book?service=${PRICED}`, "/bookings", sent);
  assertEquals(answer.status, 303);
  assertMatch(answer.location, /^\/status\/[\w-]{43}$/);
  const page = await guest.get(answer.location);
  assertEquals(page.status, 200);
  const [booking] = await bookingsIn(world);
  assertStringIncludes(page.text, `data-reference="${booking?.reference}" data-status="pending"`);
  const { clientName, clientEmail, clientPhone, clientCompany, details } = booking ?? {};
  assertEquals(
    [clientName, clientEmail, clientPhone, clientCompany, details],
    ["Grace Bcc: Holm", grace.email, "+49 30 1234", "Holm", wish.details],
  );
  assertEquals((await findUserByEmail(world.db, grace.email))?.passwordHash, null);
  const mails = await world.mails();
  const mine = mails.find(({ toEmail }) => toEmail === grace.email);
  assertStringIncludes(mine?.subject ?? "", booking?.reference ?? "none");
  assertStringIncludes(mine?.text ?? "", world.url + answer.location);
});

Deno.test("a signed-in client's details are filled in, and the booking is theirs whatever they type", async () => {
  await using world = await openWorld();
  const client = await world.signedIn("alice");

  const page = await client.get(`/book?service=${PRICED}`);
  assertStringIncludes(page.text, `value="${alice.name}"`);
  assertMatch(page.text, new RegExp(`<option value="${PRICED}" selected`));
  const answer = await client.fill("/book", "/bookings", { ...wish, email: bob.email });
  const [booking] = await bookingsIn(world);
  assertEquals([answer.status, answer.location], [303, `/bookings/${booking?.reference}`]);
  assertEquals([booking?.clientEmail, booking?.userId], [alice.email, world.cast.alice.id]);
  assertEquals((await client.get(answer.location)).status, 200);
});

Deno.test("the form that is sent again, or five times at once, books once", async () => {
  await using world = await openWorld();
  const guest = world.stranger();
  const form = { ...wish, idempotency_key: "one-form-of-grace" };

  const first = await guest.post("/bookings", form);
  const again = await Promise.all([1, 2, 3, 4, 5].map(() => guest.post("/bookings", form)));
  assertEquals(first.status, 303);
  assertEquals(
    again.map(({ status, location }) => [status, location]),
    again.map(() => [303, first.location]),
  );
  assertEquals((await bookingsIn(world)).length, 1);
  const mails = (await world.mails()).filter(({ toEmail }) => toEmail === grace.email);
  assertEquals(mails.length, 1);

  const thief = await world.stranger().post("/bookings", { ...form, email: bob.email });
  assertEquals(thief.status, 409);
  assertStringIncludes(thief.text, "This form was sent already. Load the page again");
});

const mistakes: [Record<string, string | string[]>, string][] = [
  [{ service: "no-such-service" }, "Choose one of the services on the list."],
  [{ service: "" }, "Choose one of the services on the list."],
  [{ service: [PRICED, PRICED] }, "Choose one of the services on the list."],
  [{ urgency: "yesterday" }, "Choose how urgent it is."],
  [{ urgency: ["low", "high"] }, "Choose how urgent it is."],
  [{ details: " \r\n\t " }, "Say what you need."],
  [{ details: "x".repeat(5001) }, "Use at most 5000 characters."],
  [{ details: ["a", "b"] }, "Say what you need."],
  [{ name: "  " }, "Write your name."],
  [{ name: "x".repeat(101) }, "Use at most 100 characters."],
  [{ email: "" }, "Write an e-mail address like name@example.com."],
  [{ email: "grace" }, "Write an e-mail address like name@example.com."],
  [{ email: "a@b.example, c@d.example" }, "Write an e-mail address like name@example.com."],
  [{ email: "a@b.example\r\nBcc: c@d.example" }, "Write an e-mail address like name@example.com."],
  [{ email: `${"x".repeat(250)}@b.example` }, "Write an e-mail address like name@example.com."],
  [{ phone: "1".repeat(41) }, "Use at most 40 characters."],
  [{ phone: ["1", "2"] }, "Write this once."],
  [{ company: "x".repeat(101) }, "Use at most 100 characters."],
];

Deno.test("a form with a mistake comes back with a sentence at the field, and books nothing", async () => {
  await using world = await openWorld();
  const guest = world.stranger();

  for (const [mistake, sentence] of mistakes) {
    const [name = ""] = Object.keys(mistake);
    const answer = await guest.post("/bookings", { ...wish, ...mistake });
    assertEquals([mistake, answer.status], [mistake, 422]);
    assertMatch(answer.text, /role="alert"/);
    assertStringIncludes(answer.text, `<a href="#${name}">${sentence}</a>`);
    assertMatch(answer.text, new RegExp(`aria-describedby="[^"]*${name}-error`));
    assertStringIncludes(answer.text, `id="${name}-error"`);
  }
  for (const name of ["service", "urgency", "details", "name", "email"]) {
    const { [name as "name"]: _, ...rest } = wish;
    const answer = await guest.post("/bookings", rest);
    assertEquals([name, answer.status], [name, 422]);
    assertStringIncludes(answer.text, `<a href="#${name}">`);
  }
  assertEquals(await bookingsIn(world), []);
  assertEquals(await findUserByEmail(world.db, grace.email), undefined);
});

Deno.test("what was typed is kept beside the mistake, as text", async () => {
  await using world = await openWorld();
  const details = `</textarea><script>alert("1")</script> & more`;
  const sent = { ...wish, details, name: `"><b>Grace`, email: "grace", company: "Holm & Co" };

  const { status, text } = await world.stranger().post("/bookings", sent);
  assertEquals(status, 422);
  for (const value of [details, sent.name, sent.company]) {
    assertStringIncludes(text, escaped(value));
    assert(!/<script>|<b>Grace/.test(text), "nothing typed becomes HTML");
  }
  assertMatch(text, /value="medium"[^>]*checked/);
  assertMatch(text, new RegExp(`<option value="${PRICED}" selected`));
  assertEquals(await bookingsIn(world), []);
});

Deno.test("a body that is no form is told to be sent again", async () => {
  await using world = await openWorld();
  const bodies: [string, string][] = [
    ["application/json", JSON.stringify(wish)],
    ["text/plain", "service=landing-page"],
    ["multipart/form-data", "--x\r\nnothing"],
    ["multipart/form-data; boundary=x", "--y\r\nContent-Disposition: form-data\r\n\r\n"],
    ["application/x-www-form-urlencoded", "%%%=%E0%A4&service"],
  ];

  for (const [type, body] of bodies) {
    const headers = { Origin: world.url, "Content-Type": type };
    const answer = await world.stranger().send("/bookings", { method: "POST", body, headers });
    assertEquals([type, answer.status], [type, 422]);
    assertStringIncludes(answer.text, 'role="alert"');
  }
  assertEquals(await bookingsIn(world), []);
});

Deno.test("a text as long as the browser lets it be is taken, with its line ends as they were meant", async () => {
  await using world = await openWorld();
  const line = `${"x".repeat(99)}\r\n`;

  const answer = await world.stranger().post("/bookings", {
    ...wish,
    details: `${line.repeat(49)}${"x".repeat(100)}\0`,
  });
  assertEquals(answer.status, 303);
  const [booking] = await bookingsIn(world);
  assertEquals([booking?.details.length, booking?.details.includes("\r")], [5000, false]);
});

Deno.test("an address that nobody confirmed may have five bookings open", async () => {
  await using world = await openWorld();
  const guest = world.stranger();
  const book = (email: string): Promise<Answer> => guest.post("/bookings", { ...wish, email });

  for (let sent = 0; sent < 5; sent++) assertEquals((await book(grace.email)).status, 303);
  const sixth = await book(grace.email);
  assertEquals(sixth.status, 429);
  assertMatch(sixth.headers.get("retry-after") ?? "", /^\d+$/);
  assertStringIncludes(sixth.text, "Claim your account with the link in one of their e-mails");
  assertEquals((await bookingsIn(world)).length, 5);
  assertEquals((await book(bob.email)).status, 303);
});

Deno.test("a service that is not offered cannot be booked, and a later price changes no booking", async () => {
  await using world = await openWorld();
  const guest = world.stranger();
  await guest.post("/bookings", wish);
  const [booked] = await bookingsIn(world);

  for (const state of ["hidden", "archived"] as const) {
    const changed = { state, name: "Other", priceMinor: 1 };
    await world.db.update(services).set(changed).where(eq(services.slug, PRICED));
    const answer = await guest.post("/bookings", wish);
    assertEquals([state, answer.status], [state, 422]);
    assertStringIncludes(answer.text, "Choose one of the services on the list.");
  }
  const { booking } = await fileOf(world.db, booked?.reference ?? "");
  assertEquals(booking, booked);
  assertEquals((await bookingsIn(world)).length, 1);
});

Deno.test("the summary of the form follows the choice in place", async () => {
  await using world = await openWorld();
  const guest = world.stranger();

  for (const path of ["/book", `/book?service=${PRICED}`, "/book?service=website-relaunch"]) {
    await assertBothSizes(guest, path);
  }
  const odd = await guest.get("/book?service=%22%3E%3Cscript%3E&service=two");
  assertEquals([odd.status, odd.text.includes('"><script>')], [200, false]);
});
