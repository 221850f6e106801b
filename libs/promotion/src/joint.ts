import type { Contender } from './contender.ts';
import type { Outcome } from './gift.ts';
import { book, giftTotal } from './gift.ts';
import { give } from './lines/give.ts';
import type { RunningLine } from './lines/running-line.ts';
import { fieldOf, outcomesOf } from './pieces/compete.ts';
import type { Way } from './pieces/ways.ts';
import { fits, take } from './pieces/ways.ts';
import type { Rules } from './rules.ts';
import { Steps } from './steps.ts';
import type { Turn } from './turns.ts';
import { standsAfter } from './turns.ts';

/** Steps of the search; each prices an offer on the whole basket, or tries a way of a coupon. */
const STEPS_MAX = 20_000;

/** What each contender comes to, and how the search for it ended. */
export interface JointResult {
  discount: bigint;
  outcomes: Map<Contender, Outcome>;
  /** Every choice was looked at, or could not be better: nothing saves more. */
  complete: boolean;
}

/**
 * The best of all turns together, where what one gives changes what later ones can: leaving an offer out, or
 * letting it take other pieces, may leave more for those. By branch and bound over all choices.
 *
 * @param bounds per turn, what it gives at most with the basket for itself
 * @param reached a discount that is known to be possible; without outcomes, nothing better was found
 */
export function searchJointly(
  turns: readonly Turn[],
  lines: readonly RunningLine[],
  manual: readonly Contender[],
  rules: Rules,
  bounds: readonly bigint[],
  reached: bigint,
): JointResult {
  const boundFrom = [...turns.keys(), turns.length].map((at) =>
    bounds.slice(at).reduce((sum, bound) => sum + bound, 0n),
  );
  let best: JointResult = { discount: reached, outcomes: new Map(), complete: true };
  const steps = new Steps(STEPS_MAX, rules.isOver, 1);

  function visit(at: number, total: bigint, outcomes: ReadonlyMap<Contender, Outcome>): void {
    if (total > best.discount) best = { ...best, discount: total, outcomes: new Map(outcomes) };
    const turn = turns[at];
    if (!turn || !isWorthwhile(total + boundFrom[at]!)) return;
    if (turn.kind === 'pieces') visitPieces(at, turn, total, outcomes);
    else visitLines(at, turn.contenders[0]!, total, outcomes);
  }

  /** Prunes what cannot be better, and ends the search when its steps are used up. */
  function isWorthwhile(bound: bigint): boolean {
    if (bound <= best.discount) return false;
    if (steps.spend()) best.complete = false;
    return best.complete;
  }

  function visitLines(
    at: number,
    contender: Contender,
    total: bigint,
    outcomes: ReadonlyMap<Contender, Outcome>,
  ): void {
    const outcome = standsAfter(contender, lines, rules)
      ? give(contender, lines, manual, rules)
      : 'condition-not-met';
    visitWith(at, total, outcomes, [[contender, outcome]]);
    if (typeof outcome !== 'string') visitWith(at, total, outcomes, [[contender, 'beaten-by-better-coupon']]);
  }

  function visitPieces(
    at: number,
    turn: Turn,
    total: bigint,
    outcomes: ReadonlyMap<Contender, Outcome>,
  ): void {
    const ready = turn.contenders.filter((contender) => standsAfter(contender, lines, rules));
    const field = fieldOf(ready, lines, rules, true);
    if (field.found.some(({ complete }) => !complete)) best.complete = false;
    const left = field.pools.map(({ count }) => count);
    const mostFrom = [...field.uses.keys(), field.uses.length].map((use) =>
      field.affordable.slice(use).reduce((sum, { discountMax }) => sum + discountMax, 0),
    );

    function choose(use: number, chosen: (Way | undefined)[], given: number): void {
      if (use === field.uses.length) {
        const result = outcomesOf(field, ready, chosen, rules);
        return visitWith(
          at,
          total,
          outcomes,
          ready.map((contender, n) => [contender, result[n]!]),
        );
      }
      if (!isWorthwhile(total + BigInt(given + mostFrom[use]!) + boundFrom[at + 1]!)) return;
      for (const way of field.affordable[use]!.ways) {
        if (way.discount === 0 || !fits(way, left)) continue;
        take(way, left);
        choose(use + 1, [...chosen, way], given + way.discount);
        take(way, left, -1);
      }
      choose(use + 1, [...chosen, undefined], given);
    }
    choose(0, [], 0);
  }

  /** Goes on to the next turn with what this one gave, and takes it back after. */
  function visitWith(
    at: number,
    total: bigint,
    outcomes: ReadonlyMap<Contender, Outcome>,
    added: readonly (readonly [Contender, Outcome])[],
  ): void {
    const gifts = added.flatMap(([, outcome]) => (typeof outcome === 'string' ? [] : outcome));
    book(gifts, lines);
    visit(at + 1, total + giftTotal(gifts), new Map([...outcomes, ...added]));
    book(gifts, lines, -1n);
  }

  visit(0, 0n, new Map());
  return best;
}
