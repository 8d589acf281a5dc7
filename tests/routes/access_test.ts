import { assertEquals } from "@std/assert";
import { assignBooking } from "../../db/assignments.ts";
import { bookingIn, NOW } from "../cast.ts";
import { assertUnknown } from "../pages.ts";
import type { Answer } from "../visitor.ts";
import { addressOf, peopleIn, viewers, visit } from "../walks.ts";
import { openWorld } from "../world.ts";

/**
 * What each of `viewers` gets at every address of a booking of Alice's, in progress and given to nobody, when they send no fields: a status, or `in` for being led to a
 * sign-in. What is not found reads like what does not exist, to the byte.
 */
const table = `
GET /livez                                           200 200 200 200 200 200
GET /readyz                                          200 200 200 200 200 200
GET /metrics                                         404 404 404 404 404 404
GET /robots.txt                                      200 200 200 200 200 200
GET /sitemap.xml                                     200 200 200 200 200 200
GET /.well-known/change-password                     303 303 303 303 303 303
GET /.well-known/security.txt                        200 200 200 200 200 200
POST /csp-report                                     422 422 422 422 422 422
POST /hooks/qstash                                   401 401 401 401 401 401
POST /hooks/resend                                   401 401 401 401 401 401
GET /static/icons.svg                                200 200 200 200 200 200
GET /static/:file                                    404 404 404 404 404 404
GET /brand/:file                                     404 404 404 404 404 404
GET /icon.svg                                        200 200 200 200 200 200
GET /icon-unread.svg                                 200 200 200 200 200 200
GET /icon-192.png                                    200 200 200 200 200 200
GET /icon-512.png                                    200 200 200 200 200 200
GET /apple-touch-icon.png                            200 200 200 200 200 200
GET /manifest.webmanifest                            200 200 200 200 200 200
GET /offline                                         200 200 200 200 200 200
GET /sw.js                                           200 200 200 200 200 200
GET /help                                            200 200 200 200 200 200
GET /help/:guide                                     404 404 404 404 404 404
GET /static/help/:file                               404 404 404 404 404 404
POST /hooks/stripe                                   400 400 400 400 400 400
POST /hooks/paypal                                   400 400 400 400 400 400
GET /                                                200 200 200 200 200 200
GET /legal                                           404 404 404 404 404 404
GET /services                                        200 200 200 200 200 200
GET /services/:slug                                  200 200 200 200 200 200
GET /book                                            200 200 200 200 200 200
POST /bookings                                       422 422 422 422 422 422
GET /sign-in                                         200 200 200 200 200 200
POST /sign-in                                        422 422 422 422 422 422
POST /sign-out                                       303 303 303 303 303 303
GET /claim/:token                                    404 404 404 404 404 404
POST /claim/:token                                   404 404 404 404 404 404
GET /reset-password/:token                           404 404 404 404 404 404
POST /reset-password/:token                          404 404 404 404 404 404
GET /register                                        200 200 200 200 200 200
POST /register                                       422 422 422 422 422 422
GET /verify-email/:token                             404 404 404 404 404 404
POST /verify-email/:token                            404 404 404 404 404 404
GET /reset-password                                  200 200 200 200 200 200
POST /reset-password                                 422 422 422 422 422 422
GET /confirm-email/:token                            404 404 404 404 404 404
POST /confirm-email/:token                           404 404 404 404 404 404
POST /status/:token/claim                            200 200 200 200 200 200
GET /status/:token                                   200 200 200 200 200 200
POST /status/:token/cancellation                     409 409 409 409 409 409
GET /status/:token/payment                           200 200 200 200 200 200
POST /status/:token/payments                         422 422 422 422 422 422
GET /status/:token/payments/:id                      200 200 200 200 200 200
GET /status/:token/payments/:id/proof                404 404 404 404 404 404
POST /status/:token/payments/:id/proof               409 409 409 409 409 409
GET /status/:token/receipts/:name                    404 404 404 404 404 404
POST /status/:token/payments/:id/check               303 303 303 303 303 303
GET /admin/sign-in                                   200 200 200 200 200 200
POST /admin/sign-in                                  422 422 422 422 422 422
GET /setup/:token                                    404 404 404 404 404 404
POST /setup/:token                                   404 404 404 404 404 404
GET /admin/register/:token                           404 404 404 404 404 404
POST /admin/register/:token                          404 404 404 404 404 404
GET /admin/sign-in/code                               in  in  in  in  in  in
POST /admin/sign-in/code                              in  in  in  in  in  in
GET /admin/reset-password/:token                     404 404 404 404 404 404
POST /admin/reset-password/:token                    404 404 404 404 404 404
GET /dev/mail                                        200 200 200 200 200 200
GET /dev/components                                  200 200 200 200 200 200
GET /dev/mail/templates                              200 200 200 200 200 200
GET /dev/mail/templates/:template                    404 404 404 404 404 404
GET /dev/mail/templates/:template/html               404 404 404 404 404 404
GET /dev/mail/:id                                    404 404 404 404 404 404
GET /admin                                            in  in  in 200 200 200
GET /admin/charts/:file                               in  in  in 404 404 404
GET /admin/bookings                                   in  in  in 200 200 200
POST /admin/bookings/filters                          in  in  in 422 422 422
POST /admin/bookings/filters/:id{[0-9]{1,15}}/removal  in  in  in 404 404 404
POST /admin/bookings/approvals                        in  in  in 422 422 422
GET /admin/bookings/:ref                              in  in  in 404 200 200
POST /admin/bookings/:ref/approval                    in  in  in 404 422 422
POST /admin/bookings/:ref/rejection                   in  in  in 404 422 422
POST /admin/bookings/:ref/hold                        in  in  in 404 409 409
POST /admin/bookings/:ref/start                       in  in  in 404 409 409
POST /admin/bookings/:ref/completion                  in  in  in 404 303 303
POST /admin/bookings/:ref/cancellation                in  in  in 404 422 422
POST /admin/bookings/:ref/reopening                   in  in  in 404 422 422
POST /admin/bookings/:ref/revocation                  in  in  in 404 422 422
POST /admin/bookings/:ref/client-block                in  in  in 404 422 422
POST /admin/bookings/:ref/undo                        in  in  in 404 409 409
POST /admin/bookings/:ref/reinstatement               in  in  in 404 409 409
POST /admin/bookings/:ref/payments                    in  in  in 403 422 422
POST /admin/bookings/:ref/assignment                  in  in  in 403 422 422
GET /admin/bookings/:ref/notes                         in  in  in 404 200 200
POST /admin/bookings/:ref/notes                        in  in  in 404 422 422
POST /admin/bookings/:ref/notes/:key/deletion          in  in  in 404 404 404
GET /admin/bookings/:ref/receipts/:name               in  in  in 404 404 404
GET /admin/bookings/:ref/chat                         in  in  in 404 200 200
POST /admin/bookings/:ref/chat/messages               in  in  in 404 422 422
GET /admin/bookings/:ref/chat/messages/:id            in  in  in 404 404 404
POST /admin/bookings/:ref/chat/messages/:id           in  in  in 404 404 404
POST /admin/bookings/:ref/chat/messages/:id/deletion  in  in  in 404 404 404
POST /admin/bookings/:ref/chat/reads                  in  in  in 404 422 422
POST /admin/bookings/:ref/chat/typing                 in  in  in 404 204 204
GET /admin/bookings/:ref/chat/files/:id               in  in  in 404 404 404
GET /admin/bookings/:ref/chat/stream                  in  in  in 404 200 200
GET /admin/chat                                        in  in  in 200 200 200
POST /admin/chat/:ref/no-answer                        in  in  in 422 422 422
GET /admin/replies                                     in  in  in 403 200 200
POST /admin/replies                                    in  in  in 403 422 422
POST /admin/replies/:id{[0-9]{1,15}}/removal           in  in  in 403 404 404
GET /admin/payments                                   in  in  in 200 200 200
POST /admin/payments/:id/confirmation                 in  in  in 403 409 409
POST /admin/payments/:id/refusal                      in  in  in 403 409 409
POST /admin/payments/:id/acceptance                   in  in  in 403 409 409
POST /admin/payments/:id/rest                         in  in  in 403 409 409
POST /admin/payments/:id/dispute                      in  in  in 403 409 409
GET /admin/payments/:id/proof                         in  in  in 404 404 404
GET /admin/payments/export.csv                        in  in  in 403 200 200
POST /admin/payments/statements                       in  in  in 403 422 422
POST /admin/payments/statements/confirmation          in  in  in 403 422 422
POST /admin/payments/statements/lines/:id/confirmation  in  in  in 403 404 404
POST /admin/payments/statements/lines/:id/dismissal   in  in  in 403 404 404
POST /admin/payments/transfers/assignment             in  in  in 403 422 422
POST /admin/payments/transfers/dismissal              in  in  in 403 422 422
GET /admin/payments/:id/refund                        in  in  in 403 200 200
POST /admin/payments/:id/refund                       in  in  in 403 422 422
POST /admin/refunds/:id/proof                         in  in  in 403 404 404
POST /admin/refunds/:id/failure                       in  in  in 403 404 404
GET /admin/emails                                     in  in  in 200 200 200
POST /admin/emails/dismissal                          in  in  in 403 303 303
POST /admin/emails/retries                            in  in  in 403 422 422
GET /admin/emails/:id{[0-9]{1,15}}                    in  in  in 404 404 404
GET /admin/emails/:id{[0-9]{1,15}}/html               in  in  in 404 404 404
POST /admin/emails/:id{[0-9]{1,15}}/retry             in  in  in 403 404 404
POST /admin/emails/:id{[0-9]{1,15}}/copies            in  in  in 403 404 404
POST /admin/emails/:id{[0-9]{1,15}}/dismissal         in  in  in 403 404 404
GET /admin/emails/preview                             in  in  in 200 200 200
GET /admin/emails/preview/:template                   in  in  in 404 404 404
GET /admin/emails/preview/:template/html              in  in  in 404 404 404
GET /admin/emails/suppressed                          in  in  in 403 200 200
POST /admin/emails/suppressed                         in  in  in 403 422 422
POST /admin/emails/suppressed/release                 in  in  in 403 422 422
GET /admin/services                                   in  in  in 403 200 200
GET /admin/services/new                               in  in  in 403 200 200
POST /admin/services                                  in  in  in 403 422 422
GET /admin/services/:slug                             in  in  in 403 200 200
POST /admin/services/:slug                            in  in  in 403 422 422
GET /admin/categories                                 in  in  in 403 200 200
POST /admin/services/:slug/place                      in  in  in 403 303 303
POST /admin/categories                                in  in  in 403 422 422
POST /admin/categories/:slug/place                    in  in  in 403 404 404
GET /admin/team                                       in  in  in 403 403 200
POST /admin/team/invitations                          in  in  in 403 403 422
POST /admin/team/invitations/withdrawal               in  in  in 403 403 422
POST /admin/team/:id{[0-9]{1,15}}/role                in  in  in 403 403 422
POST /admin/team/:id{[0-9]{1,15}}/deactivation        in  in  in 403 403 404
POST /admin/team/:id{[0-9]{1,15}}/reactivation        in  in  in 403 403 404
POST /admin/team/:id{[0-9]{1,15}}/second-factor/removal  in  in  in 403 403 404
POST /admin/team/:id{[0-9]{1,15}}/sessions            in  in  in 403 403 404
GET /admin/audit                                      in  in  in 403 200 200
GET /admin/jobs                                       in  in  in 403 200 200
POST /admin/jobs/:name/runs                           in  in  in 403 404 404
GET /admin/account                                    in  in  in 200 200 200
POST /admin/account/sessions/end                      in  in  in 303 303 303
POST /admin/account/sessions/:mark/end                in  in  in 404 404 404
POST /admin/account/password                          in  in  in 422 422 422
GET /admin/settings/brand                             in  in  in 403 403 200
POST /admin/settings/brand                            in  in  in 403 403 422
POST /admin/settings/brand/logo                       in  in  in 403 403 422
POST /admin/settings/brand/logo/removal               in  in  in 403 403 303
GET /admin/settings                                   in  in  in 403 403 200
POST /admin/settings                                  in  in  in 403 403 422
GET /admin/second-factor                              in  in  in 200 200 200
POST /admin/second-factor                             in  in  in 303 303 303
POST /admin/second-factor/confirmation                in  in  in 422 422 422
POST /admin/second-factor/recovery-codes              in  in  in 409 409 409
POST /admin/second-factor/removal                     in  in  in 409 409 409
GET /admin/confirm                                    in  in  in 200 200 200
POST /admin/confirm                                   in  in  in 422 422 422
GET /account                                          in 200 200  in  in  in
POST /account/sessions/end                            in 303 303  in  in  in
POST /account/sessions/:mark/end                      in 404 404  in  in  in
POST /account/password                                in 422 422  in  in  in
POST /account/profile                                 in 422 422  in  in  in
POST /account/email                                   in 422 422  in  in  in
GET /dashboard                                        in 200 200  in  in  in
GET /bookings/:ref                                    in 200 404  in  in  in
POST /bookings/:ref/cancellation                      in 409 404  in  in  in
GET /bookings/:ref/payment                            in 200 404  in  in  in
POST /bookings/:ref/payments                          in 422 404  in  in  in
GET /bookings/:ref/payments/:id                       in 200 404  in  in  in
GET /bookings/:ref/payments/:id/proof                 in 404 404  in  in  in
POST /bookings/:ref/payments/:id/proof                in 409 404  in  in  in
GET /bookings/:ref/receipts/:name                     in 404 404  in  in  in
POST /bookings/:ref/payments/:id/check                in 303 404  in  in  in
GET /bookings/:ref/chat                               in 200 404  in  in  in
POST /bookings/:ref/chat/messages                     in 422 404  in  in  in
GET /bookings/:ref/chat/messages/:id                  in 404 404  in  in  in
POST /bookings/:ref/chat/messages/:id                 in 404 404  in  in  in
POST /bookings/:ref/chat/messages/:id/deletion        in 404 404  in  in  in
POST /bookings/:ref/chat/reads                        in 422 404  in  in  in
POST /bookings/:ref/chat/typing                       in 204 404  in  in  in
GET /bookings/:ref/chat/files/:id                     in 404 404  in  in  in
GET /bookings/:ref/chat/stream                        in 200 404  in  in  in
`;

