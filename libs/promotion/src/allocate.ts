/**
 * Splits `total` in proportion to `weights`, by largest remainder, ties to the front.
 *
 * The parts sum to `total`. Where `total` is at most the sum of the weights, no part exceeds its weight.
 *
 * @param weights not negative; their sum is above zero unless `total` is zero
 */
export function allocate(total: bigint, weights: readonly bigint[]): bigint[] {
  const weightSum = sum(weights);
  if (total === 0n) return weights.map(() => 0n);
  if (total < 0n || weightSum <= 0n)
    throw new RangeError(`cannot split ${total} over weights of ${weightSum}`);

  const parts = weights.map((weight) => (total * weight) / weightSum);
  const largestFirst = weights
    .map((weight, index) => ({ index, remainder: (total * weight) % weightSum }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
  const left = Number(total - sum(parts)); // Below the number of weights.
  for (const { index } of largestFirst.slice(0, left)) parts[index] = parts[index]! + 1n;
  return parts;
}

export function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n);
}
