import { assertEquals } from "@std/assert";

const names = ["app", "chat", "chat_sending"];
const read = (name: string) => Deno.readTextFile(new URL(`../static/${name}.js`, import.meta.url));
const scripts = await Promise.all(names.map(read));
const script = scripts.join("\n");

Deno.test("asvs V3.2.2 V3.5.5 V14.3.3: our scripts write text alone, hear no other window and keep only what is not sent yet", () => {
  const risky = /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|postMessage/g;
  assertEquals(script.match(risky), null);
  assertEquals(script.match(/localStorage|indexedDB|document\.cookie|["']message["']/g), null);
  const kept = [...script.matchAll(/sessionStorage\.\w+\("(\w+)"/g)].map(([, name]) => name);
  assertEquals([...new Set(kept)], ["draft", "unsent"]);
});

Deno.test("our scripts are small: what every page loads below 80 lines, the chat's own below 250", () => {
  const lines = scripts.map((text) => text.split("\n").length);
  assertEquals(lines.map((count, at) => count < (at === 0 ? 80 : 250)), [true, true, true]);
});
