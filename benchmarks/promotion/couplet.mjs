import { evaluate, OfferIndex } from '../../libs/promotion/dist/index.js';

const FUNDING = [{ party: 'issuer', shareBps: 10_000 }];

export function coupletBasket(basket) {
  const lines = basket.map(({ id, quantity, unitPrice }) => ({
    lineId: id,
    productId: id,
    quantity: `${quantity}`,
    unit: 'each',
    amount: BigInt(quantity * unitPrice),
    discountable: true,
  }));
  return { currency: 'USD', lines };
}

export function coupletCoupons(promotions) {
  return promotions.map((promotion) => ({
    couponId: promotion.code,
    offerId: promotion.code,
    terms: { currency: 'USD', requires: [], reward: rewardOf(promotion), funding: FUNDING },
  }));
}

/** As a shop stacks promotions: one after the other, each on what is left. */
export function stack(basket, coupons) {
  return discountsOf(evaluate(basket, coupons, { strategy: 'stacking' }));
}

/** The same products and values as coupons that take pieces, of which the best combination is sought. */
export function piecesCoupons(promotions) {
  return coupletCoupons(promotions).map((coupon, n) => {
    const { products, kind, value } = promotions[n];
    if (!products) return coupon;
    const reward =
      kind === 'percent'
        ? { kind: 'percent-off', rateBps: value * 100 }
        : { kind: 'amount-off', amount: BigInt(value) };
    return {
      ...coupon,
      terms: { ...coupon.terms, requires: [{ productIds: products, quantity: 1 }], reward },
    };
  });
}

export function bestDeal(basket, coupons) {
  return evaluate(basket, coupons);
}

/** Coupons in memory by product. */
export function indexOf(coupons) {
  const index = new OfferIndex();
  for (const coupon of coupons) index.put(coupon.couponId, coupon.terms, coupon);
  return index;
}

function rewardOf({ kind, on, products, value }) {
  const scope = {
    kind: 'lines',
    target: on === 'order' ? 'order' : 'lines',
    allocation: on === 'order' ? 'across' : 'each-unit',
    ...(products && { select: { productIds: products } }),
  };
  return kind === 'percent'
    ? { kind: 'percent-off', rateBps: value * 100, on: scope }
    : { kind: 'amount-off', amount: BigInt(value), on: scope };
}

function discountsOf({ applied }) {
  const discounts = new Map();
  for (const { lines } of applied) {
    for (const { lineId, discount } of lines) {
      discounts.set(lineId, (discounts.get(lineId) ?? 0) + Number(discount));
    }
  }
  return discounts;
}
