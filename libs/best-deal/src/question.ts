import { type Basket, type Coupon, prepareOffer } from '@couplet/promotion';

/** A basket, and the coupons of which the best deal is asked. */
export interface Question {
  basket: Basket;
  coupons: readonly Coupon[];
}

/**
 * The same question without the products that are not in the basket: an offer may be for ten thousand, and all that is asked of
 * another thread is copied.
 */
export function narrowed({ basket, coupons }: Question): Question {
  const inBasket = [...new Set(basket.lines.map(({ productId }) => productId))];
  return { basket, coupons: coupons.map((coupon) => ({ ...coupon, terms: termsFor(inBasket, coupon) })) };
}

function termsFor(inBasket: readonly string[], { terms }: Coupon): Coupon['terms'] {
  const prepared = prepareOffer(terms).requires;
  const requires = terms.requires.map((set, at) => {
    const { products } = prepared[at]!;
    const productIds = inBasket.filter((productId) => products.has(productId));
    // A set that the basket does not touch still refuses the coupon, but not as terms without products.
    return { ...set, productIds: productIds.length > 0 ? productIds : set.productIds.slice(0, 1) };
  });
  return { ...terms, requires };
}
