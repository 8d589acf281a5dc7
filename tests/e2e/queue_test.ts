import { assert, assertEquals } from "@std/assert";
import { eq } from "drizzle-orm";
import type { Browser, Page } from "playwright-core";
import { holdOrReleaseBooking } from "../../db/booking_reviews.ts";
import { openBrowser } from "../browser.ts";
import { submitBooking } from "../../db/bookings.ts";
import { MAX_MINOR } from "../../db/money.ts";
import { payments, serviceBookings, services } from "../../db/schema.ts";
import {
  ada,
  alice,
  bookingIn,
  fileOf,
  HOUR,
  manyBookings,
  NOW,
  PRICED,
  submission,
  UNPRICED,
} from "../cast.ts";
import { openWorld, PASSWORD, type World } from "../world.ts";

const QUEUE = "/admin/bookings?status=pending";

Deno.test("twenty bookings are decided by two keys each, however quickly they are pressed", async () => {
  await using world = await openWorld();
  await using browser = await openBrowser();
  await manyBookings(world.cast, 20);
  const page = await queueIn(browser, world);
  // No review arrives before its second key was pressed.
  let gate = Promise.withResolvers<void>();
  await page.route("**/admin/bookings/CP*view=review*", async (route) => {
    await gate.promise;
    await route.continue();
  });
  await page.keyboard.press("j");
  const [first = "", ...others] = await waitingIn(page);
  assertEquals(await inHand(page), first);

  for (const next of [...others, first]) {
    gate = Promise.withResolvers();
    await page.keyboard.press("a");
    await page.keyboard.press("a");
    gate.resolve();
    const [decided = ""] = await waitingIn(page);
    await page.locator(`#${decided} [data-status=approved]`).waitFor();
    if (next === first) break;
    await page.locator(`#${next} .review-link:focus`).waitFor();
    assert(await isSeen(page), "the next one is in sight");
  }
  assertEquals((await waitingIn(page)).length, 0);
});

Deno.test("keys: a price that is missing is asked for, Escape leads out, Control+Enter sends, and a key that stays down is one", async () => {
  await using world = await openWorld();
  await using browser = await openBrowser();
  const { reference } = (await bookingIn(world.cast, "pending", { service: UNPRICED })).booking;
  await bookingIn(world.cast, "pending");
  const page = await queueIn(browser, world);
  const { keyboard } = page;
  const row = page.locator(`#booking-${reference}`);
  await row.locator(".review-link").focus();

  await keyboard.press("a");
  await row.locator("[name=price]:focus").waitFor();
  await keyboard.press("Escape");
  assertEquals(await inHand(page), `booking-${reference}`);
  await keyboard.press("Escape");
  await row.locator(".review").waitFor({ state: "detached" });
  await keyboard.press("/");
  await page.locator("[type=search]:focus").waitFor();
  await keyboard.press("Escape");
  assertEquals(await inHand(page), `booking-${reference}`);

  await keyboard.press("r");
  await row.locator("[name=reason]:focus").pressSequentially("Not what we do.");
  await keyboard.press("Control+Enter");
  await row.locator("[data-status=rejected]").waitFor();
  await page.locator("[data-status=pending] .review-link:focus").waitFor();
  await keyboard.down("a");
  await page.locator(".approve:focus").waitFor();
  await keyboard.down("a");
  await keyboard.up("a");
  assertEquals((await waitingIn(page)).length, 1, "no second press");
});

