import fc from 'fast-check';
import { passesLuhn } from './luhn.ts';

const withCheckDigit = fc
  .array(fc.integer({ min: 0, max: 9 }), { minLength: 11, maxLength: 18 })
  .map((digits) => digits.join(''))
  .map((body) => [...'0123456789'].map((check) => body + check).find(passesLuhn));

describe('the check digit', () => {
  it.each([
    '4111111111111111',
    '5555555555554444',
    '378282246310005',
    '6011111111111117',
    '3530111333300000',
  ])('accepts the published test number %s', (digits) => expect(passesLuhn(digits)).toBe(true));

  it('exists exactly once for every number', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{11,18}$/), (body) => {
        expect([...'0123456789'].filter((check) => passesLuhn(body + check))).toHaveLength(1);
      }),
    );
  });

  it('notices every single wrong digit', () => {
    fc.assert(
      fc.property(withCheckDigit, fc.nat(10), fc.integer({ min: 1, max: 9 }), (digits, at, shift) => {
        const wrong = [...digits!];
        wrong[at] = String((Number(wrong[at]) + shift) % 10);
        expect(passesLuhn(wrong.join(''))).toBe(false);
      }),
    );
  });
});
