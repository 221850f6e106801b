import { sum } from '../allocate.ts';
import type { Dialect } from './dialect.ts';
import type { Grant } from './grant.ts';
import { baseOf, cheapestUnits, grantAcross } from './grant.ts';
import { portionOf } from './ratio.ts';
import type { RunningCharge } from './running-charge.ts';
import type { Effect } from './types.ts';

/** A part of the price that earlier rules left. */
export function percentEffect(
  effect: Extract<Effect, { kind: 'percent' }>,
  charges: readonly RunningCharge[],
  dialect: Dialect,
  discountBefore: (charge: RunningCharge) => bigint,
): Grant[] {
  const { rate, quantityMax } = effect;
  const half = dialect.percentHalf;
  const based = (charge: RunningCharge) =>
    baseOf(
      charge,
      quantityMax,
      dialect.percentsOfOneRule === 'add' ? discountBefore(charge) : charge.discount,
    );

  if (effect.allocation === 'once') {
    return cheapestUnits(charges, quantityMax ?? 1, dialect).map(({ charge, base }) => ({
      charge,
      amount: portionOf(base, rate, half),
    }));
  }
  if (effect.target.startsWith('order') && dialect.orderPercentRoundedPer === 'total') {
    return grantAcross(portionOf(sum(charges.map(based)), rate, half), charges, based, dialect);
  }
  return charges.map((charge) => {
    const units = Math.min(charge.quantity, quantityMax ?? charge.quantity);
    if (dialect.percentRoundedPer === 'line' || units === 0) {
      return { charge, amount: portionOf(based(charge), rate, half) };
    }
    const ofUnit = { numerator: rate.numerator, denominator: rate.denominator * BigInt(units) };
    return { charge, amount: portionOf(based(charge), ofUnit, half) * BigInt(units) };
  });
}
