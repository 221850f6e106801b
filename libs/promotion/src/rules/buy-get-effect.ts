import type { Dialect } from './dialect.ts';
import type { Grant } from './grant.ts';
import { portionOf } from './ratio.ts';
import type { RunningCharge } from './running-charge.ts';
import { compareUnitPrice, isSelected, priceOfUnits } from './running-charge.ts';
import type { Effect, Selection } from './types.ts';

/** Units that qualify and units that become cheaper are different ones; the rule does not repeat. */
export function buyGetEffect(
  effect: Extract<Effect, { kind: 'buy-get' }>,
  charges: readonly RunningCharge[],
  dialect: Dialect,
): Grant[] {
  const ordered = dialect.candidateTies === 'front' ? [...charges] : [...charges].reverse();
  const bySubtotal = [...ordered].sort((a, b) => (a.price === b.price ? 0 : a.price > b.price ? -1 : 1));
  const byUnit = dialect.freeUnits === 'cheapest';

  const buyOrder = byUnit ? [...ordered].sort((a, b) => compareUnitPrice(b, a)) : bySubtotal;
  const bought = takeUnits(buyOrder, effect.buy, effect.buyQuantity, new Map());
  if (countOf(bought) < effect.buyQuantity) return [];

  const getOrder = byUnit ? [...ordered].sort(compareUnitPrice) : bySubtotal;
  const freed = takeUnits(getOrder, effect.get, effect.getQuantity, bought);
  if (countOf(freed) === 0) return [];

  for (const [charge, units] of [...bought, ...freed]) charge.unitsUsed += units;
  return [...freed].map(([charge, units]) => ({
    charge,
    amount: portionOf(priceOfUnits(charge, units), effect.rate, dialect.percentHalf),
  }));
}

function takeUnits(
  charges: readonly RunningCharge[],
  select: Selection,
  count: number,
  taken: ReadonlyMap<RunningCharge, number>,
): Map<RunningCharge, number> {
  const units = new Map<RunningCharge, number>();
  let left = count;
  for (const charge of charges.filter((candidate) => isSelected(candidate, select))) {
    const free = charge.quantity - charge.unitsUsed - (taken.get(charge) ?? 0);
    const taking = Math.min(free, left);
    if (taking > 0) units.set(charge, taking);
    left -= taking;
  }
  return units;
}

function countOf(units: ReadonlyMap<RunningCharge, number>): number {
  return [...units.values()].reduce((total, count) => total + count, 0);
}
