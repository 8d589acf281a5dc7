import { alice } from "../cast.ts";
import { Visitor } from "../visitor.ts";
import { type Fixture, PASSWORD } from "./fixture.ts";
import type { Ask, Client, Load } from "./load.ts";
import type { Origin } from "./origin.ts";
import { AT_HOME, startPeer, startProduct } from "./processes.ts";
import { compare, isCalm, middle, type Ratios } from "./rounds.ts";

/** One line of the table: what it came to, beside what we want. */
export type Result = {
  name: string;
  target: string;
  value: string;
  /** What was counted, in words. */
  detail: string;
  /** null where the machine was too busy, or nothing was there to compare with. */
  met: boolean | null;
};

type Plan = {
  fixture: Fixture;
  origin: Origin | null;
  client: Client;
  rounds: number;
  seconds: number;
};
type Contest = { name: string; least: number; ours: Ask; peers: Ask | null };

/** Every row that compares two servers by what they answer in a second, the bare one with itself first. */
export async function runContests(plan: Plan): Promise<Result[]> {
  await using stack = new AsyncDisposableStack();
  const { fixture, origin } = plan;
  const product = stack.use(await startProduct(fixture.url));
  const session = await signIn(product.url);
  const peer = async (kind: string) => stack.use(await startPeer(kind, fixture.url)).url;
  const bare = await peer("bare");
  const page = (url: string, headers: Ask["headers"] = {}): Ask => ({ url, headers, status: 200 });
  const booking = (url: string): Ask => ({ url, status: 303, book: { origin: AT_HOME } });
  const gzip = { "Accept-Encoding": "gzip" };

  const [aa, calm] = await runAgainstItself(plan, page(bare));
  const contests: Contest[] = [
    {
      name: "catalogue, cached, against a bare server of the same bytes",
      ...{ least: 0.85, ours: page(`${product.url}/services`), peers: page(bare) },
    },
    {
      name: "catalogue, cached and compressed, against the origin",
      ...{ least: 15, ours: page(`${product.url}/services`) },
      peers: origin && page(`${origin.url}/catalogue.php`),
    },
    {
      name: "catalogue, read and rendered anew, against the origin",
      ...{ least: 2, ours: page(`${await peer("uncached")}/services`, gzip) },
      peers: origin && page(`${origin.url}/catalogue.php`, gzip),
    },
    {
      name: "signed-in page, against the same without its session check",
      ...{ least: 0.7, ours: page(`${product.url}/dashboard`, { Cookie: session }) },
      peers: page(`${await peer("unchecked")}/dashboard`, { Cookie: session }),
    },
    {
      name: "booking, each on disk before it is answered, against the origin",
      ...{ least: 1.2, ours: booking(`${product.url}/bookings`) },
      peers: origin && booking(`${origin.url}/bookings.php`),
    },
  ];
  const results = [aa];
  for (const contest of contests) results.push(...await run(contest, plan, calm));
  return results;
}

async function runAgainstItself(plan: Plan, ask: Ask): Promise<[Result, boolean]> {
  const runner = () => perSecond(plan, ask, []);
  const ratios = await compare(runner, runner, plan.rounds);
  const calm = isCalm(ratios);
  const value = `${inRange(ratios)}${calm ? "" : ": noisy"}`;
  const name = "A/A: the bare server against itself";
  return [{ name, target: "0.9 to 1.1", value, detail: rates(ratios), met: calm }, calm];
}

async function run(contest: Contest, plan: Plan, calm: boolean): Promise<Result[]> {
  const { name, least, ours, peers } = contest;
  const target = `>= ${least}`;
  if (!peers) return [{ name, target, value: "peer skipped", detail: "not installed", met: null }];
  const loads: Load[] = [];
  const ratios = await compare(
    () => perSecond(plan, ours, loads),
    () => perSecond(plan, peers, []),
    plan.rounds,
  );
  const value = inRange(ratios);
  const result = {
    name,
    target,
    value,
    detail: rates(ratios),
    met: calm ? ratios.median >= least : null,
  };
  if (!ours.book) return [result];
  const p99 = middle(loads.slice(1).map((load) => load.p99).toSorted((a, b) => a - b));
  const late = {
    name: "booking, 99 of 100 answered within",
    target: "<= 25 ms",
    detail: "16 at once",
  };
  return [result, { ...late, value: `${p99.toFixed(1)} ms`, met: calm ? p99 <= 25 : null }];
}

async function perSecond({ client, seconds }: Plan, ask: Ask, kept: Load[]): Promise<number> {
  const load = await client.run(ask, seconds);
  kept.push(load);
  return load.perSecond;
}

const inRange = ({ median, low, high }: Ratios) =>
  `${median.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;

const rates = ({ ours, peers }: Ratios) => `${ours.toFixed(0)}/s against ${peers.toFixed(0)}/s`;

/** The cookie of Alice, who owns the bookings. */
export async function signIn(url: string, door = "/sign-in", { email } = alice): Promise<string> {
  const visitor = new Visitor(url);
  const sent = { headers: { Origin: AT_HOME } };
  const { status } = await visitor.post(door, { email, password: PASSWORD }, sent);
  if (status !== 303) throw new Error(`${email} cannot sign in: ${status}`);
  return [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
}
