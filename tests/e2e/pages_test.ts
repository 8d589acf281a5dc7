import { assertEquals } from "@std/assert";
import type { BrowserContext, Page } from "playwright-core";
import { openBrowser } from "../browser.ts";
import { alice, bookingIn } from "../cast.ts";
import { openWorld, PASSWORD } from "../world.ts";
import { htmlFaults } from "./html_faults.ts";
import { noPages, type Place, placesIn } from "./page_list.ts";
import { type Scene, setScene, type Viewer, viewers } from "./page_scene.ts";

const read = (url: string | URL) => Deno.readTextFile(new URL(url));
const watch = [
  await read(new URL("axe.min.js", import.meta.resolve("axe-core/package.json"))),
  await read(import.meta.resolve("./page_faults.js")),
].join("\n");

/** Names the folder for a picture of every page. */
const folder = Deno.env.get("SCREENSHOTS");

const wcag = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const allRules = { type: "tag", values: wcag };
/** All that another scheme can change. */
const colours = { type: "rule", values: ["color-contrast", "link-in-text-block"] };
/** Each page reads axe anew: what V8 makes of it to run faster goes with the page, and costs a fifth of the walk. */
const cold = ["--js-flags=--no-opt,--no-maglev"];
/** All that another width can change. */
const shapes = {
  type: "rule",
  values: [...colours.values, "target-size", "scrollable-region-focusable", "region"],
};

Deno.test("every page: axe, the security policy, scripts, sizes and movement, on wide and narrow screens", async () => {
  await using scene = await setScene();
  const places = placesIn(scene);
  const routes = scene.world.routes.filter((route) => route.startsWith("GET "))
    .map((route) => route.slice("GET ".length));
  const listed = [...Object.keys(noPages), ...places.map(({ route }) => route)];
  assertEquals(routes.filter((route) => !listed.includes(route)), [], "nobody looks at them");
  assertEquals(Object.keys(noPages).filter((route) => !routes.includes(route)), [], "no address");

  await using browser = await openBrowser(cold);
  // What a worker does has a test of its own below.
  const context = await browser.newContext({
    ...{ baseURL: scene.world.url, serviceWorkers: "block" },
  });
  await context.addInitScript({ content: watch });
  const [wide, narrow] = [await openTab(context), await openTab(context)];
  const faults: string[] = [];
  for (const who of Object.keys(viewers) as Viewer[]) {
    await context.clearCookies();
    await enter(wide.page, scene, who);
    const own = places.filter((place) => place.who === who);
    const layouts = own.filter(({ again }) => !again);
    const found = await Promise.all([walk(wide, layouts, lookWide), walk(narrow, own, lookNarrow)]);
    faults.push(...found.flat());
    const titles = wide.titles.splice(0);
    const twice = titles.filter((title, at) => titles.indexOf(title) < at);
    faults.push(...twice.map((title) => `${who}: two pages with the title ${title}`));
  }
  assertEquals(faults, []);
});

Deno.test("the booking form follows what is chosen, keeps what is written, and tells times by the visitor's clock too", async () => {
  await using world = await openWorld();
  await using browser = await openBrowser();
  const home = { baseURL: world.url, timezoneId: "Asia/Tokyo" };
  const page = await (await browser.newContext(home)).newPage();
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  const summary = page.locator("#book-summary");

  await page.goto("/book");
  await page.fill("[name=details]", "A page for the spring fair.");
  await page.fill("[name=name]", "Grace Holm");
  await page.selectOption("[name=service]", "landing-page");
  await summary.getByText("USD 890.00", { exact: true }).waitFor();
  await page.check("[name=urgency][value=urgent]");
  // 72 hours after the world's instant, on both clocks.
  await summary.getByText("Thu 5 Mar, 09:00 UTC (18:00 Tokyo)").waitFor();
  assertEquals(asked.filter((url) => url.includes("spring") || url.includes("Holm")), []);

  await page.goto("/");
  await page.goto("/book");
  await summary.getByText("USD 890.00", { exact: true }).waitFor();
  const kept = ["details", "service", "name"].map((name) => page.inputValue(`[name=${name}]`));
  assertEquals(await Promise.all(kept), ["A page for the spring fair.", "landing-page", ""]);
  await page.fill("[name=name]", "Grace Holm");
  await page.fill("[name=email]", "grace@holm.example");
  await page.getByRole("button", { name: "Send this booking" }).click();
  await page.waitForURL("**/status/*");
  assertEquals(await page.evaluate("localStorage.length"), 0);
});

