import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { imageSize } from "../../db/image_sizes.ts";
import { bookingIn, PRICED, UNPRICED } from "../cast.ts";
import { marksIn } from "../marks.ts";
import { openWorld } from "../world.ts";

type Icon = { purpose: string; sizes: string };

Deno.test("a phone may keep the site: its manifest has the agency's name and an icon that is there", async () => {
  await using world = await openWorld({ env: { AGENCY_NAME: "Ink & Sons" } });
  const stranger = world.stranger();
  const [address] = marksIn((await stranger.get("/")).text, "href")
    .filter((href) => href.includes("manifest"));
  const manifest = JSON.parse((await stranger.get(address ?? "")).text);

  assertEquals([manifest.name, manifest.display], ["Ink & Sons", "standalone"]);
  for (const { src, type } of manifest.icons) {
    const icon = await stranger.get(src);
    assertEquals([icon.status, icon.headers.get("content-type")], [200, type]);
  }
  const sizes = manifest.icons.map(({ purpose, sizes }: Icon) => `${purpose} ${sizes}`);
  for (const size of ["any 192x192", "any 512x512", "maskable 512x512"]) {
    assert(sizes.includes(size));
  }
  for (const [size, src] of [[180, "/apple-touch-icon.png"], [512, "/icon-512.png"]] as const) {
    const bytes = await (await stranger.open(src)).bytes();
    assertEquals(imageSize("image/png", bytes), { width: size, height: size });
  }
  assertEquals((await stranger.get(manifest.start_url)).status, 303);
});

Deno.test("public pages say where they are at home, and services what they offer, to those who share or compare", async () => {
  await using world = await openWorld();
  const stranger = world.stranger();
  for (const path of ["/", "/services", "/book", `/services/${PRICED}`, "/help", "/help/paying"]) {
    const { text } = await stranger.get(`${path}?from=elsewhere`);
    assertStringIncludes(text, `<link rel="canonical" href="${world.url}${path}"`);
    assertMatch(text, /<meta property="og:title" content="[^"]{4,}"/);
    assertMatch(text, /<meta property="og:description" content="[^"]{10,}"/);
  }
  const priced = await stranger.get(`/services/${PRICED}`);
  assertMatch(priced.text, /itemprop="price" content="\d+\.\d\d"/);
  assertMatch(priced.text, /itemprop="priceCurrency" content="USD"/);
  assertMatch(priced.text, /itemprop="provider".*?itemprop="name" content="ConnectPro"/);
  assertMatch(priced.text, /itemprop="serviceType" content="Websites"/);
  const open = await stranger.get(`/services/${UNPRICED}`);
  assertStringIncludes(open.text, "schema.org/Service");
  assertEquals(open.text.includes('itemprop="price"'), false);
  const { text: map } = await stranger.get("/sitemap.xml");
  for (const path of ["/help", "/help/paying", `/services/${PRICED}`]) {
    assertStringIncludes(map, `<loc>${world.url}${path}</loc>`);
  }
  const alice = await world.signedIn("alice");
  for (const path of ["/dashboard", "/account", "/sign-in", "/offline"]) {
    const { text } = await alice.get(path);
    assertStringIncludes(text, '<meta name="robots" content="noindex"');
    assertEquals([path, /canonical|og:title/.test(text), map.includes(path)], [path, false, false]);
  }
});

Deno.test("the navigation says where one is, to strangers too", async () => {
  await using world = await openWorld();
  const [stranger, alice] = [world.stranger(), await world.signedIn("alice")];
  const current = ({ text }: { text: string }) =>
    (text.match(/<nav class="site-nav".*?<\/nav>/)?.[0].match(/<a [^>]*aria-current[^>]*>/g) ?? [])
      .flatMap((link) => marksIn(link, "href"));

  assertEquals(current(await stranger.get("/services")), ["/services"]);
  assertEquals(current(await stranger.get(`/services/${PRICED}`)), ["/services"]);
  assertEquals(current(await stranger.get("/")), []);
  assertEquals(current(await alice.get("/dashboard")), ["/dashboard"]);
  assertEquals(current(await alice.get("/book")), ["/book"]);
  assertEquals(current(await alice.get("/account")), ["/account"]);
});