Deno.test("what another admin did, a refusal and no answer at all are said in the row, which stays", async () => {
  await using world = await openWorld();
  await using browser = await openBrowser();
  const { reference } = (await bookingIn(world.cast, "pending")).booking;
  const page = await queueIn(browser, world);
  const row = page.locator(`#booking-${reference}`);
  const approve = row.locator(".approve");
  const said = (words: string) => row.getByRole("alert").filter({ hasText: words }).waitFor();
  await row.locator(".review-link").press("a");
  await page.locator(".approve:focus").waitFor();
  await row.locator("[name=note]").fill("With a second round.");

  await page.route("**/approval", (route) => route.abort());
  await approve.click();
  await said("No answer came.");
  await page.unroute("**/approval");
  const busy = '<div role="alert"><h1>Too many at once</h1><p>Wait half a minute.</p></div>';
  await page.route(
    "**/approval",
    (route) => route.fulfill({ status: 429, contentType: "text/html", body: busy }),
  );
  await approve.click();
  await said("Wait half a minute.");
  assertEquals([
    await row.getByRole("alert").count(),
    await row.locator("[name=note]").inputValue(),
  ], [
    ...[1, "With a second round."],
  ]);
  await page.unroute("**/approval");

  const by = { actor: world.cast.ada, now: NOW, note: "" };
  await holdOrReleaseBooking(world.db, (await fileOf(world.db, reference)).booking, by);
  await approve.click();
  await said("This booking has changed");
  await row.getByText("on hold").first().waitFor();
  await approve.waitFor();
  assertEquals(await inHand(page), `booking-${reference}`);
});

Deno.test("on 1280 pixels the lists keep rows of 40 and scroll no sideways, whatever people and services are called", async () => {
  await using world = await openWorld();
  await using browser = await openBrowser();
  const name = "Maximiliane Freifrau von und zu Hohenlohe-Schillingsfürst-Bad";
  await world.db.update(services).set({ name, priceMinor: MAX_MINOR }).where(
    eq(services.slug, PRICED),
  );
  const now = NOW - 20 * HOUR;
  const urgent = submission({ ...alice, name }, { now, urgency: "high" });
  const company = "Gesellschaft für Grundstücksverkehrsgenehmigungen mbH & Co. KG";
  await submitBooking(world.db, { ...urgent, form: { ...urgent.form, company } });
  for (const status of ["payment_pending", "in_progress"] as const) {
    const { booking: { id } } = await bookingIn(world.cast, status);
    await world.db.update(serviceBookings).set({ clientName: name }).where(
      eq(serviceBookings.id, id),
    );
  }
  await world.db.update(payments).set({ proofNote: "From our account at Mercator Bank." }).where(
    eq(payments.status, "succeeded"),
  );
  const page = await queueIn(browser, world);
  await page.setViewportSize({ width: 1280, height: 800 });
  const lists = ["bookings", "payments", "chat", "emails", "audit", "jobs", "team"];
  for (const path of [QUEUE, ...lists.map((list) => `/admin/${list}`)]) {
    await page.goto(path);
    // With the way back in the row it is at its widest.
    if (path === QUEUE) await page.keyboard.press("h");
    if (path === QUEUE) await page.locator(".undo").waitFor();
    const sizes =
      "[document.documentElement.scrollWidth, ...document.querySelectorAll('tbody tr')]";
    const [width = 0, ...rows] = await page.evaluate<number[]>(
      `${sizes}.map((of) => of.offsetHeight ?? of)`,
    );
    assert(width <= 1280, `${path} is ${width} wide`);
    assert(rows.length > 0 && Math.max(...rows) <= 42, `${path}: ${rows}`);
  }
});

async function queueIn(browser: Browser, world: World): Promise<Page> {
  const page = await (await browser.newContext({ baseURL: world.url })).newPage();
  await page.goto("/admin/sign-in");
  await page.fill("[name=email]", ada.email);
  await page.fill("[name=password]", PASSWORD);
  await page.locator("main form button").click();
  await page.waitForURL("**/admin");
  await page.goto(QUEUE);
  return page;
}

/** The boxes that still wait, in their order. */
const waitingIn = (page: Page) =>
  page.locator("tbody:has(> [data-status=pending])").evaluateAll((all) => all.map(({ id }) => id));

/** The box that has the focus. */
const inHand = (page: Page) =>
  page.evaluate<string | undefined>("document.activeElement.closest('tbody')?.id");

/** Whether what has the focus is on the screen. */
const isSeen = (page: Page) =>
  page.evaluate<boolean>(
    "((box) => box.top >= 0 && box.bottom <= innerHeight)(document.activeElement.getBoundingClientRect())",
  );
