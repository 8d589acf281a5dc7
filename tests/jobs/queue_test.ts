import { assert, assertEquals } from "@std/assert";
import { approveOverdue } from "../../db/bookings_by_clock.ts";
import { readConfig } from "../../jobs/config.ts";
import { createQueue } from "../../jobs/queue.ts";
import { fileOf, HOUR, NOW, PRICED, UNPRICED } from "../cast.ts";
import { marksIn } from "../marks.ts";
import { QStash } from "../qstash_server.ts";
import { openWorld, type World } from "../world.ts";

const DUE = NOW + 96 * HOUR;
const form = (key: string, service = PRICED) => ({
  ...{ service, urgency: "low", details: "x", name: "Grace", email: "grace@holm.example" },
  idempotency_key: key,
});

/** Sends the booking form as a guest and returns the reference of what it made. */
async function book(world: World, fields: Record<string, string>): Promise<string> {
  const guest = world.stranger();
  const { status, location } = await guest.post("/bookings", fields);
  assertEquals(status, 303);
  return marksIn((await guest.get(location)).text, "data-reference")[0] ?? "";
}

Deno.test("a booking is published for the second it approves itself, once, and again when its time changes", async () => {
  await using qstash = new QStash();
  await using world = await openWorld({ env: qstash.env });
  const reference = await book(world, form("the-first-form"));
  await qstash.asked(1);
  assertEquals(await book(world, form("the-first-form")), reference);
  await qstash.asked(2);
  await book(world, form("without-a-price", UNPRICED));

  const path = `/admin/bookings/${reference}`;
  const hold = async (version: number) => {
    const ada = await world.signedIn("ada");
    assertEquals((await ada.post(`${path}/hold`, { version: String(version) })).location, path);
  };
  await hold(1);
  world.time.now += HOUR + 1;
  await hold(2);
  await qstash.asked(3);
  assertEquals(
    qstash.messages.map(({ id: _id, ...message }) => message),
    [DUE, DUE + HOUR + 1].map(
      (due) => ({
        url: `${world.url}/hooks/qstash`,
        body: JSON.stringify({ job: "approve_overdue", reference }),
        notBefore: Math.ceil(due / 1000) * 1000,
        deduplicationId: `approve-${reference}-${due}`,
        authorization: "Bearer qstash-token-of-a-test",
        retried: 0,
      }),
    ),
  );
});

Deno.test("F7: with QStash broken or silent a booking is taken as ever, and the sweep approves it", async () => {
  await using qstash = new QStash();
  await using world = await openWorld({ env: qstash.env });
  const said: string[] = [];
  const { error: say } = console;
  console.error = (line: string) => said.push(line);
  try {
    qstash.mood = "broken";
    const broken = await book(world, form("while-it-is-broken"));
    qstash.mood = "silent";
    const silent = await book(world, form("while-it-is-silent"));
    await qstash.asked(2);
    assertEquals(qstash.messages, []);
    assertEquals(await approveOverdue(world.db, DUE - 1), 0);
    assertEquals(await approveOverdue(world.db, DUE), 2);
    for (const reference of [broken, silent]) {
      assertEquals((await fileOf(world.db, reference)).booking.status, "approved");
    }
    qstash.answer();
    while (ours(said).length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    assertEquals(ours(said).map(({ event }) => event), ["qstash", "qstash"]);
    assert(!said.join().includes("qstash-token"), "the token is no word of a log");
  } finally {
    console.error = say;
  }
});

/** The lines of our own log among what was printed. */
const ours = (lines: string[]) =>
  lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line))
    .filter(({ event }) => event === "qstash");

Deno.test("only the production timeline of a set-up account has a queue", async () => {
  await using qstash = new QStash();
  const deploy = { DENO_DEPLOY: "true" };
  const withQueue = (env: Record<string, string>) =>
    createQueue(readConfig({ APP_ENV: "test", ...env }, [])) !== null;
  assertEquals(withQueue({}), false);
  assertEquals(withQueue({ ...qstash.env, QSTASH_TOKEN: "" }), false);
  assertEquals(withQueue(qstash.env), true);
  for (
    const [timeline, has] of [["production", true], ["git-branch/x", false], [
      "preview/1",
      false,
    ]] as const
  ) {
    assertEquals(withQueue({ ...qstash.env, ...deploy, DENO_TIMELINE: timeline }), has);
  }
});
