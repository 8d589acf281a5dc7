import { openBrowser } from "./browser.ts";
import { freePort } from "./process.ts";
import { openWorld } from "./world.ts";

/** What Lighthouse must say at least, of 100, on a machine that has nothing else to do. */
const LEAST = 99;
const pages = ["/", "/services", "/book"];
const categories = ["performance", "accessibility", "best-practices", "seo"];

await using world = await openWorld();
const port = freePort();
await using _browser = await openBrowser([`--remote-debugging-port=${port}`]);
const low: string[] = [];
for (const page of pages) {
  const scores = await ask(`${world.url}${page}`);
  console.log(page, scores);
  low.push(...categories.filter((name) => !(Number(scores[name]) >= LEAST)));
}
if (low.length) console.error(`Below ${LEAST}: ${low.join(", ")}`);
Deno.exit(low.length ? 1 : 0);

/** Not among the packages of the product: two hundred of its own come along. */
async function ask(url: string): Promise<Record<string, number>> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", "--no-lock", "--no-config", "npm:lighthouse@12.8.2", url, "--quiet"],
      ...[`--port=${port}`, `--only-categories=${categories}`, "--output=json"],
    ],
    stderr: "piped",
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  const found: { categories: Record<string, { score: number }> } = JSON.parse(
    new TextDecoder().decode(stdout),
  );
  return Object.fromEntries(
    Object.entries(found.categories).map(([name, { score }]) => [name, Math.round(100 * score)]),
  );
}
