import { assert, assertEquals, assertMatch } from "@std/assert";
import { get, type IncomingMessage } from "node:http";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { bookingIn } from "../cast.ts";
import { codingFor } from "../../routes/codings.ts";
import { openWorld, type World } from "../world.ts";

type Raw = { status: number; headers: IncomingMessage["headers"]; text: string; size: number };

const decoders: Record<string, (bytes: Uint8Array) => Uint8Array> = {
  br: brotliDecompressSync,
  gzip: gunzipSync,
};

/** An answer with its bytes as they travelled: `fetch` would hide how. */
async function raw(url: string, headers: Record<string, string>): Promise<Raw> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  get(url, { headers, agent: false }, resolve).on("error", reject);
  const answer = await promise;
  const body = new Uint8Array(await new Blob(await Array.fromAsync(answer)).arrayBuffer());
  const decode = decoders[answer.headers["content-encoding"] ?? ""] ?? ((plain) => plain);
  const text = new TextDecoder().decode(decode(body));
  return { status: answer.statusCode ?? 0, headers: answer.headers, text, size: body.length };
}

const asked = (coding: string) => ({ "Accept-Encoding": coding });
const cookieOf = async (world: World) =>
  [...(await world.signedIn("alice")).cookies].map(([name, value]) => `${name}=${value}`).join(
    "; ",
  );

Deno.test("codingFor() takes the smallest that is allowed", () => {
  const sent = [
    "gzip, deflate, br, zstd",
    "gzip;q=1.0, br; q=0",
    "GZIP",
    "deflate",
    "br;q=0.1",
    "",
    null,
  ];
  const codings = ["br", "gzip", "gzip", "identity", "br", "identity", "identity"];
  assertEquals(sent.map(codingFor), codings);
});

Deno.test("public pages and files travel as small as the browser takes them, each form with its own tag", async () => {
  await using world = await openWorld();
  const { text } = await world.stranger().get("/services");
  const style = text.match(/\/static\/app\.\w+\.css/)?.[0] ?? "";

  for (const path of ["/services", "/services?price=small", style, "/static/icons.svg"]) {
    const forms = await Promise.all(
      ["identity", "gzip", "br"].map((coding) => raw(world.url + path, asked(coding))),
    );
    const [plain, gzip, br] = forms as [Raw, Raw, Raw];
    assertEquals(forms.map(({ headers }) => headers["content-encoding"]), [
      undefined,
      "gzip",
      "br",
    ]);
    assertEquals([path, gzip.text === plain.text, br.text === plain.text], [path, true, true]);
    assert(br.size < gzip.size && gzip.size < plain.size, `${path}: ${br.size} ${gzip.size}`);
    for (const { headers } of forms) assertEquals(headers.vary, "Accept-Encoding");
    const tags = forms.map(({ headers }) => headers.etag);
    if (path.startsWith("/services")) assertEquals(new Set(tags).size, 3);
  }
});

Deno.test("a public page that was answered once is answered again as it was, with a number of its own", async () => {
  await using world = await openWorld();
  const ask = (path: string) => raw(world.url + path, asked("br"));
  const [first, again, third] = [
    await ask("/services"),
    await ask("/services"),
    await ask("/services"),
  ];
  const elsewhere = await ask("/services?utm_source=letter");

  const stays = ({ status, headers, text }: Raw) => {
    const { "x-request-id": _number, date: _date, connection: _kept, ...others } = headers;
    return { status, text, others };
  };
  assertEquals([stays(again), stays(third), stays(elsewhere)], [first, first, first].map(stays));
  assertMatch(first.headers["deno-cdn-cache-control"]?.toString() ?? "", /stale-while-revalidate/);
  const numbers = [first, again, third].map(({ headers }) => headers["x-request-id"]);
  assertEquals(new Set(numbers).size, 3);
  const stranger = world.stranger();
  const head = await stranger.send("/services", { method: "HEAD" });
  assertEquals([head.status, head.text], [200, ""]);
  assertEquals((await stranger.send("/services", { method: "POST" })).status, 403);
});

Deno.test("a private page travels compressed, but not where another site may have asked for it", async () => {
  await using world = await openWorld();
  await bookingIn(world.cast, "pending");
  const cookie = await cookieOf(world);
  const codingOf = async (path: string, headers: Record<string, string>) => {
    const answer = await raw(world.url + path, { ...asked("br, gzip"), ...headers });
    assertEquals(answer.status, 200);
    assertMatch(answer.text, /<\/html>/);
    return answer.headers["content-encoding"];
  };

  assertEquals(await codingOf("/sign-in", {}), "gzip");
  for (
    const [site, coding] of [
      ...[["same-origin", "gzip"], ["none", "gzip"]],
      ...[["cross-site", undefined], ["same-site", undefined]],
    ] as [string, string | undefined][]
  ) {
    assertEquals(await codingOf("/dashboard", { cookie, "Sec-Fetch-Site": site }), coding);
  }
  assertEquals(await codingOf("/dashboard", { cookie }), undefined);
  const page = await raw(`${world.url}/dashboard`, { cookie, "Sec-Fetch-Site": "none" });
  assertEquals(page.headers.vary, "HX-Request, HX-Request-Type, Accept-Encoding");
});
