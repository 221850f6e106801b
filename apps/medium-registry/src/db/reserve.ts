import type { UseCouponsV1 } from '@couplet/contracts';
import { Gathered } from '@couplet/postgres';
import type { z } from 'zod';
import { priceTogether } from '../domain/price-together.ts';
import { Remaining } from '../domain/remaining.ts';
import type { BasketRequest, ReserveAnswer, ReserveRequest } from '../domain/reservation-plan.ts';
import { FIRST_ROUND, type Round } from '../domain/round.ts';
import { find, type Sought } from './find.ts';
import type { Decider } from './open-reservations.ts';
import type { Registry } from './registry.ts';
import type { Hold } from './settlement-claims.ts';
import { type Outcome, takeTogether, verbsOf } from './take-together.ts';

/** While one batch waits for its commit, others are read and priced. */
const LANES = 3;

export type UseRequest = z.output<typeof UseCouponsV1.request>;

/** A basket that waits to be priced. */
interface Waiting {
  request: BasketRequest;
  hold: Hold;
  round: Round;
  /** How many batches it was in before. */
  tries: number;
}

/** Finds, prices and takes the best coupons for baskets, those that wait at the same time together. */
export class Reserver {
  private readonly gathered: Gathered<Waiting, Outcome>;

  constructor(registry: Registry) {
    this.gathered = new Gathered((waiting) => reserveTogether(registry, waiting), { lanes: LANES });
  }

  /**
   * Reserves for one settlement. A repeat, also one at the same time, gets the stored answer, and a settlement that has
   * ended gets none.
   *
   * @param decider who will be asked for the end
   */
  reserve({ resolveAt, ...request }: ReserveRequest, decider: Decider): Promise<ReserveAnswer> {
    return this.take(request, { kind: 'until-end', decider, resolveAt });
  }

  /** Reserves and ends in one: what is found is used, in the commit that takes it. Repeats are answered as of `reserve`. */
  use({ scan, ...request }: UseRequest): Promise<ReserveAnswer> {
    return this.take({ ...request, media: [] }, { kind: 'used', scan });
  }

  /**
   * Each round is in a transaction that commits only what it took of all it priced with. So no round holds a lock while
   * it prices again, every lock is taken in one order, and nothing is left of a round that failed.
   */
  private async take(request: BasketRequest, hold: Hold): Promise<ReserveAnswer> {
    for (let waiting: Waiting = { request, hold, round: FIRST_ROUND, tries: 0 }; ;) {
      const outcome = await this.gathered.do(waiting);
      if ('answer' in outcome) return outcome.answer;
      waiting = { ...waiting, round: outcome.again, tries: waiting.tries + 1 };
    }
  }
}

async function reserveTogether(registry: Registry, waiting: readonly Waiting[]): Promise<Outcome[]> {
  const batch = oncePerSettlement(waiting);
  const { found, usesOfCoupon, allowances } = await find(registry, batch.map(soughtBy));
  const baskets = batch.map(({ request, round }, index) => ({ request, round, ...found[index]! }));
  const priced = priceTogether(baskets, new Remaining(usesOfCoupon, allowances));

  const outcomes = await takeTogether(
    registry,
    priced.map((one, index) => ({ ...one, hold: batch[index]!.hold })),
  );
  for (const verb of verbsOf(batch)) registry.reached(`registry.${verb}.after-commit`);
  const bySettlement = new Map(batch.map((one, index) => [keyOf(one), outcomes[index]!]));
  return waiting.map((one) => bySettlement.get(keyOf(one))!);
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
