import { portionOf } from './ratio.ts';
import type { Charge, Selection, Target } from './types.ts';

/** A charge while rules take from it. */
export interface RunningCharge extends Charge {
  /** Of all units before discount. */
  price: bigint;
  discount: bigint;
  /** Discount that the floor leaves at most. */
  discountMax: bigint;
  /** Units that an earlier buy-get bought or freed. */
  unitsUsed: number;
}

export function startCharge(charge: Charge): RunningCharge {
  const price = priceOfUnits(charge, charge.quantity);
  const floor = (charge.unitPriceMin ?? 0n) * BigInt(charge.quantity);
  return { ...charge, price, discount: 0n, discountMax: price > floor ? price - floor : 0n, unitsUsed: 0 };
}

/** Price of some units, to the nearest minor unit: three at 10/3 cost 10. */
export function priceOfUnits({ unitPrice }: Charge, units: number): bigint {
  return portionOf(BigInt(units), unitPrice);
}

/** What a rule can still take. */
export function roomOf({ discount, discountMax }: RunningCharge): bigint {
  return discountMax - discount;
}

export function ofTarget<C extends Charge>(charges: readonly C[], target: Target): C[] {
  if (target === 'order-and-shipping') return [...charges];
  const wanted = target === 'shipping' ? 'shipping' : 'line';
  return charges.filter((charge) => charge.target === wanted);
}

export function isSelected(charge: Charge, select: Selection): boolean {
  const { numerator, denominator } = charge.unitPrice;
  return (
    (!select.tags || select.tags.some((tag) => charge.tags.includes(tag))) &&
    (!select.chargeIds || select.chargeIds.includes(charge.chargeId)) &&
    (select.unitPriceMin === undefined || numerator >= select.unitPriceMin * denominator) &&
    (select.unitPriceMax === undefined || numerator <= select.unitPriceMax * denominator)
  );
}

/** Below zero where the first unit is the cheaper one. */
export function compareUnitPrice(a: Charge, b: Charge): number {
  const difference =
    a.unitPrice.numerator * b.unitPrice.denominator - b.unitPrice.numerator * a.unitPrice.denominator;
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}
