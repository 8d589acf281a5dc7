import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { eq } from "drizzle-orm";
import { services } from "../../../db/schema.ts";
import { PRICED } from "../../cast.ts";
import { elementsIn, linkIn, marksIn, textOf } from "../../marks.ts";
import type { Visitor } from "../../visitor.ts";
import { openWorld } from "../../world.ts";

const htmx = { htmx: true };
const [SERVICES, CATEGORIES] = ["/admin/services", "/admin/categories"];

const orderIn = (html: string) => marksIn(html, "data-service");
const orderOf = async (ada: Visitor) => orderIn((await ada.get(SERVICES)).text);

Deno.test("a service moves up and down by buttons, in place and with its focus", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const [first = "", second = "", ...rest] = await orderOf(ada);

  const down = `${SERVICES}/${first}/place`;
  const page = await ada.get(SERVICES);
  const [, form = ""] = elementsIn(page.text, "form", `action="${down}"`);
  assertStringIncludes(form, `id="${first}-down"`);
  const before = /name="before" value="([^"]*)"/.exec(form)?.[1] ?? "";
  const part = await ada.post(down, { before }, htmx);
  assertEquals([part.status, orderIn(part.text)], [200, [second, first, ...rest]]);
  assertStringIncludes(part.text, `id="${first}-down"`);
  const [row = ""] = elementsIn(part.text, "tr", `data-service="${first}"`);
  assertStringIncludes(row, `class="changed"`);
  assertEquals((await ada.post(down, { before }, htmx)).status, 200, "twice is once");
  assertEquals(await orderOf(ada), [second, first, ...rest]);

  const up = await ada.fill(SERVICES, down, { before: second });
  assertEquals([up.status, up.location, await orderOf(ada)], [303, SERVICES, [
    ...[first, second, ...rest],
  ]]);
  assertEquals((await ada.post(down, { before: "no-such-service" })).status, 404);
  const [shown] = elementsIn((await world.stranger().get("/services")).text, "article", "");
  assertStringIncludes(shown ?? "", first);
});

Deno.test("categories are saved, added and moved where they stand", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const edit = { slug: "design", name: "Design work", description: "What people see." };

  const saved = await ada.post(CATEGORIES, edit, htmx);
  assertEquals([saved.status, saved.text.includes("<html")], [200, false]);
  const [open = ""] = elementsIn(saved.text, "details", "open");
  assertStringIncludes(textOf(open), "Design work Name Description Save this category Saved.");
  assertStringIncludes(open, `id="save-design"`);
  const added = await ada.post(CATEGORIES, { name: "Films", description: "Moving." }, htmx);
  assertEquals(marksIn(added.text, "id").filter((id) => id.startsWith("category-")).slice(-2), [
    ...["category-films", "category-new"],
  ]);
  const names = async () =>
    elementsIn((await ada.get(CATEGORIES)).text, "summary", "").map((one) => textOf(one));
  const before = await names();
  const moved = await ada.post(`${CATEGORIES}/films/place`, { before: "design" }, htmx);
  assertEquals(moved.status, 200);
  const after = await names();
  assertEquals(after.indexOf("Films") + 1, after.indexOf("Design work"));
  assertEquals(after.toSorted(), before.toSorted());

  const wrong = await ada.post(CATEGORIES, { ...edit, name: "" }, htmx);
  assertEquals(wrong.status, 422);
  assertStringIncludes(textOf(wrong.text), "Write the name.");
  assertEquals((await ada.post(CATEGORIES, { ...edit, slug: "no-such" })).status, 404);
  const plain = await ada.post(CATEGORIES, edit);
  assertEquals([plain.status, plain.location], [303, CATEGORIES]);
});

Deno.test("a service is edited in place, with what was saved in its fields", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const path = `${SERVICES}/landing-page`;
  const fields = {
    ...{ name: "Landing page", summary: "One page.", description: "A page.", needs: "Words." },
    ...{ price: "910", days: "8", category: "websites", state: "active" },
    ...{ approves_itself: "yes", approve_after_hours: "30" },
  };

  const saved = await ada.post(path, fields, htmx);
  assertEquals(saved.status, 200);
  for (const words of ["Saved.", `value="910.00"`, `value="8"`, `value="30"`]) {
    assertStringIncludes(saved.text, words);
  }
  assert(!saved.text.includes("<html"));
  const wrong = await ada.post(path, { ...fields, days: "0" }, htmx);
  assertEquals([wrong.status, wrong.text.includes("Write at least 1 day.")], [422, true]);
  const plain = await ada.post(path, fields);
  assertEquals([plain.status, plain.location], [303, SERVICES]);
});

Deno.test("services are narrowed by state, and said to be none; the order is changed among all", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  await world.db.update(services).set({ state: "hidden" }).where(eq(services.slug, PRICED));
  const listed = async (query: string) => (await ada.get(`${SERVICES}?${query}`)).text;

  const hidden = await listed("state=hidden");
  assertEquals([orderIn(hidden), hidden.includes("/place")], [[PRICED], false]);
  assertEquals(linkIn(hidden, "All"), SERVICES);
  assert(!orderIn(await listed("state=active")).includes(PRICED));
  assertStringIncludes(textOf(await listed("state=archived")), "No service is archived.");
  assertEquals(orderIn(await listed("state=x")), await orderOf(ada));
});
