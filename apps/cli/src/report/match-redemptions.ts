import type { Journey, PaperCoupon, Receipt, ReceiptLine, Redemption } from '../journey/types.ts';
import { dayBegins } from '../plan/days.ts';

/** A recorded redemption and the receipt line on which it shows. */
export interface Match {
  redemption: Redemption;
  coupon: PaperCoupon;
  receipt: Receipt;
  line: ReceiptLine;
}

const DAY_MS = 86_400_000;

/**
 * Finds the recorded redemptions that show on sampled receipt lines: same household, a product of the coupon, within a
 * day, and a coupon discount on the line. Of several lines one that no redemption has yet, then the nearest in time.
 */
export function matchRedemptions({
  redemptions,
  coupons,
  receipts,
}: Pick<Journey, 'redemptions' | 'coupons' | 'receipts'>): Match[] {
  const couponOf = new Map(coupons.map((coupon) => [`${coupon.upc} ${coupon.campaignId}`, coupon]));
  const discounted = discountedLinesByHousehold(receipts);
  const taken = new Set<ReceiptLine>();
  const matches: Match[] = [];
  for (const redemption of redemptions) {
    const coupon = couponOf.get(`${redemption.upc} ${redemption.campaignId}`);
    if (!coupon) continue;
    const products = new Set(coupon.productIds);
    const [nearest] = (discounted.get(redemption.householdId) ?? [])
      .filter(({ line, receipt }) => products.has(line.productId) && daysApart(redemption, receipt) <= 1)
      .sort(
        (a, b) =>
          Number(taken.has(a.line)) - Number(taken.has(b.line)) ||
          daysApart(redemption, a.receipt) - daysApart(redemption, b.receipt),
      );
    if (!nearest) continue;
    taken.add(nearest.line);
    matches.push({ redemption, coupon, ...nearest });
  }
  return matches;
}

type DiscountedLine = Pick<Match, 'receipt' | 'line'>;

function discountedLinesByHousehold(receipts: readonly Receipt[]): Map<string, DiscountedLine[]> {
  const byHousehold = new Map<string, DiscountedLine[]>();
  for (const receipt of receipts) {
    for (const line of receipt.lines) {
      if (line.recorded.manufacturer + line.recorded.store === 0n) continue;
      const lines = byHousehold.get(receipt.householdId) ?? [];
      lines.push({ receipt, line });
      byHousehold.set(receipt.householdId, lines);
    }
  }
  return byHousehold;
}

function daysApart({ day }: Redemption, { at }: Receipt): number {
  return Math.abs(Math.floor((at.getTime() - dayBegins(day).getTime()) / DAY_MS));
}
