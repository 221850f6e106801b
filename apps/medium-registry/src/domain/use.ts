import type { AppliedCoupon, BasketLine, CouponConsumedV1 } from '@couplet/contracts';

/** What the registry remembers of a settlement it reserved for. */
export interface Sale {
  settlementId: string;
  storeId: string;
  purpose: string;
  presentedAt: string;
  currency: string;
  /** Those that a coupon touches. */
  lines: readonly Pick<BasketLine, 'lineId' | 'productId' | 'quantity' | 'unit'>[];
}

/** What to remember of a sale so that the use of its coupons can be told when it is granted. */
export function saleOf(request: Sale, coupons: readonly AppliedCoupon[]): Sale {
  const { settlementId, storeId, purpose, presentedAt, currency } = request;
  const touched = new Set(coupons.flatMap(({ lines }) => lines.map(({ lineId }) => lineId)));
  const lines = request.lines
    .filter(({ lineId }) => touched.has(lineId))
    .map(({ lineId, productId, quantity, unit }) => ({ lineId, productId, quantity, unit }));
  return { settlementId, storeId, purpose, presentedAt, currency, lines };
}

/** The use of one coupon as the rest of the world is told: what it took off each product, and who pays. */
export function useOf(
  sale: Sale,
  coupon: AppliedCoupon,
  holder: { holderId: string; attributes: Record<string, string> },
): CouponConsumedV1 {
  const { settlementId, storeId, purpose, presentedAt, currency } = sale;
  const { couponId, offerId, discount, funding, settledBy } = coupon;
  const byLine = new Map(sale.lines.map((line) => [line.lineId, line]));
  return {
    settlementId,
    couponId,
    offerId,
    ...holder,
    storeId,
    purpose,
    presentedAt,
    currency,
    discount,
    lines: coupon.lines.map((line) => {
      const { productId, quantity, unit } = byLine.get(line.lineId)!;
      return { lineId: line.lineId, productId, quantity, unit, discount: line.discount };
    }),
    funding,
    ...(settledBy && { settledBy }),
  };
}
