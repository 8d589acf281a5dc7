import { openWorld } from "../world.ts";

// What a page costs against the bare server sending the same bytes; `deno bench` prints the ratios last.
const world = await openWorld();
const visitor = world.stranger();
const alice = await world.signedIn("alice");
const { text } = await visitor.get("/services");
const body = new TextEncoder().encode(text);
const bare = Deno.serve(
  { hostname: "127.0.0.1", port: 0, onListen() {} },
  () => new Response(body),
);
const bareUrl = `http://127.0.0.1:${bare.addr.port}`;

Deno.bench("bare server, the same bytes", { group: "catalogue", baseline: true }, async () => {
  await (await fetch(bareUrl)).text();
});

Deno.bench("catalogue from memory", { group: "catalogue" }, async () => {
  await visitor.get("/services");
});

Deno.bench("sign-in page, no session", { group: "signed in", baseline: true }, async () => {
  await visitor.get("/sign-in");
});

Deno.bench("dashboard, session checked in its one round trip", { group: "signed in" }, async () => {
  await alice.get("/dashboard");
});
