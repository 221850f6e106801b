import type { Candidate } from './candidate.ts';
import { escrowsOf } from './escrow.ts';
import { holderOffer } from './limits.ts';
import type { Priced } from './price-together.ts';
import type { Remaining } from './remaining.ts';
import type { Round } from './round.ts';
import { nextRound } from './round.ts';

/** What becomes of a priced basket when it is to be taken. */
export type Verdict =
  | { kind: 'granted' }
  /** It has its answer from before, or its settlement has ended. */
  | { kind: 'known' }
  /** What it was priced with is not to be had: it is priced again. */
  | { kind: 'again'; round: Round };

/**
 * Decides, in the order in which they were priced, which baskets of a batch get what they were priced with.
 *
 * Each was priced with what those before it left. So when one of those takes nothing after all, whoever might have had
 * that is priced again, which is not counted as a repricing: it was never refused anything.
 *
 * @param left by rows that are locked; counted down by what is granted
 */
export function judge(priced: readonly (Priced & { isKnown: boolean })[], left: Remaining): Verdict[] {
  const setAsideInVain = new Set<string>();
  return priced.map((one) => {
    const verdict = verdictOn(one, left, setAsideInVain);
    const { uses } = one.plan;
    if (verdict.kind === 'granted') left.take(uses);
    else for (const key of uses.flatMap(({ candidate }) => keysOf(candidate))) setAsideInVain.add(key);
    return verdict;
  });
}

function verdictOn(
  { basket, plan, round, isKnown }: Priced & { isKnown: boolean },
  left: Remaining,
  setAsideInVain: ReadonlySet<string>,
): Verdict {
  if (isKnown) return { kind: 'known' };
  if (!left.allows(plan.uses)) return { kind: 'again', round: nextRound(round) };
  const refusing = left.refusing(plan.uses);
  if (refusing.length > 0) return { kind: 'again', round: nextRound(round, refusing) };
  const mightHaveHad =
    setAsideInVain.size > 0 &&
    basket.candidates.some((candidate) => keysOf(candidate).some((key) => setAsideInVain.has(key)));
  return mightHaveHad ? { kind: 'again', round: basket.round } : { kind: 'granted' };
}

/** What two baskets that count on it compete for. */
function keysOf({ couponId, holderId, offer }: Candidate): string[] {
  const { offerId, limits } = offer;
  return [
    couponId,
    ...(limits.usesPerHolder === undefined ? [] : [holderOffer(holderId, offerId)]),
    ...(escrowsOf(limits).length === 0 ? [] : [offerId]),
  ];
}
