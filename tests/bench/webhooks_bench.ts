import { openCardWorld } from "../card_world.ts";
import { bookingIn } from "../cast.ts";
import { attempt } from "../ledger.ts";
import type { Call } from "../stripe_server.ts";

// How long a provider waits for our answer while fifty bookings wait for their money; each call settles one of them.
const BACKLOG = 50;
const WARM = 5;
const { world, stripe, hook } = await openCardWorld();
const calls: Call[] = [];
while (calls.length < BACKLOG) {
  const payment = await attempt(world.cast, await bookingIn(world.cast, "approved"));
  const metadata = { payment_id: payment.id };
  const session = { metadata, amount_total: 89000, currency: "usd", payment_status: "paid" };
  calls.push(await stripe.call("checkout.session.completed", session));
}
const [again = { body: "", headers: {} }] = calls;

const once = { group: "webhook", baseline: true, n: BACKLOG - WARM, warmup: WARM };
Deno.bench("a signed call that settles a booking", once, async (bench) => {
  const call = calls.shift() ?? again;
  bench.start();
  await hook("stripe", call);
  bench.end();
  await world.mails();
});

Deno.bench("the same call again", { group: "webhook" }, async () => {
  await hook("stripe", again);
});

Deno.bench("fifty copies of a call at once", { group: "webhook" }, async () => {
  await Promise.all(Array.from({ length: 50 }, () => hook("stripe", again)));
});
