import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { PRICED, UNPRICED } from "../cast.ts";
import { marksIn } from "../marks.ts";
import { openWorld } from "../world.ts";

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
  assertEquals((await stranger.get(manifest.start_url)).status, 303);
});

Deno.test("public pages say where they are at home, and services what they offer, to those who share or compare", async () => {
  await using world = await openWorld();
  const stranger = world.stranger();
  for (const path of ["/", "/services", "/book", `/services/${PRICED}`]) {
    const { text } = await stranger.get(`${path}?from=elsewhere`);
    assertStringIncludes(text, `<link rel="canonical" href="${world.url}${path}"`);
    assertMatch(text, /<meta property="og:title" content="[^"]{4,}"/);
    assertMatch(text, /<meta property="og:description" content="[^"]{10,}"/);
  }
  const priced = await stranger.get(`/services/${PRICED}`);
  assertMatch(priced.text, /itemprop="price" content="\d+\.\d\d"/);
  assertMatch(priced.text, /itemprop="priceCurrency" content="USD"/);
  const open = await stranger.get(`/services/${UNPRICED}`);
  assertStringIncludes(open.text, "schema.org/Service");
  assertEquals(open.text.includes('itemprop="price"'), false);
});