const rows = table.trim().split("\n").map((line) => {
  const [method = "", path = "", ...cells] = line.trim().split(/\s+/);
  return { route: `${method} ${path}`, cells };
});

const cellOf = ({ status, location }: Answer) =>
  status === 303 && /^(\/admin)?\/sign-in(\?next=|$)/.test(location) ? "in" : String(status);

Deno.test("asvs V8.2.1: every address has a row that says who may go there", async () => {
  await using world = await openWorld();
  const named = rows.map(({ route }) => route);
  assertEquals(world.routes.filter((route) => !named.includes(route)), [], "they have no row");
  assertEquals(named.filter((route) => !world.routes.includes(route)), [], "they do not exist");
  assertEquals(rows.filter(({ cells }) => cells.length !== viewers.length), []);
});

Deno.test("asvs V8.2.1, V8.2.2: everybody gets what the table says, and nobody a foreign booking", async () => {
  await using world = await openWorld();
  const people = await peopleIn(world);
  const found: string[] = [];
  const unknown: Partial<Record<keyof typeof people, string>> = {};

  let file = await bookingIn(world.cast, "in_progress");
  for (const { route } of rows) {
    const cells: string[] = [];
    for (const who of viewers) {
      const visitor = route === "POST /sign-out" ? world.stranger() : people[who];
      const answer = await visit(world, visitor, { route, path: addressOf(route, file) });
      cells.push(cellOf(answer));
      // Whatever was changed is not the next one's booking.
      if (route.startsWith("POST ") && answer.status < 400 && cells.at(-1) !== "in") {
        file = await bookingIn(world.cast, "in_progress");
      }
      // A page in the same words as one that does not exist need not be compared with it again.
      if (answer.status === 404 && !route.endsWith("/stream") && answer.text !== unknown[who]) {
        await assertUnknown(visitor, answer);
        unknown[who] = answer.text;
      }
    }
    found.push([route, ...cells].join(" "));
  }
  assertEquals(found, rows.map(({ route, cells }) => [route, ...cells].join(" ")));
});

