import { assert, assertEquals } from "@std/assert";
import { eq } from "drizzle-orm";
import { statuses } from "../../db/booking_status.ts";
import {
  admins,
  bookingEvents,
  emailNotifications,
  payments,
  serviceBookings,
  serviceCategories,
  services,
  users,
} from "../../db/schema.ts";
import { seedCatalogue } from "../../db/seed.ts";
import { seedCategories } from "../../db/seed_catalogue.ts";
import { seedDemo } from "../../db/seed_demo.ts";
import { approveAfter, dump, HOUR, NOW } from "../cast.ts";
import { eachDatabase, openTestDatabase } from "../databases.ts";
import { atOnce } from "./processes_at_once.ts";

const demo = {
  ...{ now: NOW, currency: "USD", approveAfter },
  hash: (password: string) => Promise.resolve(`hash of ${password}`),
};

eachDatabase(
  "seedCatalogue() in two processes at once puts in 6 categories and 30 services",
  async (db, { url }) => {
    const results = await atOnce("seedCatalogue", { url });
    const sum = (of: "categories" | "services") => results.reduce((n, result) => n + result[of], 0);
    assertEquals([sum("categories"), sum("services")], [6, 30]);
    const categories = await db.select().from(serviceCategories).orderBy(
      serviceCategories.position,
    );
    assertEquals(categories.map(({ slug }) => slug), seedCategories.map(({ slug }) => slug));
    assertEquals((await db.select().from(services)).length, 30);
  },
);

Deno.test("seedCatalogue() again undoes nothing that an admin changed", async () => {
  await using database = await openTestDatabase();
  const { db } = database;
  assertEquals(await seedCatalogue(db), { categories: 6, services: 30 });
  await db.update(services).set({ name: "Our page", priceMinor: null, state: "hidden" })
    .where(eq(services.slug, "landing-page"));
  await db.update(serviceCategories).set({ name: "Ours", position: 9 })
    .where(eq(serviceCategories.slug, "design"));
  const { services: rows, service_categories: categories } = await dump(db);

  assertEquals(await seedCatalogue(db), { categories: 0, services: 0 });
  const after = await dump(db);
  assertEquals([after.services, after.service_categories], [rows, categories]);
});

Deno.test("every service of the catalogue says what it is, what is needed and what it costs", () => {
  const all = seedCategories.flatMap((category) => category.services);
  assertEquals(new Set(all.map(({ slug }) => slug)).size, 30);
  assertEquals(all.filter(({ priceMinor }) => priceMinor === null).length, 4);
  for (const { slug, summary, description, needs, deliveryDays } of all) {
    assert(summary.length <= 110 && !summary.includes("\n"), slug);
    assert(description.split("\n").length >= 2 && needs.length > 20, slug);
    assert(deliveryDays >= 1 && deliveryDays <= 60, slug);
    assert(!`${summary}${description}${needs}`.includes("!"), slug);
  }
});

eachDatabase(
  "seedDemo() plays bookings into every state, with a true history and no mail left to send",
  async (db) => {
    await seedCatalogue(db);
    const people = await seedDemo(db, demo);
    assertEquals(people.map(({ role }) => role).sort(), ["admin", "client", "client"]);
    const accounts = [...await db.select().from(users), ...await db.select().from(admins)];
    for (const { email, password } of people) {
      const account = accounts.find((row) => row.email === email);
      assertEquals(account?.passwordHash, `hash of ${password}`);
    }

    const bookings = await db.select().from(serviceBookings);
    assertEquals(new Set(bookings.map(({ status }) => status)), new Set(statuses));
    const pending = bookings.filter(({ status }) => status === "pending");
    assert(pending.some(({ urgency }) => urgency === "urgent"));
    assert(pending.some(({ heldAt }) => heldAt !== null));
    assert(pending.some(({ cataloguePriceMinor }) => cataloguePriceMinor === null));
    assert(
      pending.every(({ autoApproveAt }) =>
        autoApproveAt === null || autoApproveAt > NOW - 48 * HOUR
      ),
    );
    const review = (await db.select().from(payments)).filter(({ status }) =>
      status === "under_review"
    );
    assertEquals(review.map(({ method }) => method), ["bank"]);

    const events = await db.select().from(bookingEvents);
    for (const { id, status, version } of bookings) {
      const own = events.filter(({ bookingId }) => bookingId === id);
      assertEquals([own.length, own.at(-1)?.toStatus], [version, status]);
      assertEquals(own.map(({ at }) => at), own.map(({ at }) => at).sort((a, b) => a - b));
    }
    assert(events.every(({ at }) => at < NOW));
    const mails = await db.select().from(emailNotifications);
    assert(mails.length > 0 && mails.every(({ status }) => status === "sent"));
  },
);

Deno.test("seedDemo() does nothing where there are bookings, and takes the admin that is there", async () => {
  await using database = await openTestDatabase();
  const { db } = database;
  await seedCatalogue(db);
  const zoe = { name: "Zoe Lind", email: "zoe@connectpro.example", passwordHash: "none" };
  await db.insert(admins).values({ ...zoe, role: "owner", createdAt: NOW });
  assertEquals((await seedDemo(db, demo)).map(({ role }) => role), ["client", "client"]);
  const before = await dump(db);

  assertEquals(await seedDemo(db, demo), []);
  assertEquals(await dump(db), before);
});
