import { assertEquals } from "@std/assert";
import type { Status } from "../../db/booking_status.ts";
import { admins, emailNotifications, serviceCategories } from "../../db/schema.ts";
import { randomToken, storeToken } from "../../db/tokens.ts";
import { bookingIn, NOW } from "../cast.ts";
import { attempt, tell } from "../ledger.ts";
import { DELAY, tripsOf, unasked } from "../trips.ts";
import type { Visitor } from "../visitor.ts";
import { openWorld, PASSWORD, type World } from "../world.ts";

type Fields = Record<string, string | string[]>;
type Change = (visitor: Visitor, path: string, fields?: Fields, status?: number) => Promise<void>;

const password = "a quiet kettle of fish";
const bookingForm = { service: "landing-page", urgency: "low", details: "x" };
const grace = { name: "Grace", email: "grace@holm.example" };

/**
 * Not counted here: what others' servers send, what runs a whole job or asks a provider, what takes a file and so a
 * trip more for each MB of it, and the second factor, which has a test of its own.
 */
const apart =
  /^(GET|POST \/(hooks|csp-report)|POST \/admin\/(jobs|second-factor|confirm|settings|sign-in\/code))|\/(check|proof|failure|dispute|statements)\b|transfers|second-factor\/removal/;

Deno.test("a change costs two round trips: one to read, one to write", async () => {
  await using world = await openWorld({ slow: DELAY });
  const [asked, trips]: [string[], [string, number][]] = [[], []];
  const change: Change = async (visitor, path, fields = {}, status = 303) => {
    asked.push(`POST ${path}`);
    trips.push([path, await tripsOf(world, () => visitor.post(path, fields), status)]);
  };
  const alice = await world.signedIn("alice");
  const ada = await world.signedIn("ada");

  await decisions(world, { change, ada });
  await talk(world, { change, alice, ada });
  await money(world, { change, alice, ada });
  await desk(world, { change, ada });
  await doors(world, { change, alice, ada });
  assertEquals(trips, trips.map(([path]) => [path, 2]));
  const missed = unasked(world, asked).filter((route) => !apart.test(route));
  assertEquals(missed, ["POST /setup/:token", "POST /admin/bookings/:ref/revocation"]);
});

type Doing = { change: Change; alice: Visitor; ada: Visitor };

/** What staff decide about bookings, each in the state that it is for. */
async function decisions({ cast }: World, { change, ada }: Pick<Doing, "change" | "ada">) {
  const one = async (status: Status) => (await bookingIn(cast, status)).booking.reference;
  const decide = async (status: Status, action: string, fields: Fields = {}) =>
    await change(ada, `/admin/bookings/${await one(status)}/${action}`, fields);
  const reason = "Why.";

  await decide("pending", "hold", { version: "1" });
  await decide("pending", "approval", { price: "149.00" });
  await decide("pending", "rejection", { reason });
  await decide("approved", "cancellation", { reason });
  await decide("in_progress", "cancellation", { reason, money: "keep" });
  await decide("paid", "start");
  await decide("in_progress", "completion");
  await decide("completed", "reopening", { reason });
  await decide("expired", "reinstatement");
  await decide("approved", "payments", { amount: "890.00", idempotency_key: "once" });
  await decide("pending", "client-block", { blocked: "yes" });
  await decide("pending", "client-block", { blocked: "no" });
  await decide("pending", "assignment", { admin: "1" });
  const notes = `/admin/bookings/${await one("pending")}/notes`;
  await change(ada, notes, { note: "Ask.", idempotency_key: "the-note" });
  await change(ada, `${notes}/the-note/deletion`);
  const [quick, last] = [await one("pending"), await one("pending")];
  await change(ada, `/admin/bookings/${quick}/approval`, { price: "9", view: "row" });
  await change(ada, `/admin/bookings/${quick}/undo`);
  await change(ada, "/admin/bookings/approvals", { booking: [`${last}.1`] }, 200);
  await change(ada, "/admin/bookings/filters", { name: "a", query: "status=paid" });
  await change(ada, "/admin/bookings/filters/1/removal");
}

async function talk({ cast }: World, { change, alice, ada }: Doing) {
  const { booking: { reference } } = await bookingIn(cast, "paid");
  for (const [visitor, area, nth] of [[alice, "", 1], [ada, "/admin", 2]] as const) {
    const chat = `${area}/bookings/${reference}/chat`;
    await change(visitor, `${chat}/messages`, { body: "Hello", client_id: `${nth}` });
    await change(visitor, `${chat}/messages/${nth}`, { body: "Hello there" });
    await change(visitor, `${chat}/reads`, { message: "1" }, 204);
    await change(visitor, `${chat}/typing`, {}, 204);
    if (visitor === alice) {
      await change(ada, `/admin/chat/${reference}/no-answer`, { message: "1" });
    }
    await change(visitor, `${chat}/messages/${nth}/deletion`);
  }
  await change(ada, "/admin/replies", { slug: "a", body: "b" });
  await change(ada, "/admin/replies/1/removal");
}

async function money({ cast, db }: World, { change, alice, ada }: Doing) {
  const approved = await bookingIn(cast, "approved");
  await change(alice, `/bookings/${approved.booking.reference}/payments`, { method: "test" });
  const paying = async (amount?: number) => {
    const payment = await attempt(cast, await bookingIn(cast, "approved"), { method: "bank" });
    if (amount) await tell(db, payment, { amount });
    return `/admin/payments/${payment.id}`;
  };
  const reason = "Why.";
  const paid = await paying();
  await change(ada, `${paid}/confirmation`, { amount: "890.00" });
  await change(ada, `${paid}/refund`, { amount: "10.00", reason });
  await change(ada, `${await paying()}/refusal`, { reason });
  await change(ada, `${await paying(80_000)}/rest`, { reason });
  await change(ada, `${await paying(80_000)}/acceptance`, { reason });
}

