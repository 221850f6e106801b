import { sum } from '../allocate.ts';
import type { Dialect } from '../dialect.ts';
import type { LineScope } from '../terms.ts';
import type { Grant } from './grant.ts';
import { baseOf, cheapestUnits, grantAcross, least, unitsOf } from './grant.ts';
import type { RunningLine } from './running-line.ts';

/** An amount, once per line or unit, or split across all. */
export function amountOff(
  amount: bigint,
  { allocation, quantityMax }: LineScope,
  lines: readonly RunningLine[],
  dialect: Dialect,
): Grant[] {
  const based = (on: RunningLine) => baseOf(on, quantityMax, on.discount);
  switch (allocation) {
    case 'across':
      return grantAcross(least(amount, sum(lines.map(based))), lines, based, dialect);
    case 'once':
      return cheapestUnits(lines, quantityMax ?? 1, dialect).map(({ on, base, units }) => ({
        on,
        amount: least(amount * BigInt(units), base),
      }));
    case 'each':
    case 'each-line':
    case 'each-unit': {
      const perUnit = allocation === 'each-unit' || (allocation === 'each' && dialect.fixedEach === 'unit');
      return lines.map((on) => {
        const units = perUnit ? unitsOf(on, quantityMax) : 1;
        return { on, amount: least(amount * BigInt(units), based(on)) };
      });
    }
  }
}
