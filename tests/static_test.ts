import { assertEquals } from "@std/assert";

const script = await Deno.readTextFile(new URL("../static/app.js", import.meta.url));

Deno.test("asvs V3.2.2 V3.5.5 V14.3.3: our script writes text alone, hears no other window and keeps only a draft", () => {
  const risky = /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|postMessage/g;
  assertEquals(script.match(risky), null);
  assertEquals(script.match(/localStorage|indexedDB|document\.cookie|["']message["']/g), null);
  const kept = [...script.matchAll(/sessionStorage\.\w+\("(\w+)"/g)].map(([, name]) => name);
  assertEquals([...new Set(kept)], ["draft"]);
});
