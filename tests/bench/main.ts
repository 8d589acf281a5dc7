import { loadavg } from "node:os";
import { type Result, runContests } from "./contests.ts";
import { makeFixture } from "./fixture.ts";
import { findClient } from "./load.ts";
import { measureChatCost, measureGrowth, measureMemory, measureStart } from "./lone_results.ts";
import { startOrigin } from "./origin.ts";
import { measureSpread } from "./spread.ts";

/**
 * What the product costs beside others, as ratios measured in pairs: `deno task bench` in some twenty minutes,
 * `deno task bench --quick` in three, `--only=` one part of it. Both print a table and write data/bench.json; the whole one
 * runs the smaller benches of this folder too.
 */
const quick = Deno.args.includes("--quick");
const only = Deno.args.find((arg) => arg.startsWith("--only="))?.slice("--only=".length);
const plan = quick
  ? {
    rounds: 7,
    seconds: 1,
    big: { bookings: 10_000, messages: 200_000 },
    memory: 20,
    messages: 200,
  }
  : {
    rounds: 9,
    seconds: 2,
    big: { bookings: 100_000, messages: 2_000_000 },
    memory: 300,
    messages: 1000,
  };
const ROOMS = 500;
const EACH = 20;

const loadBefore = loadavg();
const client = await findClient();
await using fixture = await makeFixture({ bookings: ROOMS, messages: ROOMS * EACH });
await using origin = await startOrigin({ url: fixture.url, rooms: ROOMS, each: EACH });
if (!origin) console.log("peer skipped: nginx, PHP-FPM 8 and MariaDB are not all installed");

const parts: Record<string, () => Promise<Result[]>> = {
  contests: () => runContests({ fixture, origin, client, ...plan }),
  chat: async () => [await measureChatCost({ fixture, origin, client, messages: plan.messages })],
  start: async () => [await measureStart(fixture, plan.rounds)],
  spread: () => measureSpread({ client, ...plan }),
  growth: () => measureGrowth(plan.big, plan.rounds),
  memory: async () => [await measureMemory({ fixture, client, seconds: plan.memory })],
};
const results: Result[] = [];
for (const [name, measure] of Object.entries(parts)) {
  if (only && only !== name) continue;
  for (const result of await measure()) {
    results.push(result);
    console.log(lineOf(result));
  }
}

const machine = {
  date: new Date().toISOString(),
  versions: [`Deno ${Deno.version.deno}`, `V8 ${Deno.version.v8}`, ...(origin?.versions ?? [])],
  client: client.name,
  processors: `${navigator.hardwareConcurrency} x ${await processorName()}`,
  load: { before: loadBefore, after: loadavg() },
  ...{ rounds: plan.rounds, seconds: plan.seconds },
};
await Deno.mkdir("data", { recursive: true });
await Deno.writeTextFile("data/bench.json", JSON.stringify({ machine, results }, null, 2));
console.log(`\n| what | wanted | measured | |\n| --- | --- | --- | --- |`);
for (const { name, target, value, detail } of results) {
  console.log(`| ${name} | ${target} | ${value} | ${detail} |`);
}
console.log(`\n${JSON.stringify(machine)}`);
if (!quick && !only) await runBenches();

function lineOf({ name, target, value, detail, met }: Result): string {
  const verdict = met === null ? "no verdict" : met ? "met" : "NOT MET";
  return `${verdict.padEnd(10)} ${name}: ${value}, wanted ${target} (${detail})`;
}

async function processorName(): Promise<string> {
  const info = await Deno.readTextFile("/proc/cpuinfo").catch(() => "");
  return info.match(/model name\s*: (.*)/)?.[1] ?? Deno.build.arch;
}

/** The benches of single parts, with Deno's own command. */
async function runBenches() {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["bench", "-A", "tests/bench/"],
    ...{ stdout: "inherit", stderr: "inherit" },
  }).spawn().status;
  if (!success) Deno.exit(1);
}
