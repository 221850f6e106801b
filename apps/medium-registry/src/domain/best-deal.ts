import { type Basket, type Coupon, evaluate, type Evaluation } from '@couplet/promotion';

/** A basket, and the coupons it is priced with. */
export interface Question {
  basket: Basket;
  coupons: readonly Coupon[];
}

/** The best deal known, which what it may have missed says more about. */
export interface Answered {
  question: Question;
  evaluation: Evaluation;
}

/** How often a search is asked whether it is over while others wait: some 10 ms, within which nearly all real baskets are proven. */
const ASKS_AT_ONCE = 100;

/** The best deal that can be found while others wait; by counting, so that it is the same whenever it is asked. */
export function answerAtOnce(question: Question): Answered {
  let asked = 0;
  const isOver = () => ++asked > ASKS_AT_ONCE;
  return { question, evaluation: evaluate(question.basket, question.coupons, { isOver }) };
}

/** Of two answers to one question the better deal, and what both say that none exceeds. */
export function better(one: Answered, other: Evaluation): Answered {
  const most = (evaluation: Evaluation) => evaluation.discount + evaluation.missedAtMost;
  const totalMax = most(one.evaluation) < most(other) ? most(one.evaluation) : most(other);
  const best = other.discount >= one.evaluation.discount ? other : one.evaluation;
  return { ...one, evaluation: { ...best, missedAtMost: totalMax - best.discount } };
}

/** Whether both ask for the same: the basket of a settlement is always the same, and an approved offer never changes. */
export function isSame({ coupons }: Question, other: Question): boolean {
  return (
    coupons.length === other.coupons.length &&
    coupons.every(({ couponId }, at) => couponId === other.coupons[at]!.couponId)
  );
}