Deno.test("asvs V14.3.1: without network a calm page stands in, and of a signed-in person nothing is kept, now or later", async () => {
  await using world = await openWorld();
  await using browser = await openBrowser();
  const context = await browser.newContext({ baseURL: world.url });
  const { page, complaints } = await openTab(context);
  const title = () => page.locator("h1").innerText();
  const kept = () =>
    page.evaluate<string[]>(`(async () => {
      const open = (await caches.keys()).map((name) => caches.open(name));
      const lists = await Promise.all((await Promise.all(open)).map((cache) => cache.keys()));
      return lists.flat().map(({ url }) => new URL(url).pathname.replace(/[0-9a-f]{16}/, ""));
    })()`);

  await enterAs(page, { door: "/sign-in", email: alice.email });
  await page.evaluate("navigator.serviceWorker.ready.then(() => true)");
  await page.goto("/account");
  assertEquals(await page.evaluate("navigator.serviceWorker.controller !== null"), true);
  assertEquals(await kept(), ["/offline", "/static/app..css"]);
  assertEquals(await page.evaluate<number>(difference) < 1, true, "one icon, drawn twice");
  assertEquals(complaints.splice(0), []);

  await context.setOffline(true);
  await page.goto("/dashboard");
  assertEquals([await title(), new URL(page.url()).pathname], ["You are offline", "/dashboard"]);
  assertEquals(await page.evaluate("getComputedStyle(document.body).display"), "flex");
  await context.setOffline(false);
  await page.getByRole("link", { name: "Try again" }).click();
  await page.getByRole("heading", { name: "Your bookings" }).waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL((url) => url.pathname !== "/dashboard");
  assertEquals(await kept(), []);
});

Deno.test("a form with a file says that it is on its way", async () => {
  await using world = await openWorld();
  await using browser = await openBrowser();
  const { page } = await openTab(await browser.newContext({ baseURL: world.url }));
  const { booking } = await bookingIn(world.cast, "approved");
  // An answer that leaves the page as it is.
  await page.route("**/proof", (route) => route.fulfill({ status: 204 }));

  await page.goto(`/status/${booking.accessToken}/payment`);
  await page.check("[value=bank]");
  await page.getByRole("button", { name: "Pay USD" }).click();
  await page.waitForURL(/payments\/[\w-]+$/);
  await page.getByRole("button", { name: "I have sent" }).click();
  await page.getByRole("button", { name: "Sending" }).waitFor();
});

/** How far the drawn icon is from the one it is a copy of, of 255, on average. */
const difference = `(async () => {
  const [one, other] = await Promise.all(["/icon.svg", "/icon-192.png"].map(async (src) => {
    const image = Object.assign(new Image(), { src });
    await image.decode();
    const canvas = new OffscreenCanvas(192, 192).getContext("2d");
    canvas.drawImage(image, 0, 0, 192, 192);
    return canvas.getImageData(0, 0, 192, 192).data;
  }));
  return one.reduce((sum, value, at) => sum + Math.abs(value - other[at]), 0) / one.length;
})()`;

Deno.test("the watch over the pages sees what it is there for", async () => {
  await using browser = await openBrowser();
  const tab = await openTab(await browser.newContext());
  await tab.page.addInitScript({ content: watch });
  await tab.page.route("**/*", (route) => {
    const [contentType, body] = files[new URL(route.request().url()).pathname] ?? ["text/html", ""];
    const headers = { "Content-Security-Policy": "default-src 'self'" };
    return route.fulfill({ contentType, body, headers });
  });
  const place = { who: "stranger", route: "/", status: 200, again: false } as const;
  const path = "http://nowhere.example/";
  const found = await walk(tab, [{ ...place, path }], async (page, place) => {
    const html = await open(page, place);
    await page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))");
    await page.evaluate("document.querySelector('h1').before(document.querySelector('pre'))");
    return [...await ask(page, "listFaults", allRules), ...await htmlFaults(html)];
  });
  const said = found.map((fault) => fault.slice(fault.indexOf(path) + `${path}: `.length));
  const due = [
    ...["said", "thrown", "against the security policy", "moves by", "an image without a size"],
    ...["2 h1", "an empty title", "scrolls sideways at", "color-contrast", "document-title"],
    "element-permitted-content",
  ];
  assertEquals(due.filter((word) => !said.some((fault) => fault.startsWith(word))), []);
});

/** A page on which all is wrong. */
const files: Record<string, [type: string, body: string]> = {
  "/": [
    "text/html",
    `<!doctype html><html lang="en"><title></title><link rel="stylesheet" href="/style.css">
    <main><h1>One</h1><h1>Two</h1><img src="/icon.svg" alt="Broken"><p>Pale</p>
    <pre>${"wide".repeat(200)}</pre></main>
    <style>p { margin: 0 }</style><script src="/script.js"></script>`,
  ],
  "/style.css": ["text/css", "p { color: #eee }"],
  "/script.js": ["text/javascript", "console.error('said'); throw new Error('thrown')"],
};

