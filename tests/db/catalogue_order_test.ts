import { assertEquals } from "@std/assert";
import { eq } from "drizzle-orm";
import { placeCategory, placeService } from "../../db/catalogue_order.ts";
import { services } from "../../db/schema.ts";
import { readWholeCatalogue } from "../../db/service_edits.ts";
import { readCatalogue } from "../../db/services.ts";
import { castIn, NOW } from "../cast.ts";
import { openTestDatabase } from "../databases.ts";
import { assertProblem } from "../problems.ts";

Deno.test("a service is put in front of another of its category, and the same again changes nothing", async () => {
  await using database = await openTestDatabase();
  const { db, ada: actor } = await castIn(database.db);
  const by = { actor, now: NOW };
  const all = async () => {
    const { services, categories } = await readWholeCatalogue(db);
    return services.filter(({ categoryId }) => categoryId === categories[0]?.id);
  };
  const slugs = async () => (await all()).map(({ slug }) => slug);
  const [first = "", second = "", third = "", ...rest] = await slugs();

  await placeService(db, await all(), { ...by, slug: third, before: second });
  assertEquals(await slugs(), [first, third, second, ...rest]);
  const { version } = await readCatalogue(db);
  await placeService(db, await all(), { ...by, slug: third, before: second });
  await placeService(db, await all(), { ...by, slug: third, before: third });
  assertEquals((await readCatalogue(db)).version, version);
  await placeService(db, await all(), { ...by, slug: first });
  assertEquals(await slugs(), [third, second, ...rest, first]);
  assertEquals((await readCatalogue(db)).categories[0]?.services[0]?.slug, third);

  const elsewhere = { ...by, slug: first, before: "seo-audit" };
  await assertProblem(placeService(db, await all(), elsewhere), "not_found");
  await assertProblem(placeService(db, await all(), { ...by, slug: "no-such" }), "not_found");
});

Deno.test("two at one place, as two admins at once can leave them, part with the next move", async () => {
  await using database = await openTestDatabase();
  const { db, ada: actor } = await castIn(database.db);
  const { categories, services: stored } = await readWholeCatalogue(db);
  const own = stored.filter(({ categoryId }) => categoryId === categories[0]?.id);
  const [first, second] = own.map(({ slug }) => slug);
  await db.update(services).set({ position: 1 }).where(eq(services.slug, second ?? ""));
  const tied = own.map((row) => row.slug === second ? { ...row, position: 1 } : row);

  const order = await placeService(db, tied, {
    actor,
    now: NOW,
    slug: second ?? "",
    before: first,
  });
  assertEquals(order.slice(0, 2).map(({ slug }) => slug), [second, first] as string[]);
  const places = (await readWholeCatalogue(db)).services
    .filter(({ categoryId }) => categoryId === categories[0]?.id).map(({ slug }) => slug);
  assertEquals(places, order.map(({ slug }) => slug));

  const last = categories.at(-1)?.slug ?? "";
  await placeCategory(db, categories, { actor, now: NOW, slug: last, before: categories[0]?.slug });
  assertEquals((await readCatalogue(db)).categories[0]?.slug, last);
  const { rows } = await db.$client.execute("select action, subject from audit_log");
  assertEquals(rows.map(({ action, subject }) => [action, subject]), [
    ["service.move", second],
    ["category.move", last],
  ]);
});
