import { allocate, sum } from './allocate.ts';

/** What a sale carries that can still go back: as granted, less what went back before. */
export interface Refundable {
  lines: readonly RefundableLine[];
  coupons: readonly CarriedCoupon[];
}

export interface RefundableLine {
  lineId: string;
  /** Decimal string, not negative. */
  quantity: string;
  /** Price of this quantity before coupons, minor units. */
  amount: bigint;
}

/** What one coupon took off, by line, and who paid for it; both lists sum to the same. */
export interface CarriedCoupon {
  couponId: string;
  lines: readonly { lineId: string; discount: bigint }[];
  funding: readonly { party: string; amount: bigint }[];
}

/** A line to give back: all that is left of it, or a part. */
export interface ReturnedLine {
  lineId: string;
  quantity?: string | undefined;
}

export interface Refund {
  /** To the shopper: price of what came back, less the discount it carried. */
  amount: bigint;
  lines: { lineId: string; quantity: string; amount: bigint; discount: bigint }[];
  /** To those who paid for the discount, in the shape in which the coupons were granted; none of zero. */
  coupons: CarriedCoupon[];
}

export interface RefundRefusal {
  lineId: string;
  refused: 'line-unknown' | 'line-twice' | 'quantity-invalid' | 'more-than-is-left';
}

/**
 * Gives back exactly what the returned lines carried: a discount is never spread again over what stays.
 *
 * Part of a line carries its part of price and discounts, to the nearest minor unit of what is left, so
 * that any sequence of refunds over all lines sums to the whole, party by party. Fold it over the refunds
 * of a sale: `left` of one is what the next is asked of.
 */
export function refund(
  sale: Refundable,
  returned: readonly ReturnedLine[],
): { refund: Refund; left: Refundable } | RefundRefusal {
  const parts = new Map<string, Part>();
  for (const { lineId, quantity } of returned) {
    const line = sale.lines.find((one) => one.lineId === lineId);
    const part = line ? partOf(line, quantity) : 'line-unknown';
    if (typeof part === 'string') return { lineId, refused: part };
    if (parts.has(lineId)) return { lineId, refused: 'line-twice' };
    parts.set(lineId, part);
  }

  const coupons = sale.coupons.map((coupon) => returnedOf(coupon, parts));
  const lines = sale.lines.flatMap((line) => {
    const part = parts.get(line.lineId);
    if (!part) return [];
    const discount = discountOn(line.lineId, coupons);
    const paid = portion(line.amount - discountOn(line.lineId, sale.coupons), part);
    return [{ lineId: line.lineId, quantity: written(part.units), amount: paid + discount, discount }];
  });
  return {
    refund: {
      amount: sum(lines.map(({ amount, discount }) => amount - discount)),
      lines,
      coupons: coupons.filter((coupon) => coupon.lines.length > 0),
    },
    left: { lines: linesLeft(sale.lines, lines), coupons: couponsLeft(sale.coupons, coupons) },
  };
}

/** So many millionths of a unit, of those that are left. */
interface Part {
  units: bigint;
  of: bigint;
}

function partOf(line: RefundableLine, quantity: string | undefined): Part | RefundRefusal['refused'] {
  const of = millionths(line.quantity);
  if (of === undefined) return 'quantity-invalid';
  const units = quantity === undefined ? of : millionths(quantity);
  if (units === undefined || (units === 0n && of > 0n)) return 'quantity-invalid';
  return units > of ? 'more-than-is-left' : { units, of };
}

function returnedOf({ couponId, lines, funding }: CarriedCoupon, parts: ReadonlyMap<string, Part>) {
  const given = lines
    .map(({ lineId, discount }) => {
      const part = parts.get(lineId);
      return { lineId, discount: part ? portion(discount, part) : 0n };
    })
    .filter(({ discount }) => discount > 0n);
  // In proportion to what each party has not got back yet: no share exceeds that, and the last refund takes the rest.
  const shares = allocate(
    sum(given.map(({ discount }) => discount)),
    funding.map(({ amount }) => amount),
  );
  return {
    couponId,
    lines: given,
    funding: funding
      .map(({ party }, at) => ({ party, amount: shares[at]! }))
      .filter(({ amount }) => amount > 0n),
  };
}

/** To the nearest minor unit, halves up; all of it for all that is left, also of a line of quantity zero. */
function portion(amount: bigint, { units, of }: Part): bigint {
  return units === of ? amount : (2n * amount * units + of) / (2n * of);
}

function discountOn(lineId: string, coupons: readonly CarriedCoupon[]): bigint {
  return sum(
    coupons
      .flatMap(({ lines }) => lines.filter((line) => line.lineId === lineId))
      .map((line) => line.discount),
  );
}

function linesLeft(lines: readonly RefundableLine[], given: Refund['lines']): RefundableLine[] {
  return lines.flatMap((line) => {
    const back = given.find(({ lineId }) => lineId === line.lineId);
    if (!back) return [line];
    const units = millionths(line.quantity)! - millionths(back.quantity)!;
    return units === 0n ? [] : [{ ...line, quantity: written(units), amount: line.amount - back.amount }];
  });
}

function couponsLeft(coupons: readonly CarriedCoupon[], given: readonly CarriedCoupon[]): CarriedCoupon[] {
  return coupons.flatMap(({ couponId, lines, funding }, at) => {
    const linesBack = new Map(given[at]!.lines.map(({ lineId, discount }) => [lineId, discount]));
    const left = lines
      .map(({ lineId, discount }) => ({ lineId, discount: discount - (linesBack.get(lineId) ?? 0n) }))
      .filter(({ discount }) => discount > 0n);
    if (left.length === 0) return [];
    const fundingBack = new Map(given[at]!.funding.map(({ party, amount }) => [party, amount]));
    const fundingLeft = funding
      .map(({ party, amount }) => ({ party, amount: amount - (fundingBack.get(party) ?? 0n) }))
      .filter(({ amount }) => amount > 0n);
    return [{ couponId, lines: left, funding: fundingLeft }];
  });
}

function millionths(quantity: string): bigint | undefined {
  const match = /^(\d+)(?:\.(\d{1,6}))?$/.exec(quantity);
  return match ? BigInt(match[1]! + (match[2] ?? '').padEnd(6, '0')) : undefined;
}

function written(units: bigint): string {
  const digits = units.toString().padStart(7, '0');
  const fraction = digits.slice(-6).replace(/0+$/, '');
  return fraction === '' ? digits.slice(0, -6) : `${digits.slice(0, -6)}.${fraction}`;
}
