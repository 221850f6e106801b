import { evaluate, type Evaluation } from '@couplet/promotion';
import type { Question } from './question.ts';
import { integerSolver } from './solver.ts';

/** What a thread is asked. */
export interface TimedQuestion extends Question {
  /** Since the epoch; each thread has a `performance.now()` of its own. */
  untilMs: number;
}

let endsMs = 0;
const leftMs = () => endsMs - performance.timeOrigin - performance.now();
/** A solver that looks at its clock now and then is late at times, and what the searches found would be lost. */
const OF_WHAT_IS_LEFT = 0.8;
const solve = await integerSolver(() => leftMs() * OF_WHAT_IS_LEFT);

/** Looks for the best deal until the time has come. */
export default function bestDeal({ basket, coupons, untilMs }: TimedQuestion): Evaluation {
  endsMs = untilMs;
  return evaluate(basket, coupons, { isOver: () => leftMs() <= 0, solve });
}
