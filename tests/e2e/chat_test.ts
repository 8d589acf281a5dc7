import { assertEquals } from "@std/assert";
import type { Browser, Page } from "playwright-core";
import { openDb } from "../../db/client.ts";
import { migrate } from "../../db/migrate.ts";
import { Passwords } from "../../db/passwords.ts";
import { openBrowser } from "../browser.ts";
import { ada, alice, bookingIn, castIn } from "../cast.ts";
import { startDatabase } from "../databases.ts";
import { startProduct } from "../process.ts";
import { PASSWORD } from "../world.ts";

/** A conversation that is under way, in a database of its own; returns its booking. */
async function prepare(url: string): Promise<string> {
  const db = await openDb(url);
  await migrate(db);
  const passwords = new Passwords({
    memorySize: 64,
    iterations: 1,
    parallelism: 1,
    hashLength: 32,
  });
  const cast = await castIn(db, await passwords.hash(PASSWORD));
  const { booking } = await bookingIn(cast, "in_progress");
  passwords.close();
  db.$client.close();
  return booking.reference;
}

async function signIn(browser: Browser, door: string, email: string): Promise<Page> {
  const context = await browser.newContext({ baseURL: door });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  await page.goto(door);
  await page.fill("[name=email]", email);
  await page.fill("[name=password]", PASSWORD);
  await page.locator("form[action$='sign-in'] button").click();
  await page.waitForURL(/\/(dashboard|admin)$/);
  return page;
}

const said = (page: Page) => page.locator("#messages .message-body").allInnerTexts();
const write = async (page: Page, words: string) => {
  await page.fill("[name=body]", words);
  await page.keyboard.press("Enter");
};
const shows = (page: Page, words: string) =>
  page.locator("#messages .message", { hasText: words }).waitFor();

Deno.test("the server dies in the middle of a chat: both tabs catch up by themselves, nothing twice", async () => {
  await using stack = new AsyncDisposableStack();
  const place = stack.use(await startDatabase("file"));
  const reference = await prepare(place.url);
  const port = freePort();
  const url = `http://127.0.0.1:${port}`;
  const start = () => startProduct({ TURSO_DATABASE_URL: place.url, PORT: String(port) });
  const first = stack.use(await start());
  const browser = await openBrowser();
  stack.defer(() => browser.close());
  const client = await signIn(browser, `${url}/sign-in`, alice.email);
  const admin = await signIn(browser, `${url}/admin/sign-in`, ada.email);
  await client.goto(`${url}/bookings/${reference}/chat`);
  await admin.goto(`${url}/admin/bookings/${reference}/chat`);

  await write(client, "Before.");
  await shows(admin, "Before.");
  await client.getByText(/^Seen \d\d:\d\d$/).waitFor();
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
  const typing = admin.getByText("is typing");
  while (!await typing.isVisible()) {
    await client.locator("#body").pressSequentially("a", { delay: 100 });
  }
});

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
