import type { Combination } from './best-combination.ts';
import type { FoundWays, Way } from './ways.ts';
import { fits, take } from './ways.ts';

/** Every coupon in the order given takes the best of its ways that fits what the ones before left. */
export function inOrder(found: readonly FoundWays[], capacity: readonly number[]): Combination {
  const left = [...capacity];
  const chosen: (Way | undefined)[] = found.map(({ ways }) => {
    const way = ways.find((candidate) => candidate.discount > 0 && fits(candidate, left));
    if (way) take(way, left);
    return way;
  });
  return { chosen, missedAtMost: 0 };
}
