/**
 * Cents of an amount written in dollars, exactly: `2.49`, `1.5` and `3` are read digit by digit, never as a float.
 *
 * @returns undefined if it is no amount of whole cents, zero or more
 */
export function centsOf(dollars: string): bigint | undefined {
  const match = /^(\d{1,12})(?:\.(\d{1,2})0*)?$/.exec(dollars);
  if (!match) return undefined;
  return BigInt(match[1]!) * 100n + BigInt((match[2] ?? '').padEnd(2, '0'));
}

/** `286n` as `2.86`, for people. */
export function inDollars(cents: bigint): string {
  const digits = (cents < 0n ? -cents : cents).toString().padStart(3, '0');
  return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
