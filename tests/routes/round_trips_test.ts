import { assertEquals } from "@std/assert";
import { randomToken, storeToken } from "../../db/tokens.ts";
import { ada, bookingIn, NOW } from "../cast.ts";
import { DELAY, tripsOf, unasked } from "../trips.ts";
import type { Visitor } from "../visitor.ts";
import { openWorld, type World } from "../world.ts";

/** What is no page: files, which are read after it is known whose they are, and what machines ask for. */
const noPages =
  /\/static\/|\/(proof|html|stream|sw\.js)$|\.(csv|svg|png|txt|xml|webmanifest)$|:(file|name)$/;
/** What is looked at apart, or by developers alone. */
const elsewhere =
  /^\/(brand|legal|dev|livez|readyz|metrics|\.well-known|admin\/(settings|confirm|second-factor|sign-in\/code))|chat\/files/;

Deno.test("public pages cost no round trip, all others one", async () => {
  await using world = await openWorld({ slow: DELAY });
  const [guest, alice, ada] = [
    world.stranger(),
    await world.signedIn("alice"),
    await world.signedIn("ada"),
  ];
  await guest.get("/");
  const asked: string[] = [];
  const cost = async (visitor: Visitor, trips: number, paths: string[]) => {
    for (const path of paths) {
      asked.push(`GET ${path}`);
      const taken = await tripsOf(world, () => visitor.get(path), 200);
      assertEquals([path, taken], [path, trips]);
    }
  };
  const pages = await pagesIn(world);

  await cost(guest, 0, publicPages);
  await cost(guest, 1, pages.byLink);
  await cost(alice, 1, ["/book", ...pages.clients]);
  await cost(ada, 1, pages.admins);
  const missed = unasked(world, asked).map((route) => route.split(" "))
    .flatMap(([method, path = ""]) => method === "GET" ? path : [])
    .filter((path) => !noPages.test(path) && !elsewhere.test(path));
  assertEquals(missed, ["/setup/:token"]);
});

const publicPages = [
  ...["/", "/services", "/services?category=content&price=open", "/services/landing-page"],
  ...["/book", "/book?service=landing-page", "/sign-in", "/register", "/reset-password"],
  ...["/admin/sign-in", "/help", "/help/paying", "/offline"],
];

async function pagesIn(world: World) {
  const { booking, payments } = await bookingIn(world.cast, "payment_pending");
  const { booking: { reference: talked } } = await bookingIn(world.cast, "in_progress");
  const { booking: { reference } } = await bookingIn(world.cast, "paid");
  const alice = await world.signedIn("alice");
  await alice.post(`/bookings/${talked}/chat/messages`, { body: "Hello", client_id: "a" });
  await (await world.signedIn("ada")).post(`/admin/bookings/${talked}/chat/messages`, {
    ...{ body: "Welcome", client_id: "b" },
  });
  const paid = (await bookingIn(world.cast, "paid")).payments[0]?.id;
  const ref = booking.reference;
  const [guest, attempt] = [`/status/${booking.accessToken}`, `payments/${payments[0]?.id}`];
  const lists = adminLists.map((path) => path.replaceAll(":ref", ref));
  const own = `/bookings/${talked}/chat`;
  return {
    byLink: [guest, `${guest}/payment`, `${guest}/${attempt}`, ...await linksIn(world)],
    clients: [
      ...["/dashboard", "/account", own, `${own}/messages/1`],
      ...[`/bookings/${ref}`, `/bookings/${ref}/payment`, `/bookings/${ref}/${attempt}`],
    ],
    admins: [
      ...[`/admin/bookings/${ref}`, `/admin/bookings/${reference}`, ...lists],
      ...[`/admin${own}`, `/admin${own}/messages/2`, `/admin/payments/${paid}/refund`],
    ],
  };
}

const adminLists = [
  ...["/admin", "/admin/account", "/admin/bookings", "/admin/bookings?q=alice&status=pending"],
  ...["/admin/bookings?status=pending&open=:ref&done=:ref", "/admin/bookings/:ref/notes"],
  ...["/admin/services", "/admin/services/new", "/admin/services/landing-page"],
  ...["/admin/categories", "/admin/payments", "/admin/emails", "/admin/emails/1"],
  ...["/admin/emails?status=dead&template=new_booking", "/admin/emails/suppressed"],
  ...["/admin/emails/preview", "/admin/emails/preview/new_booking"],
  ...["/admin/team", "/admin/audit", "/admin/jobs", "/admin/replies"],
  ...["/admin/chat", "/admin/chat?show=unread", "/admin/chat?q=hello"],
];

/** Where the links of mails about accounts lead. */
async function linksIn({ db, cast }: World): Promise<string[]> {
  const userId = cast.alice.id as number;
  const email = "zoe@holm.example";
  const links = [
    ...[["/claim", { purpose: "claim", userId }], ["/verify-email", { purpose: "verify", userId }]],
    ...[["/reset-password", { purpose: "reset", userId }]],
    ...[["/admin/reset-password", { purpose: "reset", email: ada.email }]],
    ...[["/confirm-email", { purpose: "email_new", userId, email }]],
    ...[["/admin/register", { purpose: "invitation", email, role: "agent" }]],
    ...[["/admin/reset-password", { purpose: "reset", email: ada.email }]],
  ] as [string, Omit<Parameters<typeof storeToken>[2], "now">][];
  return await Promise.all(links.map(async ([path, about]) => {
    const token = randomToken();
    await storeToken(db, token, { ...about, now: NOW });
    return `${path}/${token}`;
  }));
}
