import { assert, assertEquals } from "@std/assert";
import { eq } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { bookingEvents, emailNotifications, serviceBookings } from "../../db/schema.ts";
import { castIn, manyBookings } from "../cast.ts";
import { eachDatabase } from "../databases.ts";
import type { Race, Result } from "./race_worker.ts";

const BOOKINGS = 100;

for (const moves of [["approve", "reject"], ["approve", "approve"]] as const) {
  eachDatabase(
    `two processes race to ${moves.join(" and ")} each booking: one wins`,
    async (db, { url }) => {
      const references = await manyBookings(await castIn(db), BOOKINGS);
      const racers = moves.map((move, at) =>
        new Racer({ url, move, name: `Racer ${at}`, references })
      );
      await Promise.all(racers.map((racer) => racer.ready()));
      const results = await Promise.all(racers.map((racer) => racer.run()));

      const won = results.flatMap((result) => result.won);
      assertEquals([won.length, new Set(won).size], [BOOKINGS, BOOKINGS]);
      const told = results.flatMap((result) => result.told);
      assertEquals(told, Array(BOOKINGS).fill("conflict"));
      await assertOneMoveEach(db, results);
    },
  );
}

async function assertOneMoveEach(db: Db, results: Result[]) {
  const events = await db.select({ event: bookingEvents, booking: serviceBookings })
    .from(bookingEvents)
    .innerJoin(serviceBookings, eq(serviceBookings.id, bookingEvents.bookingId))
    .where(eq(bookingEvents.version, 2));
  assertEquals(events.length, BOOKINGS);
  for (const { event, booking } of events) {
    const racer = Number(event.actorName.at(-1));
    assert(results[racer]?.won.includes(booking.reference));
    assertEquals([booking.version, booking.status], [2, event.toStatus]);
  }
  const mails = await db.select().from(emailNotifications);
  const about = mails.filter(({ template }) => /_(approved|rejected)$/.test(template));
  assertEquals(new Set(about.map(({ bookingId }) => bookingId)).size, BOOKINGS);
  assertEquals(about.length, BOOKINGS);
}

class Racer {
  #process: Deno.ChildProcess;
  #lines: ReadableStreamDefaultReader<string>;
  #text = "";

  constructor(race: Race) {
    const script = new URL("race_worker.ts", import.meta.url).pathname;
    this.#process = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", decodeURIComponent(script), JSON.stringify(race)],
      ...{ stdin: "piped", stdout: "piped" },
    }).spawn();
    this.#lines = this.#process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  async ready() {
    assertEquals(await this.#line(), "ready");
  }

  /** Gives the word and waits for the result. */
  async run(): Promise<Result> {
    const stdin = this.#process.stdin.getWriter();
    await stdin.write(new Uint8Array(1));
    await stdin.close();
    const result = JSON.parse(await this.#line());
    await this.#lines.read();
    await this.#process.status;
    return result;
  }

  async #line(): Promise<string> {
    while (!this.#text.includes("\n")) {
      const { value, done } = await this.#lines.read();
      if (done) throw new Error(`a racer stopped after ${this.#text}`);
      this.#text += value;
    }
    const [line = "", ...rest] = this.#text.split("\n");
    this.#text = rest.join("\n");
    return line;
  }
}
