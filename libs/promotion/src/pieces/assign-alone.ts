import type { Dealt, Hand } from './assign-group.ts';
import type { PieceValues } from './piece-values.ts';

/** The best for a coupon that nobody competes with and that requires one set: the pieces worth most. */
export function assignAlone({ fixed, sets }: PieceValues, capacity: readonly number[]): Dealt | undefined {
  const [set, another] = sets;
  if (!set || another) return undefined;
  const hand: Hand = new Map();
  let total = fixed;
  let missing = set.quantity;
  for (const [pool, worth] of [...set.worthOf].sort(([, a], [, b]) => b - a)) {
    const count = Math.min(capacity[pool]!, missing);
    if (count > 0) hand.set(pool, count);
    total += count * worth;
    missing -= count;
    if (missing === 0) break;
  }
  return missing === 0 && total > 0
    ? { hands: [hand], total, totalMax: total }
    : { hands: [undefined], total: 0, totalMax: 0 };
}
