import { Buffer } from "node:buffer";
import { assert, assertEquals } from "@std/assert";
import type { Browser, Page } from "playwright-core";
import { addReply } from "../../db/canned_replies.ts";
import type { Db } from "../../db/client.ts";
import { chatMessages } from "../../db/schema.ts";
import { openBrowser } from "../browser.ts";
import { ada, alice, bookingIn, castIn, NOW } from "../cast.ts";
import { openTestDatabase } from "../databases.ts";
import { freePort, startProduct } from "../process.ts";
import { PASSWORD, PASSWORD_HASH } from "../world.ts";

/** A conversation that is under way, in a database of its own; returns its booking. */
async function prepare(db: Db): Promise<string> {
  const cast = await castIn(db, PASSWORD_HASH);
  const { booking } = await bookingIn(cast, "in_progress");
  const reply = { slug: "thanks", body: "Thank you, {{client}}." };
  await addReply(db, reply, { actor: cast.ada, now: NOW });
  return booking.reference;
}

async function signIn(
  browser: Browser,
  door: string,
  { email, timezoneId = "UTC" }: { email: string; timezoneId?: string },
): Promise<Page> {
  const context = await browser.newContext({ baseURL: door, timezoneId });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  await page.goto(door);
  await page.fill("[name=email]", email);
  await page.fill("[name=password]", PASSWORD);
  await page.locator("form[action$='sign-in'] button").click();
  await page.waitForURL(/\/(dashboard|admin)$/);
  return page;
}

/** Where the client reads; the agency's clock is UTC's. */
const ZONE = "Pacific/Auckland";
const inZone = (options: Intl.DateTimeFormatOptions, at: string | null) =>
  new Intl.DateTimeFormat("en-GB", { ...options, timeZone: ZONE }).format(new Date(at ?? 0));

const said = (page: Page) => page.locator("#messages .message-body").allInnerTexts();
const write = async (page: Page, words: string) => {
  await page.fill("[name=body]", words);
  await page.keyboard.press("Enter");
};
const shows = (page: Page, words: string) =>
  page.locator("#messages .message", { hasText: words }).waitFor();

Deno.test("the server dies in the middle of a chat: both tabs catch up by themselves, nothing twice", async () => {
  await using stack = new AsyncDisposableStack();
  const place = stack.use(await openTestDatabase());
  const reference = await prepare(place.db);
  const port = freePort();
  const url = `http://127.0.0.1:${port}`;
  const start = () => startProduct({ TURSO_DATABASE_URL: place.url, PORT: String(port) });
  const first = stack.use(await start());
  const browser = await openBrowser();
  stack.defer(() => browser.close());
  const client = await signIn(browser, `${url}/sign-in`, { ...alice, timezoneId: ZONE });
  const admin = await signIn(browser, `${url}/admin/sign-in`, ada);
  await client.goto(`${url}/bookings/${reference}/chat`);
  await admin.goto(`${url}/admin/bookings/${reference}/chat`);

  const silences = [client, admin].map((page) => page.getByText("Nobody has written yet."));
  for (const silence of silences) await silence.waitFor();
  await write(client, "Before.");
  await shows(admin, "Before.");
  for (const silence of silences) await silence.waitFor({ state: "hidden" });
  await client.getByText(/^Seen \d\d:\d\d$/).waitFor();
  const time = client.locator("#messages time");
  const at = await time.getAttribute("datetime");
  assertEquals(await time.innerText(), inZone({ timeStyle: "short" }, at));
  const day = { weekday: "short", day: "numeric", month: "short", year: "numeric" } as const;
  assertEquals(await client.innerText(".chat-day"), inZone(day, at).replace(",", ""));
  await first.stop("SIGKILL");
  await write(client, "In between.");
  await client.getByText("Not sent yet. We keep trying.").waitFor();
  await client.getByText("Reconnecting - nothing is lost.").waitFor();
  await write(admin, "I was away.");
  stack.use(await start());

  for (const page of [client, admin]) {
    await shows(page, "In between.");
    await shows(page, "I was away.");
    assertEquals((await said(page)).toSorted(), ["Before.", "I was away.", "In between."]);
    assertEquals(await page.locator(".under-way").count(), 0);
  }
  assertEquals(await said(client), await said(admin));

  await client.locator(".message.mine", { hasText: "Before." }).hover();
  await client.locator(".message.mine", { hasText: "Before." }).getByText("Change").click();
  await client.fill(".changing textarea", "Before it all.");
  await client.getByRole("button", { name: "Save" }).click();
  await shows(admin, "Before it all.");

  const plan = { name: "plan.txt", mimeType: "text/plain", buffer: Buffer.from("A plan.") };
  await client.route("**/chat/messages", (route) => route.abort());
  await client.setInputFiles("[name=file]", plan);
  await write(client, "Here is the plan.");
  await client.getByText("Not sent yet. We keep trying.").waitFor();
  await write(client, "Words alone.");
  await client.reload();
  await client.getByText("Not sent: this page was loaded again, and the files are gone").waitFor();
  await client.unroute("**/chat/messages");
  await shows(admin, "Words alone.");
  await client.getByRole("button", { name: "Choose the files again" }).click();
  assertEquals(await client.inputValue("#body"), "Here is the plan.");
  assertEquals(await client.evaluate("document.activeElement.name"), "file");
  await client.setInputFiles("[name=file]", plan);
  await client.focus("#body");
  await client.keyboard.press("Enter");
  await shows(admin, "Here is the plan.");
  await shows(admin, "plan.txt");
  await client.locator(".under-way").waitFor({ state: "detached" });

  let failures = 1;
  const broken = { status: 503, contentType: "text/html", body: "<p>Broken</p>" };
  await admin.route(
    "**/chat/stream?*",
    (route) => failures-- > 0 ? route.fulfill(broken) : route.fallback(),
  );
  await admin.reload();
  await write(client, "Still there?");
  await shows(admin, "Still there?");
  assertEquals(await admin.getByText("Broken").count(), 0);

  const typing = admin.getByText("is typing");
  while (!await typing.isVisible()) {
    await client.locator("#body").pressSequentially("a", { delay: 100 });
  }

  await admin.fill("#body", "Good news. /thanks");
  await admin.press("#body", "Tab");
  await admin.getByText("/thanks is in your message.").waitFor();
  assertEquals(await admin.inputValue("#body"), "Good news. Thank you, Alice Meyer.");
  await admin.fill("#note", "Ask her for the colours.");
  await admin.press("#note", "Tab");
  await admin.keyboard.press("Enter");
  await admin.locator("#note-list").getByText("Ask her for the colours.").waitFor();
  assertEquals(await admin.inputValue("#body"), "Good news. Thank you, Alice Meyer.");
  await admin.press("#body", "Tab");
  assertEquals(await admin.locator("[name=file]:focus").count(), 1, "Tab leads on");
});

