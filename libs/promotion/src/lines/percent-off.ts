import { sum } from '../allocate.ts';
import type { Dialect } from '../dialect.ts';
import { bps, portionOf } from '../ratio.ts';
import { splitWithin } from '../split.ts';
import type { LineScope } from '../terms.ts';
import type { Grant } from './grant.ts';
import { baseOf, cheapestUnits, grantAcross, least, unitsOf } from './grant.ts';
import type { RunningLine } from './running-line.ts';

/** A part of the price that earlier offers left; of a whole order it is rounded once, unless the dialect says otherwise. */
export function percentOff(
  reward: { rateBps: number; amountMax?: bigint | undefined },
  scope: LineScope,
  lines: readonly RunningLine[],
  dialect: Dialect,
  discountBefore: (on: RunningLine) => bigint,
): Grant[] {
  const { quantityMax } = scope;
  const based = (on: RunningLine) =>
    baseOf(on, quantityMax, dialect.percentsOfOneOffer === 'add' ? discountBefore(on) : on.discount);

  if (scope.target.startsWith('order') && dialect.orderPercentRoundedPer === 'total') {
    const whole = portionOf(sum(lines.map(based)), bps(reward.rateBps), dialect.percentHalf);
    return grantAcross(least(whole, reward.amountMax ?? whole), lines, based, dialect);
  }
  const grants =
    scope.allocation === 'once'
      ? onCheapest(reward.rateBps, scope, lines, dialect)
      : lines.map((on) => ({
          on,
          amount: portionPer(unitsOf(on, quantityMax), based(on), reward.rateBps, dialect),
        }));
  return withinMax(grants, reward.amountMax, dialect);
}

/** A percentage of an amount that so many units cost. */
export function portionPer(units: number, amount: bigint, rateBps: number, dialect: Dialect): bigint {
  const rate = bps(rateBps);
  if (dialect.percentRoundedPer === 'line' || units === 0)
    return portionOf(amount, rate, dialect.percentHalf);
  const count = BigInt(units);
  const ofUnit = { numerator: rate.numerator, denominator: rate.denominator * count };
  return portionOf(amount, ofUnit, dialect.percentHalf) * count;
}

function onCheapest(
  rateBps: number,
  { quantityMax }: LineScope,
  lines: readonly RunningLine[],
  dialect: Dialect,
): Grant[] {
  return cheapestUnits(lines, quantityMax ?? 1, dialect).map(({ on, base }) => ({
    on,
    amount: portionOf(base, bps(rateBps), dialect.percentHalf),
  }));
}

function withinMax(grants: Grant[], amountMax: bigint | undefined, dialect: Dialect): Grant[] {
  if (amountMax === undefined || sum(grants.map(({ amount }) => amount)) <= amountMax) return grants;
  const amounts = grants.map(({ amount }) => amount);
  const cut = splitWithin(amountMax, amounts, amounts, dialect);
  return grants.map(({ on }, at) => ({ on, amount: cut[at]! }));
}
