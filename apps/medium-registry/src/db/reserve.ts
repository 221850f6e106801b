import type { UseCouponsV1 } from '@couplet/contracts';
import { Gathered } from '@couplet/postgres';
import type { Evaluation } from '@couplet/promotion';
import type { z } from 'zod';
import { type Answered, better, type Question } from '../domain/best-deal.ts';
import { priceTogether } from '../domain/price-together.ts';
import { Remaining } from '../domain/remaining.ts';
import type { BasketRequest, ReserveAnswer, ReserveRequest } from '../domain/reservation-plan.ts';
import { FIRST_ROUND, type Round } from '../domain/round.ts';
import { find, type Sought } from './find.ts';
import type { Decider } from './open-reservations.ts';
import type { Registry } from './registry.ts';
import type { Hold } from './settlement-claims.ts';
import { type Outcome, takeTogether, type Taking, verbsOf } from './take-together.ts';

/** While one batch waits for its commit, others are read and priced. */
const LANES = 3;

/** Of the time that a caller waits, what is kept for taking what a longer search found, and for the answer's way. */
const TAKING_MS = 100;

/** Where a search goes on while the process answers others. */
export interface DealSearch {
  /** @param untilMs since the epoch; @returns undefined where nothing was found in time */
  find(question: Question, untilMs: number): Promise<Evaluation | undefined>;
}

export type UseRequest = z.output<typeof UseCouponsV1.request>;

/** A basket that waits to be priced. */
interface Waiting {
  request: BasketRequest;
  hold: Hold;
  round: Round;
  /** How many batches it was in before. */
  tries: number;
  /** What a longer search found, after the first try in which it was worth one. */
  studied?: Answered;
}

type Reserved = Outcome | { unproven: Answered };

/** Finds, prices and takes the best coupons for baskets, those that wait at the same time together. */
export class Reserver {
  private readonly gathered: Gathered<Waiting, Reserved>;

  constructor(
    registry: Registry,
    private readonly deals: DealSearch,
  ) {
    this.gathered = new Gathered((waiting) => reserveTogether(registry, waiting), { lanes: LANES });
  }

  /**
   * Reserves for one settlement. A repeat, also one at the same time, gets the stored answer, and a settlement that has
   * ended gets none.
   *
   * @param decider who will be asked for the end
   * @param answerByMs when the caller waits no longer, since the epoch
   */
  reserve(
    { resolveAt, ...request }: ReserveRequest,
    decider: Decider,
    answerByMs: number,
  ): Promise<ReserveAnswer> {
    return this.take(request, { kind: 'until-end', decider, resolveAt }, answerByMs);
  }

  /** Reserves and ends in one: what is found is used, in the commit that takes it. Repeats are answered as of `reserve`. */
  use({ scan, ...request }: UseRequest, answerByMs: number): Promise<ReserveAnswer> {
    return this.take({ ...request, media: [] }, { kind: 'used', scan }, answerByMs);
  }

  /**
   * Each round is in a transaction that commits only what it took of all it priced with. So no round holds a lock while
   * it prices again, every lock is taken in one order, and nothing is left of a round that failed.
   *
   * A basket that is not proven to have the best deal at once is searched elsewhere, once, until the caller's time is nearly
   * up; nobody waits for it meanwhile, and nothing is taken for it.
   */
  private async take(request: BasketRequest, hold: Hold, answerByMs: number): Promise<ReserveAnswer> {
    for (let waiting: Waiting = { request, hold, round: FIRST_ROUND, tries: 0 }; ;) {
      const outcome = await this.gathered.do(waiting);
      if ('answer' in outcome) return outcome.answer;
      const tries = waiting.tries + 1;
      waiting =
        'again' in outcome
          ? { ...waiting, tries, round: outcome.again }
          : { ...waiting, tries, studied: await this.study(outcome.unproven, answerByMs - TAKING_MS) };
    }
  }

  private async study(atOnce: Answered, untilMs: number): Promise<Answered> {
    const found = await this.deals.find(atOnce.question, untilMs);
    return found ? better(atOnce, found) : atOnce;
  }
}

async function reserveTogether(registry: Registry, waiting: readonly Waiting[]): Promise<Reserved[]> {
  const batch = oncePerSettlement(waiting);
  const { found, usesOfCoupon, allowances } = await find(registry, batch.map(soughtBy));
  const baskets = batch.map(({ request, round, studied }, index) => ({
    ...{ request, round, studied },
    ...found[index]!,
  }));
  const priced = priceTogether(baskets, new Remaining(usesOfCoupon, allowances));

  const takings = priced.map((one, index) => ({ ...one, hold: batch[index]!.hold }));
  const outcomes = await takeProven(registry, takings);
  const bySettlement = new Map(batch.map((one, index) => [keyOf(one), outcomes[index]!]));
  return waiting.map((one) => bySettlement.get(keyOf(one))!);
}

/** What is worth a longer search is not taken yet; the others do not wait for it. */
async function takeProven(registry: Registry, takings: readonly Taking[]): Promise<Reserved[]> {
  const proven = takings.filter(({ plan }) => !plan.unproven);
  const taken = proven.length > 0 ? await takeTogether(registry, proven) : [];
  for (const verb of verbsOf(proven)) registry.reached(`registry.${verb}.after-commit`);
  const outcomes = new Map(proven.map((taking, index) => [taking, taken[index]!]));
  return takings.map((taking) => outcomes.get(taking) ?? { unproven: taking.plan.unproven! });
}

/** Whoever was in vain in a batch comes first in the next, where nobody before it can be in its way again. */
function oncePerSettlement(waiting: readonly Waiting[]): Waiting[] {
  const inTurn = waiting.toSorted((a, b) => b.tries - a.tries);
  const firsts = new Map(inTurn.toReversed().map((one) => [keyOf(one), one]));
  return inTurn.filter((one) => firsts.get(keyOf(one)) === one);
}

function keyOf({ request }: Waiting): string {
  return request.settlementId.toLowerCase();
}

function soughtBy({ request: { held, media, lines, storeId } }: Waiting): Sought {
  return {
    by: held ? { holderId: held.holderId } : { media },
    productIds: [...new Set(lines.map(({ productId }) => productId))],
    couponIds: held?.couponIds,
    storeId,
  };
}
