import { inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { RowDeflate } from './row-deflate.ts';

/** Few values, so that runs are long and short; many, so that every code is used. */
const byte = fc.oneof(fc.constantFrom(0, 0xff), fc.integer({ min: 0, max: 0xff }));
const rows = fc.integer({ min: 3, max: 300 }).chain((length) => {
  const row = fc.array(byte, { minLength: length, maxLength: length, size: 'max' });
  const times = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 8_192 }));
  return fc.array(fc.record({ row, times }), { maxLength: 6 });
});

it('is unpacked by zlib, with its checksum, to every row as often as it came', () => {
  fc.assert(
    fc.property(rows, (given) => {
      const packed = new RowDeflate();
      for (const { row, times } of given) packed.add(Uint8Array.from(row), times);
      const whole = given.flatMap(({ row, times }) => Array.from({ length: times }, () => Buffer.from(row)));
      expect(inflateSync(packed.end()).equals(Buffer.concat(whole))).toBe(true);
    }),
    { numRuns: 40 },
  );
});

it('packs runs of every length, whatever is left of them beyond the longest match', () => {
  for (let length = 3; length <= 600; length++) {
    const packed = new RowDeflate();
    const row = new Uint8Array(length).fill(7);
    packed.add(row, 1);
    expect(inflateSync(packed.end()).equals(row)).toBe(true);
  }
});
