import { randomBytes } from 'node:crypto';
import { CODE_ALPHABETS } from '@couplet/contracts';
import { canonicalCode, codeSpace, drawCodes, entropyBits, fits } from './codes.ts';

it.each([
  ['spr-4k7m2-x9qtw', 'SPR4K7M2X9QTW'],
  ['SPR 4K7M 2X9Q TW', 'SPR4K7M2X9QTW'],
  ['oil', undefined],
  ['OIL8', '0118'],
  ['sünde', undefined],
  ['- - -', undefined],
])('"%s" is looked up as %s', (typed, code) => {
  expect(canonicalCode(typed)).toBe(code);
});

it.each([
  [0n, true],
  [500n, true],
  [501n, false],
])('%i codes in a space of 1000: %s', (inUse, allowed) => {
  expect(fits(inUse, 1_000n)).toBe(allowed);
});

it('knows how many codes there are of a shape', () => {
  expect(codeSpace({ alphabet: 'crockford', length: 10 })).toBe(1_125_899_906_842_624n);
  expect(entropyBits({ alphabet: 'crockford', length: 10 })).toBe(50);
  expect(entropyBits({ alphabet: 'digits', length: 6 })).toBe(19.9);
});

describe.each(['crockford', 'digits'] as const)('codes of %s', (alphabet) => {
  const codes = drawCodes(20_000, { prefix: 'SPR', length: 6, alphabet }, randomBytes);

  it('look as asked, and are read back as they are', () => {
    const shape = new RegExp(`^SPR[${CODE_ALPHABETS[alphabet]}]{6}$`);
    expect(codes.filter((code) => !shape.test(code) || canonicalCode(code) !== code)).toEqual([]);
    expect(codes).toEqual(codes.toSorted());
  });

  it('use every letter as often', () => {
    const letters = codes.map((code) => code.slice(3)).join('');
    const expected = letters.length / CODE_ALPHABETS[alphabet].length;
    for (const letter of CODE_ALPHABETS[alphabet]) {
      const count = letters.split(letter).length - 1;
      expect(Math.abs(count - expected)).toBeLessThan(6 * Math.sqrt(expected));
    }
  });
});

it('draws again instead of favouring the first digits', () => {
  // 250..255 of a byte would be 0..5 once more.
  const bytes = [new Uint8Array([255, 250, 7, 249, 3, 251]), new Uint8Array([10, 11, 12])];
  expect(drawCodes(1, { prefix: '', length: 4, alphabet: 'digits' }, () => bytes.shift()!)).toEqual(['7930']);
});