/** The catalogue, the mails and the team. */
async function desk(world: World, { change, ada }: Pick<Doing, "change" | "ada">) {
  const { db } = world;
  const category = (await db.select().from(serviceCategories).limit(1))[0]?.slug ?? "";
  const words = { name: "One more", summary: "s", description: "d", needs: "n", state: "active" };
  const service = { ...words, category, price: "10.00", days: "3" };
  await change(ada, "/admin/services", service);
  await change(ada, "/admin/services/landing-page", service);
  await change(ada, "/admin/services/landing-page/place", { before: "" });
  await change(ada, "/admin/categories", { name: "One more", description: "d" });
  await change(ada, "/admin/categories", { name: "Sites", description: "d", slug: category });
  await change(ada, `/admin/categories/${category}/place`, { before: "" });

  await bookingIn(world.cast, "pending");
  await world.mails();
  await change(ada, "/admin/emails/1/copies");
  for (const action of ["1/retry", "1/dismissal", "dismissal"]) {
    await db.update(emailNotifications).set({ status: "dead" });
    await change(ada, `/admin/emails/${action}`);
  }
  await change(ada, "/admin/emails/retries", { status: "dead", up_to: "9" });
  await change(ada, "/admin/emails/suppressed", { email: grace.email });
  await change(ada, "/admin/emails/suppressed/release", { email: grace.email });

  const { id } = await world.hired("agent");
  await change(ada, "/admin/team/invitations", { email: "zoe@holm.example", role: "agent" });
  await change(ada, "/admin/team/invitations/withdrawal", { email: "zoe@holm.example" });
  await change(ada, `/admin/team/${id}/role`, { role: "manager" });
  for (const action of ["sessions", "deactivation", "reactivation"]) {
    await change(ada, `/admin/team/${id}/${action}`);
  }
}

/** Accounts, and the ways into them. */
async function doors(world: World, { change, alice, ada }: Doing) {
  const { db, cast } = world;
  const guest = () => world.stranger();
  const userId = cast.alice.id as number;
  const link = async (path: string, about: Omit<Parameters<typeof storeToken>[2], "now">) => {
    const token = randomToken();
    await storeToken(db, token, { ...about, now: NOW });
    return `${path}/${token}`;
  };
  const other = await world.signedIn("alice");
  await change(guest(), "/bookings", { ...bookingForm, ...grace });
  const booked = await guest().post("/bookings", { ...bookingForm, ...grace });
  await change(guest(), `${booked.location}/claim`, {}, 200);
  await change(guest(), `${booked.location}/cancellation`);
  const { booking: { accessToken } } = await bookingIn(cast, "approved");
  await change(guest(), `/status/${accessToken}/payments`, { method: "bank" });
  const { booking: { reference } } = await bookingIn(cast, "pending");
  await change(alice, `/bookings/${reference}/cancellation`);
  for (const [visitor, page] of [[alice, "/account"], [ada, "/admin/account"]] as const) {
    await world.signedIn(visitor === ada ? "ada" : "alice");
    const { text } = await visitor.get(page);
    await change(visitor, text.match(/\/[\w/]+\/sessions\/[\w-]+\/end/)?.[0] ?? "");
  }
  await change(alice, "/account/profile", { name: "Alice" });
  await change(alice, "/account/email", { email: "a@meyer.example", email_password: PASSWORD });
  await change(alice, "/account/sessions/end");
  await change(alice, "/account/password", { current_password: PASSWORD, password });
  await change(other, "/sign-in", { email: "alice@northwind.example", password });
  await change(other, "/sign-out");
  await change(guest(), "/register", { ...grace, password }, 200);
  for (const email of [grace.email, "nobody@nowhere.example"]) {
    await change(guest(), "/reset-password", { email }, 200);
  }
  for (const [path, purpose] of [["/claim", "claim"], ["/reset-password", "reset"]] as const) {
    await change(guest(), await link(path, { purpose, userId }), { password });
  }
  await change(guest(), await link("/verify-email", { purpose: "verify", userId }));
  await change(
    guest(),
    await link("/confirm-email", { purpose: "email_new", userId, email: "n@x.example" }),
    {},
    200,
  );

  await change(ada, "/admin/account/sessions/end");
  await change(ada, "/admin/account/password", { current_password: PASSWORD, password });
  await change(guest(), "/admin/sign-in", { email: "ada@connectpro.example", password });
  const forgotten = { purpose: "reset", email: "ada@connectpro.example" } as const;
  await change(guest(), await link("/admin/reset-password", forgotten), { password });
  const invited = { purpose: "invitation", email: "yan@holm.example", role: "agent" } as const;
  await change(guest(), await link("/admin/register", invited), { name: "Yan", password });
}

Deno.test("making the first admin costs two round trips", async () => {
  await using world = await openWorld({ slow: DELAY });
  await world.db.delete(admins);
  const { pathname } = new URL(await world.setupLink() ?? "");
  const setUp = () => world.stranger().post(pathname, { ...grace, password });
  assertEquals(await tripsOf(world, setUp, 303), 2);
});
