import { sum } from './allocate.ts';
import { applyCoupon } from './apply.ts';
import { bestCombination } from './best-combination.ts';
import { discountablePieces } from './pieces.ts';
import type { Contender, Pool } from './pools.ts';
import { poolPieces } from './pools.ts';
import { prepareOffer } from './prepare.ts';
import type { TakenPieces } from './price.ts';
import { indexBasket, qualify } from './qualify.ts';
import type { AppliedCoupon, Basket, Coupon, Evaluation, RefusalReason } from './types.ts';
import { checkBasket, checkCouponIds } from './validate.ts';
import type { Way } from './ways.ts';
import { waysOfAll } from './ways.ts';

/**
 * The discount that the coupons of a holder give on a basket: the combination with the greatest total.
 *
 * A piece serves one coupon only, as with paper, and a coupon discounts only the pieces it takes: two
 * pieces on a line can carry two coupons that require one each. Of equal totals the one with the fewest
 * coupons is chosen, then the one whose coupons come first. Exact for what a till sees; the budgets
 * beyond which the best found is returned are in ways.ts and search-group.ts.
 *
 * @throws RangeError on an invalid basket, coupons or terms, saying what is wrong: contracts reject
 *   them at the edge, so here it is a bug in the caller
 */
export function evaluate(basket: Basket, coupons: readonly Coupon[]): Evaluation {
  checkBasket(basket);
  checkCouponIds(coupons);
  const outcomes = new Map<Coupon, AppliedCoupon | RefusalReason>();

  const contenders = new Map<Coupon, Contender>();
  const index = indexBasket(basket);
  for (const coupon of coupons) {
    const offer = prepareOffer(coupon.terms);
    const matches = qualify(offer, basket.currency, index);
    if (typeof matches === 'string') outcomes.set(coupon, matches);
    else contenders.set(coupon, { offer, matches });
  }

  for (const [coupon, outcome] of compete(basket, contenders)) outcomes.set(coupon, outcome);
  return report(coupons, outcomes);
}

function compete(
  basket: Basket,
  contenders: Map<Coupon, Contender>,
): Map<Coupon, AppliedCoupon | RefusalReason> {
  const coupons = [...contenders.keys()];
  const { pools, demands } = poolPieces(discountablePieces(basket), [...contenders.values()]);
  const requests = coupons.map(({ terms }, position) => ({ terms, demand: demands[position]! }));
  const ways = waysOfAll(requests, pools);
  const worthwhile = ways.map((ofCoupon) => ofCoupon.filter(({ discount }) => discount > 0));
  const chosen = bestCombination(
    worthwhile,
    pools.map(({ count }) => count),
  );

  const unused = pools.map(({ groups }) => groups.map((group) => ({ ...group })));
  const outcomes = new Map<Coupon, AppliedCoupon | RefusalReason>();
  coupons.forEach((coupon, position) => {
    const way = chosen[position];
    if (way) outcomes.set(coupon, applyCoupon(coupon, takePieces(way, unused), basket));
    else if (ways[position]!.length === 0) outcomes.set(coupon, 'required-quantity-missing');
    else if (worthwhile[position]!.length === 0) outcomes.set(coupon, 'nothing-left-to-discount');
    else outcomes.set(coupon, 'beaten-by-better-coupon');
  });
  return outcomes;
}

/** Takes the pieces of a way out of the pools, front lines first. */
function takePieces(way: Way, unused: Pool['groups'][]): TakenPieces[] {
  return way.uses.flatMap(({ pool, count }) => {
    let missing = count;
    return unused[pool]!.flatMap((group) => {
      const taken = Math.min(group.count, missing);
      group.count -= taken;
      missing -= taken;
      return taken > 0 ? [{ ...group, count: taken }] : [];
    });
  });
}

function report(
  coupons: readonly Coupon[],
  outcomes: ReadonlyMap<Coupon, AppliedCoupon | RefusalReason>,
): Evaluation {
  const evaluation: Evaluation = { discount: 0n, applied: [], refused: [] };
  for (const coupon of coupons) {
    const outcome = outcomes.get(coupon)!;
    if (typeof outcome !== 'string') evaluation.applied.push(outcome);
    else evaluation.refused.push({ couponId: coupon.couponId, offerId: coupon.offerId, reason: outcome });
  }
  return { ...evaluation, discount: sum(evaluation.applied.map(({ discount }) => discount)) };
}
