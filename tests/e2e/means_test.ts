import { assert, assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { approveBooking } from "../../db/booking_reviews.ts";
import { serviceBookings } from "../../db/schema.ts";
import { openBrowser } from "../browser.ts";
import { bookingIn, fileOf } from "../cast.ts";
import { openWorld } from "../world.ts";

const phone = { width: 360, height: 740 };

/** What has the focus: whether it matches, can be seen, and shows that it has it. */
const focused = `(selector) => {
  const at = document.activeElement;
  const box = at.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 20));
  const rings = [at, at.closest("label")].filter(Boolean).map((one) => getComputedStyle(one));
  return {
    matches: at.matches(selector),
    name: at.outerHTML.slice(0, 120),
    seen: box.y >= 0 && (at.contains(top) || (top?.contains(at) ?? false)),
    ringed: rings.some(({ outlineStyle }) => outlineStyle !== "none"),
  };
}`;
type Focused = { matches: boolean; name: string; seen: boolean; ringed: boolean };

/** Presses Tab until `selector` has the focus; whatever has it on the way must be seen to have it. */
async function tabTo(page: Page, selector: string) {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press("Tab");
    const { matches, name, seen, ringed } = await page.evaluate<Focused>(
      `(${focused})(${JSON.stringify(selector)})`,
    );
    assert(seen, `on ${page.url()} something covers ${name}`);
    assert(ringed, `on ${page.url()} nothing shows that ${name} has the focus`);
    if (matches) return;
  }
  throw new Error(`Tab leads nowhere to ${selector} on ${page.url()}`);
}

/** Follows what has the focus, and waits for the page behind it. */
const enter = (page: Page, url: string) =>
  Promise.all([page.waitForURL(url), page.keyboard.press("Enter")]);

Deno.test("by keyboard alone a visitor on a phone books, pays and reads what comes next, and sees where they are", async () => {
  await using world = await openWorld();
  await using browser = await openBrowser();
  const page = await (await browser.newContext({ baseURL: world.url, viewport: phone })).newPage();
  const { keyboard } = page;

  await page.goto("/");
  await keyboard.press("Tab");
  await keyboard.press("Enter");
  assertEquals(await page.evaluate("document.activeElement.id"), "main");
  await tabTo(page, "a[href='/book']");
  await enter(page, "**/book");
  await tabTo(page, "[name=service]");
  await keyboard.type("Landing");
  await page.locator("#book-summary").getByText("USD 890.00", { exact: true }).waitFor();
  await tabTo(page, "[name=details]");
  await keyboard.type("A page for the spring fair.");
  await tabTo(page, "[name=urgency]");
  await keyboard.press("ArrowDown");
  assertEquals(await page.locator("[name=urgency]:checked").inputValue(), "high");
  await tabTo(page, "[name=name]");
  await keyboard.type("Grace Holm");
  await tabTo(page, "[name=email]");
  await keyboard.type("grace@holm.example");
  await tabTo(page, "button.primary");
  await enter(page, "**/status/*");

  const [row] = await world.db.select().from(serviceBookings);
  const { booking } = await fileOf(world.db, row?.reference ?? "");
  const by = { actor: world.cast.ada, now: world.time.now };
  await approveBooking(world.db, booking, { ...by, priceMinor: 89_000 });
  await page.reload();
  await tabTo(page, ".next-step .primary");
  await enter(page, "**/payment");
  await tabTo(page, "[name=method]");
  for (let chosen = ""; chosen !== "test";) {
    await keyboard.press("ArrowDown");
    chosen = await page.locator("[name=method]:checked").inputValue();
  }
  await tabTo(page, "button.primary");
  await enter(page, "**/payments/*");
  await page.locator("[data-status=paid]").first().waitFor();
});

Deno.test("printed, a booking and its receipt are paper: no navigation, no buttons, ink on white", async () => {
  await using world = await openWorld();
  await using browser = await openBrowser();
  const { booking, receipts } = await bookingIn(world.cast, "completed");
  const context = await browser.newContext({ baseURL: world.url, viewport: phone });
  const page = await context.newPage();
  await page.emulateMedia({ media: "print", colorScheme: "dark" });

  const base = `/status/${booking.accessToken}`;
  for (const path of [base, `${base}/receipts/R-${String(receipts[0]?.number).padStart(6, "0")}`]) {
    assertEquals([path, (await page.goto(path))?.status()], [path, 200]);
    const shown = await page.locator(":is(nav, footer, button, .button):visible").count();
    assertEquals([path, shown], [path, 0]);
    assert(await page.getByText(booking.reference).first().isVisible());
    const light = "Number(getComputedStyle(document.body).color.match(/[\\d.]+/)[0]) < 0.5";
    assertEquals([path, await page.evaluate(light)], [path, true]);
  }
});

Deno.test("where colours are the reader's own, what is chosen, present and first still stands out; nothing moves unasked", async () => {
  await using world = await openWorld();
  await using browser = await openBrowser();
  const { booking } = await bookingIn(world.cast, "approved");
  const page = await (await browser.newContext({ baseURL: world.url })).newPage();
  await page.emulateMedia({ forcedColors: "active", reducedMotion: "reduce" });
  const style = (selector: string, property: string, pseudo = "") =>
    page.evaluate<string>(
      `getComputedStyle(document.querySelector(${
        JSON.stringify(selector)
      }), "${pseudo}").${property}`,
    );

  await page.goto("/book");
  assertEquals(await style(".choice:has(:checked)", "outlineStyle"), "solid");
  const [primary, plain] = [
    await style(".primary", "backgroundColor"),
    await style("body", "backgroundColor"),
  ];
  assert(primary !== plain, "the one button to press is not like the page");
  await page.goto("/");
  assertEquals(await style("summary", "transitionDuration", "::before"), "0s");
  await page.goto(`/status/${booking.accessToken}`);
  const dot = ".timeline:not(.ahead) .timeline-item";
  const [past, present] = [
    await style(`${dot}:first-child`, "backgroundColor", "::before"),
    await style(`${dot}:last-child`, "backgroundColor", "::before"),
  ];
  assert(past !== present, "the present step is not like those before it");
});
