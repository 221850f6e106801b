import { paymentCardOf } from './cards.ts';

describe('test payment cards', () => {
  it('carry the household and a Luhn check digit', () => {
    expect(paymentCardOf('2261')).toBe('9999990000022612');
  });

  it('pass Luhn for every household, and differ', () => {
    const cards = Array.from({ length: 2_500 }, (_, household) => paymentCardOf(String(household)));
    expect(cards.filter(passesLuhn)).toHaveLength(2_500);
    expect(new Set(cards).size).toBe(2_500);
  });

  it('refuse a household that does not fit', () => {
    expect(() => paymentCardOf('1234567890')).toThrow(RangeError);
    expect(() => paymentCardOf('x')).toThrow(RangeError);
  });
});

/** The other way round than the code: over all digits, check digit included. */
function passesLuhn(card: string): boolean {
  const doubled = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];
  const digits = [...card].map(Number).reverse();
  return digits.reduce((sum, digit, place) => sum + (place % 2 ? doubled[digit]! : digit), 0) % 10 === 0;
}
