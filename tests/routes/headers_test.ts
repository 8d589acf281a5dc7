import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { bookingIn } from "../cast.ts";
import { addressOf, visit } from "../walks.ts";
import type { Answer, Visitor } from "../visitor.ts";
import { openWorld, type World } from "../world.ts";

/** What a page may do, all of it: our own files and forms, and no frame anywhere. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "object-src 'none'",
  "frame-ancestors 'none'",
  "report-uri /csp-report",
].join("; ");

const everywhere = {
  "content-security-policy": policy,
  "strict-transport-security": "max-age=63072000; includeSubDomains",
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

const evil = { Origin: "https://evil.example" };

async function everybody(world: World): Promise<Record<string, Visitor>> {
  return {
    stranger: world.stranger(),
    alice: await world.signedIn("alice"),
    owner: await world.signedIn("ada"),
  };
}

function assertHeaders(where: string, { headers }: { headers: Headers }) {
  for (const [name, value] of Object.entries(everywhere)) {
    assertEquals([where, name, headers.get(name)], [where, name, value]);
  }
  assert(headers.get("x-request-id"), where);
  const opened = [...headers.keys()].filter((name) => name.startsWith("access-control-"));
  assertEquals([where, ...opened], [where]);
  for (const name of ["server", "x-powered-by"]) assertEquals(headers.get(name), null);
}

Deno.test("asvs V3.4.1 V3.4.2 V3.4.3 V3.4.4 V3.4.5 V3.4.6 V3.4.8 V3.5.8: every answer of every address carries the headers", async () => {
  await using world = await openWorld();
  const file = await bookingIn(world.cast, "in_progress");

  for (const [who, visitor] of Object.entries(await everybody(world))) {
    for (const route of world.routes.filter((route) => route !== "POST /sign-out")) {
      const path = addressOf(route, file);
      assertHeaders(`${who} ${route}`, await visit(world, visitor, { route, path }));
      if (route.startsWith("GET") && !path.endsWith("/stream")) {
        assertHeaders(`${who} ${route}`, await visitor.send(path, { headers: evil }));
      }
    }
  }
});

Deno.test("asvs V3.4.3 V3.4.4: files, streams, refusals and faults carry the headers too", async () => {
  await using world = await openWorld();
  const { booking } = await bookingIn(world.cast, "in_progress");
  const alice = await world.signedIn("alice");
  const files = (await alice.get("/dashboard")).text.match(/\/static\/[\w.-]+/g) ?? [];
  assert(files.length > 1, "the page has files");

  for (const file of files) {
    const answer = await alice.get(file);
    assertEquals([file, answer.status], [file, 200]);
    assertHeaders(file, answer);
  }
  const stream = await alice.open(`/bookings/${booking.reference}/chat/stream`);
  assertHeaders("stream", stream);
  await stream.body?.cancel();
  assertHeaders("other method", await alice.send("/", { method: "DELETE" }));
  assertHeaders("other site", await alice.send("/sign-out", { method: "POST", headers: evil }));
  assertHeaders("too large", await alice.post("/bookings", { details: "x".repeat(300_000) }));
  assertHeaders("unknown", await alice.get("/no-such-page"));
});

const strange: Record<string, string>[] = [
  {},
  evil,
  { Origin: "null" },
  { "Sec-Fetch-Site": "cross-site" },
  { ...evil, "Sec-Fetch-Site": "same-origin" },
];

Deno.test("asvs V3.5.1 V3.5.2: no address takes a form of another site, whatever its content type", async () => {
  await using world = await openWorld();
  const file = await bookingIn(world.cast, "in_progress");
  const people = await everybody(world);
  // What others' servers call is signed instead: tests of each provider's hook forge that.
  const posts = world.routes.filter((route) => /^POST (?!\/hooks\/)/.test(route));
  assert(posts.length > 30, "the walk saw the addresses");

  for (const route of posts) {
    const path = addressOf(route, file);
    const visitor = (path.startsWith("/admin") ? people.owner : people.alice) as Visitor;
    const same = { Origin: world.url, "Sec-Fetch-Site": "same-site" };
    for (const [at, headers] of [...strange, same].entries()) {
      const type = ["application/json", "text/plain", "application/x-www-form-urlencoded"][at % 3];
      const sent = { ...headers, "Content-Type": type } as Record<string, string>;
      const answer = await visitor.send(path, { method: "POST", body: "a=b", headers: sent });
      assertEquals([route, sent, answer.status], [route, sent, 403]);
    }
  }
});

const isPrivate = ({ headers }: Answer) =>
  headers.get("cache-control")?.startsWith("private, no-store") ?? false;

Deno.test("asvs V14.2.2 V14.3.2: what is behind a sign-in is kept by no cache", async () => {
  await using world = await openWorld();
  const file = await bookingIn(world.cast, "in_progress");

  for (const [who, visitor] of Object.entries(await everybody(world))) {
    for (const route of world.routes.filter((route) => route.startsWith("GET "))) {
      const path = addressOf(route, file);
      if (!/^\/(admin|dashboard|bookings|account|status)/.test(path)) continue;
      const answer = await visit(world, visitor, { route, path });
      assert(isPrivate(answer), `${who} ${path} ${answer.headers.get("cache-control")}`);
      const html = answer.headers.get("content-type")?.startsWith("text/html");
      if (answer.status !== 200 || !html) continue;
      assertStringIncludes(answer.headers.get("vary") ?? "", "HX-Request");
    }
  }
});

Deno.test("asvs V14.2.5: a private page does not answer under the name of a file", async () => {
  await using world = await openWorld();
  const { booking } = await bookingIn(world.cast, "paid");
  const [alice, ada] = [await world.signedIn("alice"), await world.signedIn("ada")];

  const paths = [
    ...["/dashboard/x.css", "/dashboard.css", "/dashboard;x.css", "/dashboard/", "/account/x.js"],
    ...["", "/chat"].map((page) => `/bookings/${booking.reference}${page}/x.css`),
  ];
  for (const path of paths) {
    const answer = await alice.get(path);
    assertEquals([path, answer.status, isPrivate(answer)], [path, 404, true]);
  }
  for (const path of ["/admin/x.css", "/admin/payments/x.css", "/admin/account/x.css"]) {
    const answer = await ada.get(path);
    assertEquals([path, answer.status, isPrivate(answer)], [path, 404, true]);
  }
});
