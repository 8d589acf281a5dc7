/** Something that is measured: answers how much it did per second. */
export type Runner = () => Promise<number>;

export type Ratios = { median: number; low: number; high: number; ours: number; peers: number };

/** Between these an A/A comparison must stay, or the machine is too busy for a verdict. */
const CALM = { low: 0.9, high: 1.1 };

/**
 * Runs both in pairs, once to warm them and then `rounds` times, who goes first in turns, and compares within each
 * pair alone: what the machine does meanwhile meets both.
 */
export async function compare(ours: Runner, peers: Runner, rounds: number): Promise<Ratios> {
  await ours();
  await peers();
  const pairs: { ours: number; peers: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    const oursFirst = round % 2 === 0;
    const first = await (oursFirst ? ours : peers)();
    const second = await (oursFirst ? peers : ours)();
    pairs.push(oursFirst ? { ours: first, peers: second } : { ours: second, peers: first });
  }
  const ratios = pairs.map((pair) => pair.ours / pair.peers).toSorted((a, b) => a - b);
  return {
    median: middle(ratios),
    low: ratios[0] ?? 0,
    high: ratios.at(-1) ?? 0,
    ours: middle(pairs.map((pair) => pair.ours).toSorted((a, b) => a - b)),
    peers: middle(pairs.map((pair) => pair.peers).toSorted((a, b) => a - b)),
  };
}

export const isCalm = ({ median }: Ratios) => median >= CALM.low && median <= CALM.high;

/** The median of what is sorted already. */
export function middle(sorted: number[]): number {
  const [left = 0, right = left] = sorted.length % 2 === 1
    ? [sorted[(sorted.length - 1) / 2]]
    : [sorted[sorted.length / 2 - 1], sorted[sorted.length / 2]];
  return (left + right) / 2;
}

export const share = (sorted: number[], of: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * of))] ?? 0;
