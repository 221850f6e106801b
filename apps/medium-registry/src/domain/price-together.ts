import type { Answered } from './best-deal.ts';
import type { Candidate, PresentedBy } from './candidate.ts';
import type { Remaining } from './remaining.ts';
import type { BasketRequest, ReservationPlan } from './reservation-plan.ts';
import { planReservation } from './reservation-plan.ts';
import type { Round } from './round.ts';
import { nextRound, offeredIn } from './round.ts';

/** A basket with everything that was found for it. */
export interface Basket {
  request: BasketRequest;
  round: Round;
  candidates: readonly Candidate[];
  presentedBy: PresentedBy;
  /** Of the store, where it is known and an offer needs it. */
  timeZone?: string | undefined;
  /** What a longer search found. */
  studied?: Answered | undefined;
}

export interface Priced {
  basket: Basket;
  plan: ReservationPlan;
  /** The one it was priced in, after those in which a limit had too little left. */
  round: Round;
}

/**
 * Prices baskets in their order, each with what those before it leave. One that is worth a longer search leaves everything.
 *
 * @param left is counted down by what they take
 */
export function priceTogether(baskets: readonly Basket[], left: Remaining): Priced[] {
  return baskets.map((basket) => {
    const priced = price(basket, left);
    if (!priced.plan.unproven) left.take(priced.plan.uses);
    return priced;
  });
}

function price(basket: Basket, left: Remaining): Priced {
  const { request, candidates, ...found } = basket;
  for (let round = basket.round; ;) {
    const plan = planReservation(request, {
      ...found,
      candidates: offeredIn(round, candidates).filter((candidate) => left.hasUse(candidate)),
      allowances: left,
      droppedOffers: round.droppedOffers,
    });
    const refusing = left.refusing(plan.uses);
    if (refusing.length === 0) return { basket, plan, round };
    round = nextRound(round, refusing);
  }
}
