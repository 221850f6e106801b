import type { Way } from './ways.ts';
import { fits, take } from './ways.ts';

/** At most one way per coupon, by position. */
export interface Choice {
  ways: (Way | undefined)[];
  total: number;
  /** Coupons used. */
  count: number;
}

/** The most valuable coupon first, each on the pieces that are left. */
export function greedyChoice(ways: readonly Way[][], capacity: readonly number[]): Choice {
  const left = [...capacity];
  const choice: Choice = { ways: ways.map(() => undefined), total: 0, count: 0 };
  const mostValuableFirst = [...ways.keys()].sort((a, b) => ways[b]![0]!.discount - ways[a]![0]!.discount);
  for (const coupon of mostValuableFirst) {
    const way = ways[coupon]!.find((candidate) => fits(candidate, left));
    if (!way) continue;
    take(way, left);
    choice.ways[coupon] = way;
    choice.total += way.discount;
    choice.count++;
  }
  return choice;
}