/** What Ada said while Alice was away. */
async function sayMuch(db: Db, roomId: number, count: number) {
  const author = { authorKind: "admin" as const, authorId: 1, authorName: ada.name };
  await db.insert(chatMessages).values(Array.from({ length: count }, (_, n) => ({
    ...{ roomId, ...author, body: `Line ${n} of many.`, clientId: `many ${n}`, createdAt: NOW + n },
  })));
}

const place = (page: Page) => page.locator("#conversation");
const toEnd = (page: Page) =>
  place(page).evaluate((element) => element.scrollTop = element.scrollHeight);
const isAtEnd = (page: Page) =>
  place(page).evaluate(({ scrollHeight, scrollTop, clientHeight }) =>
    scrollHeight - scrollTop - clientHeight < 2
  );

Deno.test("who is far behind reads from where they stopped, writes at once, and is led to the newest", async () => {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await openTestDatabase());
  const cast = await castIn(database.db, PASSWORD_HASH);
  const { booking: { reference }, room } = await bookingIn(cast, "in_progress");
  await sayMuch(database.db, room?.id ?? 0, 90);
  const product = stack.use(await startProduct({ TURSO_DATABASE_URL: database.url }));
  const browser = await openBrowser();
  stack.defer(() => browser.close());
  const client = await signIn(browser, `${product.url}/sign-in`, alice);
  const admin = await signIn(browser, `${product.url}/admin/sign-in`, ada);
  await admin.goto(`${product.url}/admin/bookings/${reference}/chat`);
  const chat = `${product.url}/bookings/${reference}/chat`;
  await client.setViewportSize({ width: 360, height: 640 });
  await client.goto(chat);

  assertEquals(
    await client.locator("#unread + article .message-body").innerText(),
    "Line 0 of many.",
  );
  const toNewest = client.locator("#to-newest");
  await toNewest.waitFor();
  await client.fill("#body", "Half typed");
  let isLive = false;
  const live = client.locator("[data-hx-sse\\:connect]").waitFor({ state: "attached" })
    .finally(() => isLive = true);
  while (!isLive) await toEnd(client);
  await live;
  assertEquals(await client.inputValue("#body"), "Half typed");
  await write(admin, "Are you there?");
  await shows(client, "Are you there?");

  await client.goto(`${chat}?message=30#message-30`);
  assert(await client.locator("#message-30").isVisible());
  assertEquals(await client.inputValue("#body"), "Half typed");
  const file = (name: string) => ({ name, mimeType: "text/plain", buffer: Buffer.from(name) });
  for (const name of ["one.txt", "two.txt"]) await client.setInputFiles("[name=file]", file(name));
  await client.locator("#chosen li", { hasText: "one.txt" }).getByRole("button").click();
  assertEquals(await client.locator("#chosen bdi").allInnerTexts(), ["two.txt"]);
  await write(client, "I was far behind.");
  await shows(client, "I was far behind.");
  await write(client, "And this follows.");
  await client.setInputFiles("[name=file]", file("three.txt"));
  await write(client, "");
  for (const words of ["two.txt", "And this follows.", "three.txt"]) {
    await client.locator("#messages").getByText(words).waitFor();
    await shows(admin, words);
  }
  assert(await isAtEnd(client));
  await client.fill("#body", "1\n2\n3\n4\n5\n6\n7\n8");
  await client.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))");
  assert(await isAtEnd(client), "what was read last stays in view");

  await place(client).evaluate((element) => element.scrollTop = 0);
  await toNewest.waitFor();
  for (const words of ["Good.", "Then we begin."]) await write(admin, words);
  await client.getByText("2 new messages").click();
  await toNewest.waitFor({ state: "hidden" });
  assertEquals([await isAtEnd(client), await client.evaluate("document.activeElement.id")], [
    true,
    "body",
  ]);

  await admin.getByText(/^Seen \d\d:\d\d$/).waitFor();
  let resets = 1;
  const reset = { contentType: "text/event-stream", body: "event: chat:reset\ndata: \n\n" };
  await client.route(
    "**/chat/stream?*",
    (route) => resets-- > 0 ? route.fulfill(reset) : route.fallback(),
  );
  const readAgain = client.waitForRequest((asked) =>
    asked.url() === chat && asked.resourceType() === "fetch"
  );
  await client.goto(chat);
  await readAgain;
  await write(admin, "From here on.");
  await shows(client, "From here on.");
  await admin.getByText(/^Seen \d\d:\d\d$/).waitFor();
  await write(admin, "Bye.");
  await shows(client, "Bye.");
  await client.goto("/help");
  await admin.getByText(/^Seen \d\d:\d\d$/).waitFor();
});