Deno.test("the guides show small pictures that are there, in both schemes, and no other picture lies beside them", async () => {
  await using world = await openWorld();
  const stranger = world.stranger();
  const guides = marksIn((await stranger.get("/help")).text, "href")
    .filter((href) => href.startsWith("/help/"));
  const texts = await Promise.all(guides.map(async (path) => (await stranger.get(path)).text));
  const shown = texts.flatMap((text) => [...marksIn(text, "srcset"), ...marksIn(text, "src")]);
  const files = await Array.fromAsync(Deno.readDir(new URL("../../static/help", import.meta.url)));

  assert(guides.length >= 7);
  assertEquals(
    shown.map((src) => src.replace(/^\/static\/help\/|\.[0-9a-f]{16}(?=\.webp)/g, "")).sort(),
    files.map(({ name }) => name).sort(),
  );
  for (const src of shown) {
    const picture = await stranger.open(src);
    assertEquals([src, picture.status, picture.headers.get("content-type")], [
      src,
      200,
      "image/webp",
    ]);
    assertMatch(picture.headers.get("cache-control") ?? "", /immutable/);
    const bytes = await picture.bytes();
    assert(bytes.length <= 40_000, `${src} has ${bytes.length} bytes`);
    assertEquals(imageSize("image/webp", bytes)?.width, 720);
  }
  const alts = texts.flatMap((text) => marksIn(text, "alt"));
  assert(alts.length * 2 === shown.length && alts.every((alt) => alt.length > 20));
});

Deno.test("the guide to paying says which ways are offered, and the pages it explains lead there", async () => {
  await using world = await openWorld();
  const [stranger, alice] = [world.stranger(), await world.signedIn("alice")];
  const guide = (await stranger.get("/help/paying")).text;
  const offered = ["stripe", "paypal", "bank", "usdt"].filter((method) =>
    guide.split(`id="${method}"`)[1]?.split("</section>")[0]?.includes("Offered here.")
  );
  assertEquals(offered, ["bank"]);

  const { booking } = await bookingIn(world.cast, "approved");
  const base = `/bookings/${booking.reference}`;
  assertStringIncludes((await alice.get(`${base}/payment`)).text, 'href="/help/paying"');
  const begun = await alice.fill(`${base}/payment`, `${base}/payments`, { method: "bank" });
  assertStringIncludes((await alice.get(begun.location)).text, 'href="/help/paying#bank"');
  const { booking: paid } = await bookingIn(world.cast, "paid");
  const chat = await alice.get(`/bookings/${paid.reference}/chat`);
  assertStringIncludes(chat.text, 'href="/help/chat"');
  const ada = await world.signedIn("ada");
  assertStringIncludes((await ada.get("/admin/bookings")).text, 'href="/help/review"');
});

Deno.test("the tab's icon says that a message is unread", async () => {
  await using world = await openWorld();
  const [alice, ada] = [await world.signedIn("alice"), await world.signedIn("ada")];
  const { booking } = await bookingIn(world.cast, "in_progress");
  const iconOf = async () =>
    (await alice.get("/dashboard")).text.match(/<link rel="icon" href="([^"]*)"/)?.[1] ?? "";
  const before = await iconOf();
  const chat = `/admin/bookings/${booking.reference}/chat`;
  await ada.fill(chat, `${chat}/messages`, { body: "The first draft is ready." });

  const after = await iconOf();
  assertEquals([before, after], ["/icon.svg", "/icon-unread.svg"]);
  const [plain, marked] = [await alice.get(before), await alice.get(after)];
  assertEquals(marked.text.replace(/<circle[^>]*>/g, ""), plain.text);
  assertEquals(marked.text.match(/<circle/g)?.length, 2);
});
