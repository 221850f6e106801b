/** An exact fraction; the denominator is above zero. */
export interface Ratio {
  numerator: bigint;
  denominator: bigint;
}

/** An amount, not negative, times a ratio, to the nearest minor unit. */
export function portionOf(
  amount: bigint,
  { numerator, denominator }: Ratio,
  half: 'up' | 'down' = 'up',
): bigint {
  const doubled = 2n * amount * numerator;
  return (doubled + denominator - (half === 'up' ? 0n : 1n)) / (2n * denominator);
}

/** Basis points, of which up to four decimals count, as a ratio. */
export function bps(rateBps: number): Ratio {
  return Number.isInteger(rateBps)
    ? { numerator: BigInt(rateBps), denominator: 10_000n }
    : { numerator: BigInt(Math.round(rateBps * 10_000)), denominator: 100_000_000n };
}

/** Rounds a sum of fractions once, half up. */
export function roundSum(parts: readonly Ratio[]): bigint {
  const total = parts.reduce(
    (a, b) => ({
      numerator: a.numerator * b.denominator + b.numerator * a.denominator,
      denominator: a.denominator * b.denominator,
    }),
    { numerator: 0n, denominator: 1n },
  );
  return portionOf(1n, total);
}
