import { assertEquals } from "@std/assert";
import { countdown } from "../views/approvals.tsx";

const names = [
  "app",
  "clocks",
  "chat_times",
  "chat",
  "chat_newest",
  "chat_files",
  "chat_sending",
  "chat_replies",
  "queue",
  "focus",
  "failures",
  "installation",
  "links",
  "sw",
];
const read = (name: string) => Deno.readTextFile(new URL(`../static/${name}.js`, import.meta.url));
const scripts = await Promise.all(names.map(read));
const script = scripts.join("\n");

Deno.test("asvs V3.2.2 V3.5.5 V14.3.3: our scripts write text alone, hear no other window and keep only what is not sent yet", async () => {
  const risky = /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|postMessage/g;
  assertEquals(script.match(risky), null);
  assertEquals(script.match(/indexedDB|document\.cookie|["']message["']/g), null);
  const kept = [...script.matchAll(/(\w+)Storage\.\w+\("(\w+)"/g)];
  assertEquals([...new Set(kept.map(([, where, name]) => `${where} ${name}`))], [
    ...["local draft", "session unsent", "session typed", "local keys"],
  ]);
  // The draft is what is wanted, and not who wants it.
  const form = await Deno.readTextFile(new URL("../views/book.tsx", import.meta.url));
  assertEquals(form.match(/data-draft="([^"]*)"/)?.[1], "service urgency details");
});

Deno.test("our scripts are small: what holds for every page below 80 lines, each other below 250", () => {
  const lines = scripts.map((text) => text.split("\n").length);
  assertEquals(lines.map((count, at) => count < (at === 0 ? 80 : 250)), lines.map(() => true));
});

Deno.test("a countdown goes on in the browser in the words that the server began with", () => {
  const [words = ""] = /const left = [\s\S]*?\n};/.exec(scripts[0] ?? "") ?? [];
  const left: (ms: number) => string = new Function(`${words} return left;`)();
  const minutes = [-5, 0, 0.99, 1, 2, 59, 60, 61, 125, 1439, 1440, 1441, 1500, 3001, 14400];
  const said = minutes.map((n) => countdown(n * 60_000));
  assertEquals(said, minutes.map((n) => left(n * 60_000)));
  assertEquals([said[1], said[3], said[8], said[11], said[13]], [
    ...["any minute now", "in 1 minute", "in 2 hours 5 minutes", "in 1 day", "in 2 days 2 hours"],
  ]);
});

Deno.test("copying, clocks and countdowns go on where the browser refuses to keep anything", () => {
  const heard: string[] = [];
  const time = {
    dateTime: "2026-03-02T09:00:00Z",
    dataset: {},
    textContent: "09:00",
    closest: () => true,
  };
  const counting = { dataset: { until: "2026-03-02T09:00:00Z" }, textContent: "" };
  const minutes: (() => void)[] = [];
  const scope = {
    get localStorage(): never {
      throw new DOMException("The operation is insecure.", "SecurityError");
    },
    document: {
      addEventListener: (name: string) => heard.push(name),
      querySelector: () => null,
      querySelectorAll: (which: string) => which.startsWith("time") ? [time] : [counting],
      documentElement: { dataset: { zone: "Pacific/Chatham" } },
    },
    setInterval: (act: () => void) => minutes.push(act),
  };
  new Function("scope", `with (scope) { ${scripts[0]}\n${scripts[1]} }`)(scope);
  minutes.forEach((act) => act());
  assertEquals(counting.textContent, "any minute now");
  assertEquals("own" in time.dataset, true);
  assertEquals(heard, ["click", "submit", "htmx:after:swap", "input", "submit", "htmx:after:swap"]);
});
