import { allocate, sum } from './allocate.ts';

/** Who gets the minor units that a proportional split leaves over. */
export type SplitMethod =
  /** Those with the largest fraction, ties to the front (Vendure). */
  | 'largest-remainder'
  /**
   * Every share to the nearest, halves down; units then missing go to the front one by one, units too many
   * come off the shares that rounding raised most, ties from the back (Sylius; Vendure where none is missing).
   */
  | 'nearest-then-front'
  /** Every share but the last to the nearest, halves up; the last takes the rest (Saleor). */
  | 'rest-on-last';

export interface SplitOptions {
  method: SplitMethod;
  /** Where all weights are zero: nobody gets anything, or all the same. */
  zeroWeights: 'nothing' | 'even';
}

/** Splits a total of either sign; shares sum to it, unless all weights are zero and get nothing. */
export function split(total: bigint, weights: readonly bigint[], options: SplitOptions): bigint[] {
  if (total < 0n) return split(-total, weights, options).map((share) => -share);
  if (sum(weights) === 0n) {
    return options.zeroWeights === 'nothing' || weights.length === 0
      ? weights.map(() => 0n)
      : allocate(
          total,
          weights.map(() => 1n),
        );
  }
  switch (options.method) {
    case 'largest-remainder':
      return allocate(total, weights);
    case 'nearest-then-front':
      return nearestThenFront(total, weights);
    case 'rest-on-last':
      return restOnLast(total, weights);
  }
}

/**
 * Splits as `split`, but no share exceeds its maximum: what one cannot take, the others get in proportion.
 *
 * Shares sum to the total, or to the sum of the maxima where that is less.
 *
 * @param total not negative
 */
export function splitWithin(
  total: bigint,
  weights: readonly bigint[],
  maxima: readonly bigint[],
  options: SplitOptions,
): bigint[] {
  const shares = weights.map(() => 0n);
  let open = weights.map((_, position) => position);
  let left = total;
  while (open.length > 0) {
    const tried = split(
      left,
      open.map((position) => weights[position]!),
      options,
    );
    const full = open.filter((position, at) => tried[at]! > maxima[position]!);
    if (full.length === 0) {
      open.forEach((position, at) => (shares[position] = tried[at]!));
      return shares;
    }
    for (const position of full) {
      shares[position] = maxima[position]!;
      left -= maxima[position]!;
    }
    open = open.filter((position) => !full.includes(position));
  }
  return shares;
}

function nearestThenFront(total: bigint, weights: readonly bigint[]): bigint[] {
  const weightSum = sum(weights);
  // Half down: the ceiling of x - 1/2.
  const shares = weights.map((weight) => (2n * total * weight + weightSum - 1n) / (2n * weightSum));
  const missing = Number(total - sum(shares)); // No more than half the number of shares, of either sign.
  for (let at = 0; at < missing; at++) shares[at] = shares[at]! + 1n;
  const raised = weights
    .map((weight, at) => ({ at, by: shares[at]! * weightSum - total * weight }))
    .sort((a, b) => (a.by === b.by ? b.at - a.at : a.by > b.by ? -1 : 1));
  for (const { at } of raised.slice(0, Math.max(0, -missing))) shares[at] = shares[at]! - 1n;
  return shares;
}

function restOnLast(total: bigint, weights: readonly bigint[]): bigint[] {
  const weightSum = sum(weights);
  let left = total;
  return weights.map((weight, at) => {
    const nearest = (2n * total * weight + weightSum) / (2n * weightSum);
    const share = at === weights.length - 1 || nearest > left ? left : nearest;
    left -= share;
    return share;
  });
}
