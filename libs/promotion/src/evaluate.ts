import { alternatives } from './alternatives.ts';
import type { Basket } from './basket.ts';
import type { Contender } from './contender.ts';
import type { Coupon, EvaluateOptions, Evaluation, RefusalReason } from './evaluation.ts';
import type { Outcome } from './gift.ts';
import { appliedCoupon } from './gift.ts';
import { startLine } from './lines/running-line.ts';
import type { Play } from './play.ts';
import { play } from './play.ts';
import { indexBasket } from './qualify.ts';
import type { Rules } from './rules.ts';
import { rulesOf } from './rules.ts';
import { screen } from './screen.ts';
import { checkBasket, checkCouponIds } from './validate.ts';

/**
 * The discount that the coupons of a holder give on a basket, and why each of the others gives none.
 *
 * 1. `screen`: what cannot apply to this basket is dropped, before anything is priced.
 * 2. `alternatives`: which of the rest may apply together (exclusive offers, groups).
 * 3. `play`: prices one alternative, turn by turn; offers that take pieces compete for them in `pieces/`,
 *    offers that stand over lines work in `lines/`.
 * 4. The alternative with the greatest discount is reported; of equal ones the first.
 *
 * Of equal totals the combination with the fewest coupons is chosen, then the one whose coupons come first; where only
 * `pieces/hand-search.ts` can prove the total, the one that it finds first.
 *
 * @throws RangeError on an invalid basket, coupons or terms, saying what is wrong: contracts reject
 *   them at the edge, so here it is a bug in the caller
 */
export function evaluate(
  basket: Basket,
  coupons: readonly Coupon[],
  options: EvaluateOptions = {},
): Evaluation {
  checkBasket(basket);
  checkCouponIds(coupons);
  const rules = rulesOf(options);
  const outcomes = new Map<Coupon, Outcome>();
  const contenders: Contender[] = [];
  const index = indexBasket(basket);
  const lines = basket.lines.map(startLine);
  for (const coupon of coupons) {
    const screened = screen(coupon, basket, index, lines, rules);
    if (typeof screened === 'string') outcomes.set(coupon, screened);
    else contenders.push(screened);
  }

  const best = bestPlay(contenders, basket, rules);
  for (const contender of contenders) {
    outcomes.set(contender.coupon, best.outcomes.get(contender) ?? 'excluded-by-other-offer');
  }
  return report(basket, coupons, outcomes, best);
}

function bestPlay(contenders: readonly Contender[], basket: Basket, rules: Rules): Play {
  const { sets, complete } = alternatives(contenders, rules);
  const plays: Play[] = [];
  for (const set of sets) if (plays.length === 0 || !rules.isOver()) plays.push(play(set, basket, rules));
  const best = plays.reduce((a, b) => (b.discount > a.discount ? b : a));
  const reachable =
    complete && plays.length === sets.length
      ? plays.map(({ discount, missedAtMost }) => discount + missedAtMost)
      : [basket.lines.reduce((total, { amount }) => total + amount, 0n)];
  const bound = reachable.reduce((a, b) => (b > a ? b : a));
  return { ...best, missedAtMost: bound - best.discount };
}

function report(
  basket: Basket,
  coupons: readonly Coupon[],
  outcomes: ReadonlyMap<Coupon, Outcome | RefusalReason>,
  { discount, missedAtMost }: Play,
): Evaluation {
  const evaluation: Evaluation = { discount, applied: [], refused: [], missedAtMost };
  for (const coupon of coupons) {
    const outcome = outcomes.get(coupon)!;
    if (typeof outcome !== 'string') evaluation.applied.push(appliedCoupon(coupon, outcome, basket));
    else evaluation.refused.push({ couponId: coupon.couponId, offerId: coupon.offerId, reason: outcome });
  }
  return evaluation;
}
