import { assertEquals } from "@std/assert";
import { openDb } from "../../db/client.ts";
import { admins } from "../../db/schema.ts";
import { startDatabase } from "../databases.ts";
import { type Product, startProduct } from "../process.ts";
import { Visitor } from "../visitor.ts";
import { PASSWORD } from "../world.ts";

/** Where this process says that the first admin is made. */
async function setupPath(product: Product): Promise<string> {
  const line = await product.line(/Make the first one here/);
  return new URL(line.match(/http\S+/)?.[0] ?? "").pathname;
}

Deno.test("of twenty who use two processes' set-up links at once, one becomes the owner", async () => {
  await using place = await startDatabase("file");
  const env = { TURSO_DATABASE_URL: place.url };
  await using one = await startProduct(env);
  await using two = await startProduct(env);
  const doors = await Promise.all([one, two].map(async (product) => ({
    visitor: new Visitor(product.url),
    path: await setupPath(product),
  })));

  const statuses = await Promise.all(Array.from({ length: 20 }, async (_, at) => {
    const door = doors[at % 2] as typeof doors[number];
    const fields = { name: `Owner ${at}`, email: `o${at}@agency.example`, password: PASSWORD };
    return (await door.visitor.post(door.path, fields)).status;
  }));
  const db = await openDb(place.url);
  const made = await db.select().from(admins);
  db.$client.close();

  assertEquals(statuses.filter((status) => status === 303).length, 1);
  assertEquals(made.map(({ role }) => role), ["owner"]);
});
