import { assert, assertEquals } from "@std/assert";
import { startDatabase } from "../databases.ts";
import { startProduct } from "../process.ts";
import { Visitor } from "../visitor.ts";

const reported = (directive: unknown, blocked: unknown) =>
  JSON.stringify({
    "csp-report": {
      "document-uri": "http://x/status/a-secret-token",
      "effective-directive": directive,
      "blocked-uri": blocked,
    },
  });

Deno.test("asvs V3.4.7: what a policy stopped is a line of the log with its kind and site, and no more", async () => {
  await using place = await startDatabase("file");
  await using product = await startProduct({ TURSO_DATABASE_URL: place.url });
  const visitor = new Visitor(product.url);
  const report = async (body: string, type = "application/csp-report") => {
    const headers = { Origin: product.url, "Content-Type": type };
    return (await visitor.send("/csp-report", { method: "POST", body, headers })).status;
  };

  assertEquals(await report(reported("script-src-elem", "inline")), 204);
  assertEquals(await report(reported("img-src", "https://evil.example/x?a-secret-token")), 204);
  assertEquals(await report(reported("img-src", 'odd "word'), "application/json"), 204);
  const odd = ["", "{", "null", "[]", reported(1, "x"), reported("a\nb", "x"), reported("a", {})];
  for (const body of odd) assertEquals([body, await report(body)], [body, 422]);
  for (let n = 3 + odd.length; n < 20; n++) await report("");
  assertEquals(await report(reported("script-src", "eval")), 429);

  await product.line(/"code":"too_many"/);
  const lines = product.output().split("\n").filter((line) => line.includes("policy_broken"));
  assertEquals(
    lines.map((line) => JSON.parse(line)).map((entry) => [entry.directive, entry.blocked]),
    [
      ["script-src-elem", "inline"],
      ["img-src", "https://evil.example"],
      ["img-src", undefined],
    ],
  );
  assert(!product.output().includes("a-secret-token"));
});
