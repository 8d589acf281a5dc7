import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { eq } from "drizzle-orm";
import { services } from "../../db/schema.ts";
import { readCatalogue } from "../../db/services.ts";
import { escaped } from "../pages.ts";
import { openWorld, type World } from "../world.ts";

const CHANGED = "seo-audit";

/** Asks until the answer is as wanted: a changed catalogue is read behind the answers. */
async function eventually(ask: () => Promise<boolean>) {
  for (let asked = 0; asked < 300; asked++) if (await ask()) return;
  throw new Error("it never became so");
}

async function change(world: World, slug: string, set: Partial<typeof services.$inferInsert>) {
  await world.db.update(services).set(set).where(eq(services.slug, slug));
  world.time.now += 3000;
}

Deno.test("the catalogue offers 30 services in 6 categories, each with a page of its own", async () => {
  await using world = await openWorld();
  const stranger = world.stranger();
  const { categories } = await readCatalogue(world.db);
  const offered = categories.flatMap((category) => category.services);

  const list = await stranger.get("/services");
  assertEquals([list.status, categories.length, offered.length], [200, 6, 30]);
  for (const { slug, name } of categories) {
    assertStringIncludes(list.text, `id="${slug}"`);
    assertStringIncludes(list.text, escaped(name));
  }
  for (const { slug, name, summary, priceMinor } of offered) {
    assertStringIncludes(list.text, `href="/services/${slug}"`);
    const page = await stranger.get(`/services/${slug}`);
    assertEquals([slug, page.status], [slug, 200]);
    for (const text of [name, summary]) assertStringIncludes(page.text, escaped(text));
    assertMatch(page.text, priceMinor === null ? /Price after review/ : /USD [\d,]+\.\d\d/);
    assertStringIncludes(page.text, `href="/book?service=${slug}"`);
  }
});

Deno.test("the list is narrowed by price and category, and what we do not know shows all", async () => {
  await using world = await openWorld();
  const stranger = world.stranger();
  const shown = async (query: string) =>
    new Set((await stranger.get(`/services${query}`)).text.match(/href="\/services\/[\w-]+"/g));
  const [all, ...ranges] = await Promise.all(
    ["", "?price=small", "?price=middle", "?price=large", "?price=open"].map(shown),
  );

  assertEquals(ranges.reduce((sum, range) => sum + range.size, 0), 30);
  assertEquals(all?.size, 30);
  for (const range of ranges) assert(range.size > 0 && range.size < 30);
  assertEquals(await shown("?price=%27%20or%201&category=none"), all);

  const design = await shown("?category=design");
  const both = await stranger.get("/services?category=design&price=small");
  assert(design.size > 0 && design.size < 30);
  assertStringIncludes(both.text, 'href="/services?category=content&amp;price=small"');
  assertStringIncludes(both.text, 'href="/services?category=design"');
  const narrow = await shown("?category=design&price=small");
  assertEquals(narrow, design.intersection(ranges[0] ?? new Set()));
});

/** Bytes as a browser gets them, gzipped. */
async function sizeOf(text: string): Promise<number> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return (await new Response(stream).bytes()).length;
}

