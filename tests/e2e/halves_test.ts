import { assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { openBrowser } from "../browser.ts";
import { openWorld } from "../world.ts";

const watch = `globalThis.moved = [];
  const shifts = new PerformanceObserver((list) => moved.push(...list.getEntries()));
  shifts.observe({ type: "layout-shift", buffered: true });`;

const row = (words: string) => `<tr><td>${words}</td><td>beside it</td></tr>`;
const halves = [
  `<p id="first" tabindex="-1" autofocus>Here</p><table>${row("short")}`,
  `${row("longer than all that came before it")}</table>`,
] as const;

Deno.test("a page that comes in halves moves nothing, and what is to have the focus has it", async () => {
  await using world = await openWorld();
  await using line = slowLine(world.url);
  await using browser = await openBrowser();
  const page = await browser.newPage();
  await page.addInitScript({ content: watch });

  await page.goto(line.url, { waitUntil: "commit" });
  await page.locator("#first").waitFor({ state: "attached" });
  await painted(page);
  assertEquals(await page.locator("tr").count(), 1, "half of it is on its way");
  line.release();
  await page.locator(".site-foot").waitFor();
  await painted(page);
  assertEquals(await page.evaluate("moved.map(({ value }) => value)"), []);
  assertEquals(await page.evaluate("document.activeElement.id"), "first");
  assertEquals(await page.evaluate("getComputedStyle(document.body).opacity"), "1");
});

const painted = (page: Page) =>
  page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))");

/** A page of ours around other content, of which the second half comes when it is let. */
function slowLine(to: string) {
  const { promise, resolve: release } = Promise.withResolvers<void>();
  async function* inHalves(html: string) {
    const [head, foot] = html.split(/(?<=<main[^>]*>)[^]*(?=<\/main>)/);
    yield `${head}${halves[0]}`;
    await promise;
    yield `${halves[1]}${foot}`;
  }
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async (request) => {
    const { pathname } = new URL(request.url);
    const answer = await fetch(`${to}${pathname}`);
    const type = answer.headers.get("Content-Type") ?? "";
    const body = pathname === "/"
      ? ReadableStream.from(inHalves(await answer.text())).pipeThrough(new TextEncoderStream())
      : answer.body;
    return new Response(body, { headers: { "Content-Type": type } });
  });
  return {
    ...{ url: `http://127.0.0.1:${server.addr.port}`, release },
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
