import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { bookingIn } from "../cast.ts";
import type { Answer } from "../visitor.ts";
import { openWorld } from "../world.ts";

/** Every address that answers somebody who is not signed in. A new one is added here on purpose. */
const open = [
  "GET /livez",
  "GET /readyz",
  "GET /metrics",
  "GET /robots.txt",
  "GET /sitemap.xml",
  "GET /.well-known/change-password",
  "GET /.well-known/security.txt",
  "GET /static/icons.svg",
  "GET /static/:file",
  "GET /brand/:file",
  "GET /legal",
  "GET /icon.svg",
  "GET /icon-unread.svg",
  "GET /icon-192.png",
  "GET /icon-512.png",
  "GET /apple-touch-icon.png",
  "GET /manifest.webmanifest",
  "GET /offline",
  "GET /sw.js",
  "GET /help",
  "GET /help/:guide",
  "GET /static/help/:file",
  "GET /",
  "POST /csp-report",
  "POST /hooks/qstash",
  "POST /hooks/resend",
  "POST /hooks/stripe",
  "POST /hooks/paypal",
  "GET /services",
  "GET /services/:slug",
  "GET /book",
  "POST /bookings",
  "GET /sign-in",
  "POST /sign-in",
  "POST /sign-out",
  "GET /claim/:token",
  "POST /claim/:token",
  "GET /register",
  "POST /register",
  "GET /verify-email/:token",
  "POST /verify-email/:token",
  "GET /confirm-email/:token",
  "POST /confirm-email/:token",
  "GET /reset-password",
  "POST /reset-password",
  "GET /reset-password/:token",
  "POST /reset-password/:token",
  "GET /status/:token",
  "POST /status/:token/cancellation",
  "POST /status/:token/claim",
  "GET /status/:token/payment",
  "POST /status/:token/payments",
  "GET /status/:token/payments/:id",
  "POST /status/:token/payments/:id/check",
  "POST /status/:token/payments/:id/proof",
  "GET /status/:token/payments/:id/proof",
  "GET /status/:token/receipts/:name",
  "GET /admin/sign-in",
  "POST /admin/sign-in",
  "GET /admin/sign-in/code",
  "POST /admin/sign-in/code",
  "GET /admin/reset-password/:token",
  "POST /admin/reset-password/:token",
  "GET /admin/register/:token",
  "POST /admin/register/:token",
  "GET /setup/:token",
  "POST /setup/:token",
  "GET /dev/components",
  "GET /dev/mail",
  "GET /dev/mail/:id",
  "GET /dev/mail/templates",
  "GET /dev/mail/templates/:template",
  "GET /dev/mail/templates/:template/html",
];

Deno.test("asvs V7.2.1 V8.3.1: every address that is not on the open list asks a stranger to sign in", async () => {
  await using world = await openWorld();
  const { booking } = await bookingIn(world.cast, "payment_pending");
  const stranger = world.stranger();
  const closed = world.routes.filter((route) => !open.includes(route));
  assert(closed.length > 20, "the walk saw the closed addresses");

  for (const route of closed) {
    const [method = "", path = ""] = route.split(" ");
    const filled = path.replace(":ref", booking.reference).replace(/:\w+/, "1");
    const answer = method === "GET" ? await stranger.get(filled) : await stranger.post(filled, {});
    assertEquals([route, answer.status], [route, 303]);
    assert(/^(\/admin)?\/sign-in/.test(answer.location), `${route} leads to ${answer.location}`);
    const live = method === "GET" ? await stranger.get(filled, { htmx: true }) : answer;
    if (method === "GET") {
      assertEquals([route, live.status], [route, 401]);
      assert(live.headers.get("hx-redirect"), "htmx is told where to go");
    }
  }
});

Deno.test("every open address is on the list because it exists", async () => {
  await using world = await openWorld();
  assertEquals(open.filter((route) => !world.routes.includes(route)), []);
});