type Tab = { page: Page; complaints: string[]; titles: string[] };

/** A tab that keeps what the browser complains of. */
async function openTab(context: BrowserContext): Promise<Tab> {
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    const [asked, here] = [request.url(), page.url()].map((url) => new URL(url));
    const own = request.isNavigationRequest() || asked?.protocol === "data:";
    if (!own && asked?.origin !== here?.origin) complaints.push(`asks another site: ${asked}`);
  });
  page.on("console", (line) => {
    if (line.type() === "error") complaints.push(`${line.text()} ${line.location().url}`);
  });
  return { page, complaints, titles: [] };
}

/** The browser tells of a page that is a problem by itself, and of a mail's frame, where nothing may run. */
const isExpected = (complaint: string, { status }: Place) =>
  complaint.startsWith("Blocked script execution in") && complaint.includes("/html'") ||
  complaint.includes(`the server responded with a status of ${status} `) && status >= 400;

/** Signs somebody in through the form. */
async function enter(page: Page, scene: Scene, who: Viewer) {
  const person = viewers[who];
  if (person) await enterAs(page, person, scene);
}

async function enterAs(page: Page, person: NonNullable<typeof viewers[Viewer]>, scene?: Scene) {
  const send = async (fields: Record<string, string>) => {
    for (const [name, value] of Object.entries(fields)) await page.fill(`[name=${name}]`, value);
    const from = page.url();
    await page.locator("main form button").click();
    await page.waitForURL((url) => url.href !== from);
  };
  await page.goto(person.door);
  await send({ email: person.email, password: PASSWORD });
  if (person.code && scene) await send({ code: scene.code() });
}

type Look = (page: Page, place: Place) => Promise<string[]>;

/** Everything that is wrong with the pages of one person on one screen. */
async function walk(
  { page, complaints, titles }: Tab,
  places: Place[],
  look: Look,
): Promise<string[]> {
  const faults: string[] = [];
  for (const place of places) {
    const found = await look(page, place);
    found.push(...complaints.splice(0).filter((complaint) => !isExpected(complaint, place)));
    titles.push(await page.title());
    const screen = look === lookWide ? "wide" : "narrow";
    faults.push(...found.map((fault) => `${place.who}, ${screen}, ${place.path}: ${fault}`));
  }
  return faults;
}

async function lookWide(page: Page, place: Place): Promise<string[]> {
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ colorScheme: "light" });
  const html = await open(page, place);
  const faults = [...await ask(page, "listFaults", allRules), ...await htmlFaults(html)];
  await shoot(page, place, "light");
  await page.emulateMedia({ colorScheme: "dark" });
  await shoot(page, place, "dark");
  return [...faults, ...await ask(page, "listViolations", colours)];
}

/**
 * A page's other states are looked at here alone, so with all rules. The second width is that of 1280 px at
 * 400 % zoom.
 */
async function lookNarrow(page: Page, place: Place): Promise<string[]> {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.emulateMedia({ colorScheme: "light" });
  const html = await open(page, place);
  const faults = await ask(page, "listFaults", place.again ? allRules : shapes);
  if (place.again) faults.push(...await htmlFaults(html));
  await shoot(page, place, "light");
  await page.emulateMedia({ colorScheme: "dark" });
  await shoot(page, place, "dark");
  faults.push(...await ask(page, "listViolations", colours));
  await page.setViewportSize({ width: 320, height: 740 });
  return [...faults, ...await ask(page, "listSideways")];
}

/** The page as it came. */
async function open(page: Page, { path, status }: Place): Promise<string> {
  const shown = await page.goto(path);
  const answer = status === 422 ? await sendEmpty(page) : shown;
  assertEquals([path, answer?.status()], [path, status]);
  return await answer?.text() ?? "";
}

/** Sends the page's form as it is, past what the browser would ask for first. */
async function sendEmpty(page: Page) {
  const [answer] = await Promise.all([
    page.waitForNavigation(),
    page.evaluate("document.querySelector('main form[method=post]').submit()"),
  ]);
  return answer;
}

/** What `page_faults.js` finds on the page. */
const ask = (page: Page, question: string, rules?: typeof allRules) =>
  page.evaluate<string[]>(`${question}(${JSON.stringify(rules)})`);

async function shoot(page: Page, { who, path }: Place, scheme: string) {
  if (!folder) return;
  const name = path.replace(/^https?:\/\/[^/]+/, "").replace(/[^\w-]+/g, "_");
  const width = page.viewportSize()?.width;
  await page.screenshot({ path: `${folder}/${who}${name}-${width}-${scheme}.png`, fullPage: true });
}
