import fc from 'fast-check';
import { escrowsOf, slotsOf, startSlot } from './escrow.ts';

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
});
