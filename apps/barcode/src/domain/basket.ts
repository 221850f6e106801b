import type { AppliedCoupon, BasketLine, JudgedLine, ScanRequest } from '@couplet/contracts';
import { covers, type Offer } from './offer.ts';

/** A basket as a code sees it: what is eligible, and what the registry is asked to price. */
export interface SeenBasket {
  lines: { judged: Omit<JudgedLine, 'discount'>; amount: bigint }[];
}

export type BasketFault = 'no-eligible-product' | 'price-needed';

/**
 * Which purchased products are among those that the code is valid for (seed 003, claim 17).
 *
 * A line without a price is taken to cost what the coupons take off it: enough for fixed amounts, and for nothing else.
 */
export function seeBasket(
  lines: ScanRequest['lines'],
  code: { productIds?: readonly string[] | undefined },
  offers: readonly Offer[],
): SeenBasket | BasketFault {
  const combination = code.productIds && new Set(code.productIds);
  const seen: SeenBasket['lines'] = [];
  for (const [index, line] of lines.entries()) {
    const { lineId = String(index + 1), productId, quantity, unit, amount } = line;
    const covering = offers.filter((offer) => covers(offer, productId));
    const eligible = covering.length > 0 && (!combination || combination.has(productId));
    const unitDiscount = eligible ? unitDiscountOf(covering) : undefined;
    const priced = amount ?? (eligible ? assumedPrice(quantity, unitDiscount) : 0n);
    if (priced === undefined) return 'price-needed';
    const judged = { lineId, productId, quantity, unit, eligible };
    seen.push({ judged: { ...judged, ...(unitDiscount !== undefined && { unitDiscount }) }, amount: priced });
  }
  return seen.some(({ judged }) => judged.eligible) ? { lines: seen } : 'no-eligible-product';
}

/** For the registry: what is not eligible counts towards thresholds and may not be discounted. */
export function toPrice({ lines }: SeenBasket): BasketLine[] {
  return lines.map(({ judged: { lineId, productId, quantity, unit, eligible }, amount }) => ({
    ...{ lineId, productId, quantity, unit, amount },
    discountable: eligible,
  }));
}

/** What every line gets (seed 003, claims 18, 73-75). */
export function judge({ lines }: SeenBasket, coupons: readonly AppliedCoupon[]): JudgedLine[] {
  const discounts = new Map<string, bigint>();
  for (const { lineId, discount } of coupons.flatMap((coupon) => coupon.lines)) {
    discounts.set(lineId, (discounts.get(lineId) ?? 0n) + discount);
  }
  return lines.map(({ judged }) => ({ ...judged, discount: discounts.get(judged.lineId) ?? 0n }));
}

/** Off one piece by all coupons that cover it; unknown as soon as one of them depends on prices. */
export function unitDiscountOf(covering: readonly Offer[]): bigint | undefined {
  const discounts = covering.map(({ unitDiscount }) => unitDiscount);
  return discounts.every((discount) => discount !== undefined)
    ? discounts.reduce((sum, discount) => sum + discount, 0n)
    : undefined;
}

function assumedPrice(quantity: string, unitDiscount: bigint | undefined): bigint | undefined {
  if (unitDiscount === undefined || !/^\d+$/.test(quantity)) return undefined;
  return unitDiscount * BigInt(quantity);
}
