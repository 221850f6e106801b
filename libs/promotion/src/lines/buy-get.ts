import type { Dialect } from '../dialect.ts';
import { bps, portionOf } from '../ratio.ts';
import type { Selection } from '../selection.ts';
import { isSelected } from '../selection.ts';
import type { MoneyOff } from '../terms.ts';
import type { Grant } from './grant.ts';
import type { RunningLine } from './running-line.ts';
import { compareUnitPrice, priceOfUnits } from './running-line.ts';

/** Units that qualify and units that become cheaper are different ones; the offer does not repeat. */
export function buyGet(
  reward: Extract<MoneyOff, { kind: 'buy-get' }>,
  lines: readonly RunningLine[],
  dialect: Dialect,
): Grant[] {
  const ordered = dialect.candidateTies === 'front' ? [...lines] : [...lines].reverse();
  const bySubtotal = [...ordered].sort((a, b) => Number(b.line.amount - a.line.amount));
  const byUnit = dialect.freeUnits === 'cheapest';

  const buyOrder = byUnit ? [...ordered].sort((a, b) => compareUnitPrice(b, a)) : bySubtotal;
  const bought = takeUnits(buyOrder, reward.buy, reward.buyQuantity, new Map());
  if (countOf(bought) < reward.buyQuantity) return [];

  const getOrder = byUnit ? [...ordered].sort(compareUnitPrice) : bySubtotal;
  const freed = takeUnits(getOrder, reward.get, reward.getQuantity, bought);
  if (countOf(freed) === 0) return [];

  for (const [on, units] of [...bought, ...freed]) on.unitsUsed += units;
  return [...freed].map(([on, units]) => ({
    on,
    amount: portionOf(priceOfUnits(on, units), bps(reward.rateBps), dialect.percentHalf),
  }));
}

function takeUnits(
  lines: readonly RunningLine[],
  select: Selection,
  count: number,
  taken: ReadonlyMap<RunningLine, number>,
): Map<RunningLine, number> {
  const units = new Map<RunningLine, number>();
  let left = count;
  for (const on of lines.filter(({ line }) => isSelected(line, select))) {
    const free = on.pieces - on.unitsUsed - (taken.get(on) ?? 0);
    const taking = Math.min(free, left);
    if (taking > 0) units.set(on, taking);
    left -= taking;
  }
  return units;
}

function countOf(units: ReadonlyMap<RunningLine, number>): number {
  return [...units.values()].reduce((total, count) => total + count, 0);
}
