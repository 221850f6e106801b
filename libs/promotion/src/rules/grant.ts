import { splitWithin } from '../split.ts';
import type { Dialect } from './dialect.ts';
import type { RunningCharge } from './running-charge.ts';
import { compareUnitPrice, priceOfUnits, roomOf } from './running-charge.ts';

/** What an effect would take from a charge; cut to the charge's room when it is booked. */
export interface Grant {
  charge: RunningCharge;
  amount: bigint;
}

/** Price of the units that an effect may touch, less what was taken before. */
export function baseOf(charge: RunningCharge, quantityMax: number | undefined, taken: bigint): bigint {
  const price = priceOfUnits(charge, Math.min(charge.quantity, quantityMax ?? charge.quantity));
  return price > taken ? price - taken : 0n;
}

/** Splits an amount by the bases; what a floor forbids goes to the others. */
export function grantAcross(
  amount: bigint,
  charges: readonly RunningCharge[],
  based: (charge: RunningCharge) => bigint,
  dialect: Dialect,
): Grant[] {
  // Whole numbers that are to each other as the prices with tax.
  const scale = charges.reduce((product, { taxRate }) => product * taxRate.denominator, 1n);
  const weights = charges.map((charge) => {
    const { numerator, denominator } = charge.taxRate;
    return dialect.splitBy === 'listed'
      ? based(charge)
      : (based(charge) * scale * (numerator + denominator)) / denominator;
  });
  const maxima = charges.map((charge) => least(roomOf(charge), based(charge)));
  const shares = splitWithin(amount, weights, maxima, dialect);
  return charges.map((charge, at) => ({ charge, amount: shares[at]! }));
}

/** The cheapest units of all the charges. */
export function cheapestUnits(charges: readonly RunningCharge[], count: number, dialect: Dialect) {
  const ties = dialect.candidateTies === 'front' ? [...charges] : [...charges].reverse();
  let left = count;
  return ties.sort(compareUnitPrice).map((charge) => {
    const units = Math.min(charge.quantity, left);
    left -= units;
    return { charge, units, base: least(priceOfUnits(charge, units), charge.price - charge.discount) };
  });
}

export function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
