/** `286n` of USD as `2.86`, of KRW as `286`: with the digits that ISO 4217 gives the currency. */
export function inMajorUnits(amount: bigint, currency: string): string {
  const digits = fractionDigits(currency);
  const text = (amount < 0n ? -amount : amount).toString().padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  return `${amount < 0n ? '-' : ''}${whole}${digits > 0 ? `.${text.slice(-digits)}` : ''}`;
}

/**
 * Minor units of an amount as people write it. Every digit of the fraction must be there: `386` is no amount of USD, so
 * nobody who means minor units is charged a hundredfold.
 *
 * @returns undefined if it is not written so
 */
export function minorUnitsOf(text: string, currency: string): bigint | undefined {
  const digits = fractionDigits(currency);
  const shape = digits > 0 ? new RegExp(`^\\d{1,9}\\.\\d{${digits}}$`) : /^\d{1,12}$/;
  return shape.test(text) ? BigInt(text.replace('.', '')) : undefined;
}

function fractionDigits(currency: string): number {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.resolvedOptions().maximumFractionDigits ?? 0;
}
