/**
 * Nearest-rank percentile: the smallest value that at least `percent` of all values do not exceed.
 *
 * @param percent above 0, up to 100
 * @returns undefined when there are no values
 */
export function percentile(values: readonly number[], percent: number): number | undefined {
  if (!(percent > 0 && percent <= 100)) throw new RangeError(`${percent} is not a percentage above 0`);
  const ascending = Float64Array.from(values).sort();
  return ascending[Math.ceil((percent / 100) * ascending.length) - 1];
}