Deno.test("a known address says which methods it takes, an unknown one nothing, and a stranger learns of no page for staff", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const stranger = world.stranger();
  const told = ({ status, headers }: Answer) => [status, headers.get("allow")];
  const [reads, takes] = ["GET, HEAD", "POST"];

  for (const path of ["/services", "/services/landing-page", "/sitemap.xml", "/status/unknown"]) {
    assertEquals([path, ...told(await stranger.post(path, {}))], [path, 405, reads]);
  }
  for (const path of ["/sign-out", "/hooks/stripe", "/csp-report"]) {
    assertEquals([path, ...told(await stranger.get(path))], [path, 405, takes]);
    const head = await stranger.send(path, { method: "HEAD" });
    assertEquals([path, ...told(head)], [path, 405, takes]);
  }
  const approval = "/admin/bookings/CP2026ABC123/approval";
  assertEquals(told(await ada.get(approval)), [405, takes]);
  assertEquals(told(await ada.post("/admin/audit", {})), [405, reads]);
  assertEquals(told(await stranger.get(approval)), [303, null]);
  const agent = (await world.hired("agent")).visitor;
  assertEquals(told(await agent.get("/admin/team/invitations")), [403, null]);
  for (const path of ["/nope", "/static/nope.js", "/services/nope"]) {
    assertEquals([path, ...told(await stranger.get(path))], [path, 404, null]);
  }
  assertEquals(told(await stranger.post("/nope", {})), [404, null]);

  const { text, headers } = await stranger.send("/sign-out", {
    headers: { Accept: "application/json" },
  });
  assertEquals(headers.get("content-type"), "application/problem+json; charset=utf-8");
  assertEquals(JSON.parse(text).status, 405);
});

Deno.test("every answer carries the security headers, errors too", async () => {
  await using world = await openWorld();
  const stranger = world.stranger();

  for (
    const path of ["/", "/nope", "/static/nope.js", "/dashboard", "/livez", "/book?service=%00"]
  ) {
    const { headers } = await stranger.get(path);
    assertStringIncludes(headers.get("content-security-policy") ?? "", "default-src 'none'");
    assertEquals(headers.get("x-content-type-options"), "nosniff");
    assertEquals(headers.get("referrer-policy"), "same-origin");
    assertStringIncludes(headers.get("strict-transport-security") ?? "", "63072000");
    assert(headers.get("x-request-id"));
  }
});

Deno.test("unknown methods are refused, and a form of another site changes nothing", async () => {
  await using world = await openWorld();
  const stranger = world.stranger();
  const body = "service=landing-page";

  for (const method of ["PUT", "DELETE", "PATCH"]) {
    const answer = await stranger.send("/bookings", { method });
    assertEquals([answer.status, answer.headers.get("allow")], [405, "GET, HEAD, OPTIONS, POST"]);
  }
  const asked = await stranger.send("/bookings", { method: "OPTIONS" });
  assertEquals([asked.status, asked.headers.get("allow")], [204, "GET, HEAD, OPTIONS, POST"]);
  for (
    const headers of [
      {},
      { Origin: "https://evil.example" },
      { Origin: "null" },
      { "Sec-Fetch-Site": "cross-site" },
      { Origin: world.url, "Sec-Fetch-Site": "same-site" },
      { Origin: "https://evil.example", "Sec-Fetch-Site": "same-origin" },
    ]
  ) {
    for (const type of ["application/x-www-form-urlencoded", "text/plain", "application/json"]) {
      const answer = await stranger.send("/bookings", {
        method: "POST",
        body,
        headers: { ...headers, "Content-Type": type } as HeadersInit,
      });
      assertEquals([answer.status, headers, type], [403, headers, type]);
    }
  }
  assertEquals(
    (await stranger.send("/sign-out", {
      method: "POST",
      headers: { "Sec-Fetch-Site": "same-origin" },
    })).status,
    303,
  );
});

Deno.test("a body of a megabyte is refused, and unknown pages read alike", async () => {
  await using world = await openWorld();
  const stranger = world.stranger();

  const big = await stranger.post("/bookings", { details: "x".repeat(1_000_000) });
  assertEquals(big.status, 413);
  assertStringIncludes(big.text, "Shorten it");

  const [one, two] = [await stranger.get("/nope"), await stranger.get("/.env")];
  assertEquals([one.status, two.status, one.text === two.text], [404, 404, true]);
  const json = await stranger.get("/nope", { headers: { Accept: "application/json" } });
  assertEquals(json.headers.get("content-type"), "application/problem+json; charset=utf-8");
});
