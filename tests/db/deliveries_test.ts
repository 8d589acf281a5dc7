import { assertEquals } from "@std/assert";
import { deliverBy, listTurnsOf } from "../../db/deliveries.ts";
import { bookingIn, DAY, fileOf, NOW, openCast } from "../cast.ts";
import { verbs } from "../verbs.ts";

Deno.test("work is due its days after the whole price was here, until it is taken up again", async () => {
  await using cast = await openCast();
  const approved = await bookingIn(cast, "approved");
  assertEquals(deliverBy(approved.booking, approved.events), null);

  const done = await bookingIn(cast, "completed");
  const confirmed = done.events.find(({ move }) => move === "confirm_payment");
  const due = (confirmed?.at ?? 0) + done.booking.deliveryDays * DAY;
  assertEquals(deliverBy(done.booking, done.events), due);
  await verbs.reopen(cast.db, done, { actor: cast.ada, now: NOW + DAY });
  const again = await fileOf(cast.db, done.booking.reference);
  assertEquals([again.booking.status, deliverBy(again.booking, again.events)], [
    "in_progress",
    null,
  ]);
});

Deno.test("listTurnsOf() has what the dashboard needs of a client's own work, and of nobody else's", async () => {
  await using cast = await openCast();
  const { booking, events } = await bookingIn(cast, "paid");
  await bookingIn(cast, "approved");

  const turns = await listTurnsOf(cast.db, cast.alice.id as number);
  assertEquals(deliverBy(booking, turns), deliverBy(booking, events));
  assertEquals(turns.map(({ booking }) => booking), [booking.id]);
  assertEquals(await listTurnsOf(cast.db, cast.bob.id as number), []);
});
