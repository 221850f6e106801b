/** No card scheme issues numbers that begin with 9999 99 (ISO/IEC 7812: 9 is left to national bodies): these are test numbers. */
const TEST_IIN = '999999';

/**
 * Payment card of a household: 16 digits that pass Luhn, the household number in front of the check digit.
 *
 * @throws RangeError if the number has more than 9 digits
 */
export function paymentCardOf(householdId: string): string {
  if (!/^\d{1,9}$/.test(householdId))
    throw new RangeError(`household ${householdId} has no place in a test card number`);
  const payload = TEST_IIN + householdId.padStart(9, '0');
  return payload + luhnCheckDigit(payload);
}

/** @see ISO/IEC 7812-1 annex B */
export function luhnCheckDigit(payload: string): string {
  const sum = [...payload].reverse().reduce((total, digit, place) => {
    const weighted = Number(digit) * (place % 2 === 0 ? 2 : 1);
    return total + (weighted > 9 ? weighted - 9 : weighted);
  }, 0);
  return String((10 - (sum % 10)) % 10);
}