Deno.test("public pages are light: the first within 25 KB and 5 requests, the catalogue within 12 KB", async () => {
  await using world = await openWorld();
  const stranger = world.stranger();
  const weigh = async (path: string) => {
    const { text } = await stranger.get(path);
    const links = [...text.matchAll(/<(?:link|script|img|use)\b[^>]*?(?:href|src)="([^"#]+)/g)]
      .map(([, href = ""]) => href).filter((href) => href.startsWith("/"));
    const parts = links.filter((href) => /\.(css|js|woff2|svg#?)$/.test(href));
    const others = await Promise.all(parts.map((href) => stranger.get(href)));
    const sizes = await Promise.all([text, ...others.map(({ text }) => text)].map(sizeOf));
    return { requests: 1 + links.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
  };
  const [home, list] = [await weigh("/"), await weigh("/services")];

  assert(home.bytes > 5000, "the styles were weighed too");
  assert(home.bytes <= 25_000 && home.requests <= 5, `${home.bytes} in ${home.requests} requests`);
  assert(list.bytes <= 12_000, `${list.bytes} bytes of catalogue`);
});

Deno.test("asvs V3.6.1 V14.2.3: public pages hold no script and nothing of another site", async () => {
  await using world = await openWorld();
  const stranger = world.stranger();

  for (const path of ["/", "/services", "/services/landing-page"]) {
    const { text, headers } = await stranger.get(path);
    assertEquals([path, /<script|<style|\son\w+=|\sstyle=/.test(text)], [path, false]);
    const addresses = [...text.matchAll(/\b(?:href|src|action)="([^"]*)"/g)].map(([, to]) => to);
    const ours = (to = "") => to.startsWith(world.url) || /^(\/(?!\/)|#|mailto:)/.test(to);
    assertEquals(addresses.filter((to) => !ours(to)), []);
    assertEquals(headers.getSetCookie(), []);
  }
});

Deno.test("a page that the browser has already is not sent again", async () => {
  await using world = await openWorld();
  const stranger = world.stranger();

  for (const path of ["/", "/services", "/services/landing-page"]) {
    const page = await stranger.get(path);
    const etag = page.headers.get("etag") ?? "";
    assertMatch(etag, /^"[0-9a-f]{24}"$/);
    assertEquals(page.headers.get("cache-control"), "public, max-age=0, must-revalidate");
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
      const same = await stranger.get(path, { headers: { "If-None-Match": known } });
      assertEquals([same.status, same.headers.get("etag"), same.text], [304, etag, ""]);
    }
    const other = await stranger.get(path, { headers: { "If-None-Match": '"other"' } });
    assertEquals([other.status, other.text], [200, page.text]);
  }
});

Deno.test("a changed catalogue is shown within seconds, with another ETag", async () => {
  await using world = await openWorld();
  const stranger = world.stranger();
  const paths = ["/services", `/services/${CHANGED}`];
  const before = await Promise.all(paths.map((path) => stranger.get(path)));

  await change(world, CHANGED, { name: "Search <audit>", priceMinor: 123_400 });
  await eventually(async () => (await stranger.get("/services")).text !== before[0]?.text);

  for (const [at, path] of paths.entries()) {
    const etag = before[at]?.headers.get("etag") ?? "";
    const after = await stranger.get(path, { headers: { "If-None-Match": etag } });
    assertEquals([path, after.status], [path, 200]);
    assertStringIncludes(after.text, "Search &lt;audit&gt;");
    assertStringIncludes(after.text, "USD 1,234.00");
  }
});

Deno.test("whoever changes a service sees it changed at once, on every page", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const texts = { name: "Search audit", summary: "s", description: "d", needs: "n" };
  const service = { ...texts, category: "marketing", price: "10.00", days: "3", state: "active" };
  const slug = CHANGED;

  for (const [state, status] of [["active", 200], ["hidden", 404], ["archived", 410]] as const) {
    const saved = await ada.post(`/admin/services/${slug}`, { ...service, state });
    const [page, list] = [await ada.get(`/services/${slug}`), await ada.get("/services")];
    assertEquals([state, saved.status, page.status], [state, 303, status]);
    assertEquals(list.text.includes(`/services/${slug}"`), state === "active");
    assertEquals(list.text.includes("Search audit"), state === "active");
  }
});

Deno.test("a hidden service reads like none at all, an archived one says that it is gone", async () => {
  await using world = await openWorld();
  const stranger = world.stranger();
  const at = `/services/${CHANGED}`;

  await change(world, CHANGED, { state: "hidden" });
  await eventually(async () => (await stranger.get(at)).status !== 200);
  const [hidden, none] = [await stranger.get(at), await stranger.get("/services/no-such")];
  assertEquals([hidden.status, none.status, hidden.text === none.text], [404, 404, true]);

  await change(world, CHANGED, { state: "archived" });
  await eventually(async () => (await stranger.get(at)).status !== 404);
  const gone = await stranger.get(at);
  assertEquals(gone.status, 410);
  assertStringIncludes(gone.text, "is no longer offered. See the services we offer now.");
  for (const path of ["/", "/services", "/book", "/sitemap.xml"]) {
    assert(!(await stranger.get(path)).text.includes(CHANGED), `${path} does not offer it`);
  }
});

Deno.test("an agency without services says so, and asks nobody to choose one", async () => {
  await using world = await openWorld();
  await world.db.update(services).set({ state: "hidden" });
  const stranger = world.stranger();
  await stranger.get("/services");
  world.time.now += 3000;
  const says = (path: string) => async () =>
    (await stranger.get(path)).text.includes("Nothing is on offer yet.");
  await eventually(says("/services"));
  await eventually(says("/book"));

  const { text } = await stranger.get("/book");
  assert(!text.includes('action="/bookings"'));
});
