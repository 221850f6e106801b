import { sum } from '../allocate.ts';
import type { Dialect } from './dialect.ts';
import type { Grant } from './grant.ts';
import { baseOf, cheapestUnits, grantAcross, least } from './grant.ts';
import type { RunningCharge } from './running-charge.ts';
import type { Effect } from './types.ts';

/** An amount, once per line or unit, or split across all. */
export function fixedEffect(
  effect: Extract<Effect, { kind: 'fixed' }>,
  charges: readonly RunningCharge[],
  dialect: Dialect,
): Grant[] {
  const { amount, quantityMax, allocation } = effect;
  const based = (charge: RunningCharge) => baseOf(charge, quantityMax, charge.discount);
  switch (allocation) {
    case 'across':
      return grantAcross(least(amount, sum(charges.map(based))), charges, based, dialect);
    case 'once':
      return cheapestUnits(charges, quantityMax ?? 1, dialect).map(({ charge, base, units }) => ({
        charge,
        amount: least(amount * BigInt(units), base),
      }));
    case 'each':
    case 'each-line':
    case 'each-unit': {
      const perUnit = allocation === 'each-unit' || (allocation === 'each' && dialect.fixedEach === 'unit');
      return charges.map((charge) => {
        const units = Math.min(charge.quantity, quantityMax ?? charge.quantity);
        return { charge, amount: least(perUnit ? amount * BigInt(units) : amount, based(charge)) };
      });
    }
  }
}
