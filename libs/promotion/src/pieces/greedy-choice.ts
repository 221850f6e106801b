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

/** The greater total, then the fewer coupons, then the one that uses the first coupon that only one of them uses. */
export function isBetterChoice(a: Choice, b: Choice): boolean {
  if (a.total !== b.total) return a.total > b.total;
  return a.count === b.count ? comesFirst(a.ways, b.ways) === true : a.count < b.count;
}

/** Whether `a` uses the first coupon that only one of the two uses; undefined if they use the same. */
export function comesFirst(
  a: readonly (Way | undefined)[],
  b: readonly (Way | undefined)[],
): boolean | undefined {
  const difference = a.findIndex((way, coupon) => (way === undefined) !== (b[coupon] === undefined));
  return difference < 0 ? undefined : a[difference] !== undefined;
}
