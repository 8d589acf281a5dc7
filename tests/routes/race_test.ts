import { assertEquals } from "@std/assert";
import { listBookingsOf } from "../../db/booking_finders.ts";
import { ada, alice, bookingIn, castIn, fileOf, UNPRICED } from "../cast.ts";
import { openTestDatabase } from "../databases.ts";
import { marksIn } from "../marks.ts";
import { startProduct } from "../process.ts";
import { type Answer, hiddenFields, Visitor } from "../visitor.ts";
import { PASSWORD, PASSWORD_HASH } from "../world.ts";

/** Two processes of the product on one database file, with the cast in it. */
async function openTwins() {
  const place = await openTestDatabase();
  const { db } = place;
  const cast = await castIn(db, PASSWORD_HASH);
  const env = { TURSO_DATABASE_URL: place.url };
  const [one, two] = await Promise.all([startProduct(env), startProduct(env)]);
  return {
    ...{ db, cast, one, two },
    async [Symbol.asyncDispose]() {
      assertEquals(await Promise.all([one.stop(), two.stop()]), [0, 0]);
      await place[Symbol.asyncDispose]();
    },
  };
}

async function signIn(url: string, path: string, { email }: { email: string }): Promise<Visitor> {
  const visitor = new Visitor(url);
  assertEquals((await visitor.post(path, { email, password: PASSWORD })).status, 303);
  return visitor;
}

const statusesOf = (answers: Answer[]) => answers.map((answer) => answer.status).sort();

Deno.test("two processes: of approve, reject and cancel at once one wins, and both others are told", async () => {
  await using twins = await openTwins();
  const { db, cast } = twins;
  const [one, two] = await Promise.all([
    signIn(twins.one.url, "/admin/sign-in", ada),
    signIn(twins.two.url, "/admin/sign-in", ada),
  ]);
  const references: string[] = [];
  // Without a price the clock of the processes leaves them alone, whatever day it is.
  for (let at = 0; at < 20; at++) {
    references.push((await bookingIn(cast, "pending", { service: UNPRICED })).booking.reference);
  }

  for (const [at, reference] of references.entries()) {
    const [first, second] = at % 2 ? [one, two] as const : [two, one] as const;
    const path = (action: string) => `/admin/bookings/${reference}/${action}`;
    const answers = await Promise.all([
      first.post(path("approval"), { price: "149.00", version: "1" }),
      second.post(path("rejection"), { reason: "No.", version: "1" }),
      first.post(path("cancellation"), { reason: "No.", version: "1" }),
    ]);

    assertEquals(statusesOf(answers), [303, 409, 409]);
    const won = ["approved", "rejected", "cancelled"][
      answers.findIndex((answer) => answer.status === 303)
    ] ?? "";
    for (const { status, text } of answers) {
      if (status === 409) assertEquals(marksIn(text, "data-status")[0], won, "as it stands now");
    }
    const { booking, events } = await fileOf(db, reference);
    assertEquals([booking.status, booking.version, events.length], [won, 2, 2]);
  }
  const { rows } = await db.$client.execute(
    "select count(*) n from email_notifications where key like '%.2'",
  );
  assertEquals(rows[0]?.n, 20, "one mail for each winner");
});

Deno.test("two processes: a booking form sent ten times at once makes one booking", async () => {
  await using twins = await openTwins();
  const [one, two] = [new Visitor(twins.one.url), new Visitor(twins.two.url)];
  const page = await one.get("/book?service=landing-page");
  const form = {
    ...hiddenFields(page.text, "/bookings"),
    ...{ service: "landing-page", urgency: "low", details: "For the fair.", ...alice },
  };

  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, at) => (at % 2 ? one : two).post("/bookings", form)),
  );
  assertEquals(statusesOf(answers), Array(10).fill(303));
  assertEquals(new Set(answers.map((answer) => answer.location)).size, 1);
  assertEquals((await listBookingsOf(twins.db, twins.cast.alice.id as number)).length, 1);
  const { rows } = await twins.db.$client.execute("select key from email_notifications");
  assertEquals(rows.length, 2, "one mail to the client and one to the admin");
  for (const guest of [one, two]) {
    assertEquals((await guest.get(answers[0]?.location ?? "")).status, 200);
  }
});
