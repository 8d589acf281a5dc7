import { desc, eq } from "drizzle-orm";
import type { Browser, Page } from "playwright-core";
import { type Role, serviceBookings, services } from "../db/schema.ts";
import { seedDemo } from "../db/seed_demo.ts";
import { openBrowser } from "./browser.ts";
import { ada, alice, approveAfter, bookingIn, fileOf, hire, NOW } from "./cast.ts";
import { usdt } from "./e2e/page_scene.ts";
import { PaypalServer } from "./paypal_server.ts";
import { StripeServer } from "./stripe_server.ts";
import { openWorld, PASSWORD, type World } from "./world.ts";

/** Pixels across, and bytes at most, of a picture. */
const WIDTH = 720;
const MOST = 40_000;
const folder = new URL("../static/help/", import.meta.url);

type Picture = {
  name: string;
  path: string;
  /** How much of the content is shown from its top, and how wide the window is, in its pixels. */
  tall: number;
  window?: number;
  /** Shows what is worth it first. */
  act?: (page: Page) => Promise<void>;
};

const forStrangers: Picture[] = [
  {
    ...{ name: "book", path: "/book?service=landing-page", tall: 790 },
    async act(page) {
      await page.fill("[name=details]", "One page for our spring fair, with a form to sign up.");
      await page.check("[name=urgency][value=high]");
    },
  },
];

async function forClients(world: World): Promise<Picture[]> {
  const client = await world.signedIn("alice");
  const pay = async (way: Record<string, string>) => {
    const { booking } = await bookingIn(world.cast, "approved");
    const base = `/bookings/${booking.reference}`;
    return (await client.fill(`${base}/payment`, `${base}/payments`, way)).location;
  };
  const approved = `/bookings/${await bookingOf(world, "business-website")}`;
  const talking = await bookingOf(world, "brand-guide");
  return [
    { name: "booking", path: approved, tall: 800 },
    { name: "payment", path: `${approved}/payment`, tall: 690, act: hideTest },
    { name: "bank", path: await pay({ method: "bank" }), tall: 740 },
    { name: "usdt", path: await pay({ method: "usdt", network: "evm" }), tall: 720 },
    { name: "chat", path: `/bookings/${talking}/chat`, tall: 620 },
  ];
}

/** No agency offers what stands there for development. */
const hideTest = async (page: Page) => {
  await page.evaluate("document.querySelector('[value=test]').closest('label').remove()");
};

const team: [string, Role][] = [["Mara Lind", "manager"], ["Tom Reyes", "agent"]];

async function forStaff(world: World): Promise<Picture[]> {
  for (const [name, role] of team) {
    const email = `${name.split(" ")[0]?.toLowerCase()}@connectpro.example`;
    await hire(world.db, { name, email, role, passwordHash: "none" });
  }
  const urgent = await bookingOf(world, "emergency-repair");
  const file = await fileOf(world.db, await bookingOf(world, "brand-guide"));
  const queue = `/admin/bookings?status=pending&open=${urgent}`;
  const window = 1080;
  return [
    { name: "overview", path: "/admin", tall: 1010, window },
    { name: "face", path: "/admin/settings/brand", tall: 860, window },
    { name: "review", path: queue, tall: 850, window },
    { name: "payments", path: "/admin/payments", tall: 760, window },
    { name: "refund", path: `/admin/payments/${file.payments[0]?.id}/refund`, tall: 700, window },
    { name: "team", path: "/admin/team", tall: 760, window },
  ];
}

/** The reference of the demo's latest booking of this service. */
async function bookingOf({ db }: World, slug: string): Promise<string> {
  const rows = await db.select({ reference: serviceBookings.reference }).from(serviceBookings)
    .innerJoin(services, eq(services.id, serviceBookings.serviceId)).where(eq(services.slug, slug))
    .orderBy(desc(serviceBookings.id)).limit(1);
  if (!rows[0]) throw new Error(`the demo has no booking of ${slug}`);
  return rows[0].reference;
}

/** A tab of somebody's, who signs in through the form. */
async function tabFor(browser: Browser, url: string, door?: string, email = ""): Promise<Page> {
  const here = { baseURL: url, timezoneId: "UTC", serviceWorkers: "block" as const };
  const page = await (await browser.newContext(here)).newPage();
  if (!door) return page;
  await page.goto(door);
  await page.fill("[name=email]", email);
  await page.fill("[name=password]", PASSWORD);
  await page.locator("main form button").click();
  await page.waitForURL((url) => url.pathname !== door);
  return page;
}

async function take(page: Page, { name, path, tall, window = WIDTH, act }: Picture) {
  await page.setViewportSize({ width: window, height: tall });
  await page.goto(path);
  await act?.(page);
  await page.evaluate("scrollTo(0, 0)");
  for (const scheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    const file = `${name}.${scheme}.webp`;
    const bytes = await draw(page, { tall, window });
    await Deno.writeFile(new URL(file, folder), bytes);
    console.log(`${file} ${bytes.length}`);
  }
}

/** The top of the content as WebP, as good as fits into the bytes there are. */
async function draw(page: Page, { tall, window }: { tall: number; window: number }) {
  const { y, height } = await page.locator("main").boundingBox() ?? { y: 0, height: tall };
  const scale = WIDTH / window;
  const clip = { x: 0, y, width: window, height: Math.min(tall, height), scale };
  const session = await page.context().newCDPSession(page);
  for (let quality = 85; quality > 20; quality -= 10) {
    const { data } = await session.send("Page.captureScreenshot", {
      ...{ format: "webp", quality, clip, captureBeyondViewport: true },
    });
    const bytes = Uint8Array.fromBase64(data);
    if (bytes.length <= MOST) return bytes;
  }
  throw new Error(`${page.url()} does not fit into ${MOST} bytes`);
}

/** Takes the pictures of the guides anew: the demo, at an instant that is always the same. */
async function takeAll() {
  await using stripe = new StripeServer(() => NOW);
  await using paypal = new PaypalServer(() => NOW);
  await using world = await openWorld({ env: { ...stripe.env, ...paypal.env, ...usdt } });
  await using browser = await openBrowser();
  const hash = () => Promise.resolve("none");
  await seedDemo(world.db, { now: NOW, currency: "USD", approveAfter, hash });
  const rounds: [Page, Picture[]][] = [
    [await tabFor(browser, world.url), forStrangers],
    [await tabFor(browser, world.url, "/sign-in", alice.email), await forClients(world)],
    [await tabFor(browser, world.url, "/admin/sign-in", ada.email), await forStaff(world)],
  ];
  for (const [page, pictures] of rounds) {
    for (const picture of pictures) await take(page, picture);
  }
}

await takeAll();
// The thread that hashes passwords would wait for more.
Deno.exit();
