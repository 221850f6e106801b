import fc from 'fast-check';
import { escrowsOf, slotsOf, startSlot, takings } from './escrow.ts';

describe('escrow slots', () => {
  it('sum to the limit, none of them empty, at most sixteen', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 12n }), (limit) => {
        const slots = slotsOf(limit);
        expect(slots.reduce((sum, slot) => sum + slot, 0n)).toBe(limit);
        expect(slots.every((slot) => slot > 0n)).toBe(true);
        expect(slots.length).toBeLessThanOrEqual(16);
      }),
    );
  });

  it('are searched from a slot that exists', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.integer({ min: 1, max: 16 }), (settlementId, slots) => {
        const start = startSlot(settlementId, slots);
        expect(Number.isInteger(start) && start >= 0 && start < slots).toBe(true);
      }),
    );
  });

  it('are touched by no offer without a limit in total', () => {
    expect(escrowsOf({ usesPerHolder: 1 })).toEqual([]);
  });

  it('give from the first slot that has enough, from the start on and round to it', () => {
    const slots = [5n, 9n, 2n, 9n].map((remaining, slot) => ({ slot, remaining }));
    expect(takings(slots, 2, 6n)).toEqual([{ slot: 3, taken: 6n }]);
    expect(takings(slots, 0, 6n)).toEqual([{ slot: 1, taken: 6n }]);
    expect(takings(slots, 2, 2n)).toEqual([{ slot: 2, taken: 2n }]);
    expect(takings(slots, 2, 10n)).toEqual([
      { slot: 2, taken: 2n },
      { slot: 3, taken: 8n },
    ]);
  });

  it('give exactly the amount, no slot more than it has, unless together they have too little', () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: 0n, max: 50n }), { maxLength: 16 }),
        fc.nat(15),
        fc.bigInt({ min: 1n, max: 400n }),
        (left, start, amount) => {
          const taken = takings(
            left.map((remaining, slot) => ({ slot, remaining })),
            start,
            amount,
          );
          const sum = left.reduce((total, one) => total + one, 0n);
          expect(taken === undefined).toBe(sum < amount);
          if (!taken) return;
          expect(taken.reduce((total, one) => total + one.taken, 0n)).toBe(amount);
          expect(taken.every((one) => one.taken > 0n && one.taken <= left[one.slot]!)).toBe(true);
        },
      ),
    );
  });
});