Deno.test("asvs V8.2.2: an agent sees what is given to them, everywhere, and only while it is", async () => {
  await using world = await openWorld();
  const { visitor: agent, id } = await world.hired("agent");
  const [hers, other] = [
    await bookingIn(world.cast, "in_progress"),
    await bookingIn(world.cast, "in_progress"),
  ];
  const give = (adminId: number | null) =>
    assignBooking(world.db, hers.booking, { adminId, actor: world.cast.ada, now: NOW });
  const { reference } = hers.booking;
  const lists = ["/admin", "/admin/bookings", "/admin/payments", "/admin/emails"];
  const pages = [`/admin/bookings/${reference}`, `/admin/bookings/${reference}/chat`];

  await give(id);
  for (const path of [...lists, ...pages]) {
    const { status, text } = await agent.get(path);
    assertEquals([path, status, text.includes(reference)], [path, 200, true]);
    assertEquals([path, text.includes(other.booking.reference)], [path, false]);
  }
  const [page, { text: payments }] = [
    await agent.get(pages[0] ?? ""),
    await agent.get(lists[2] ?? ""),
  ];
  for (const html of [page.text, payments]) {
    assertEquals(
      html.match(
        /action="[^"]*(confirmation|refusal|acceptance|rest|dispute|assignment|retry|[A-Z0-9]\/payments)"/g,
      ),
      null,
    );
  }
  assertEquals((await agent.post(`${pages[1]}/messages`, { body: "Hello" })).status, 303);
  assertEquals((await agent.post(`${pages[0]}/completion`, {})).status, 303);

  await give(null);
  for (const path of lists) assertEquals((await agent.get(path)).text.includes(reference), false);
  for (const path of pages) await assertUnknown(agent, await agent.get(path));
  await assertUnknown(agent, await agent.post(`${pages[0]}/reopening`, { reason: "More." }));
});

Deno.test("asvs V8.3.2: a stream ends when its booking is given to somebody else", async () => {
  await using world = await openWorld({ pace: { tick: 20, heartbeat: 20 } });
  const { visitor: agent, id } = await world.hired("agent");
  const { booking } = await bookingIn(world.cast, "in_progress");
  const by = { actor: world.cast.ada, now: NOW };
  await assignBooking(world.db, booking, { adminId: id, ...by });
  const stream = await agent.open(`/admin/bookings/${booking.reference}/chat/stream`);
  assertEquals(stream.status, 200);

  await assignBooking(world.db, booking, { adminId: null, ...by });
  assertEquals(await stream.text().then(() => "ended"), "ended");
});
