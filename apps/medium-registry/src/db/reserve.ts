import { CouponsSearchedV1 } from '@couplet/contracts';
import { appendEvents } from '@couplet/outbox';
import { inTransaction } from '@couplet/postgres';
import type pg from 'pg';
import type { Candidate } from '../domain/candidate.ts';
import { escrowsOf } from '../domain/escrow.ts';
import type { PlannedUse, ReserveAnswer, ReserveRequest } from '../domain/reservation-plan.ts';
import { planReservation } from '../domain/reservation-plan.ts';
import { findCandidates, readAllowances } from './candidates.ts';
import { takeCoupons } from './coupon-uses.ts';
import { type NotTaken, type OfferUse, takeEscrow } from './escrow.ts';
import { holderShowingCode, holdersOf } from './holders.ts';
import type { Decider } from './open-reservations.ts';
import type { Registry } from './registry.ts';
import { claim, keepAnswer } from './reservations.ts';
import { timeZoneOf } from './stores.ts';

/** How often a basket is priced again because something it counted on was taken meanwhile (DESIGN.md, section 3). */
const REPRICINGS_MAX = 3;

/**
 * Finds, prices and takes the best coupons for a basket, in one transaction keyed by the settlement. A repeat, also one
 * at the same time, gets the stored answer, and a settlement that has ended gets none.
 *
 * Each round is a transaction of its own that commits only if it took all it priced with. So no round holds a lock while
 * it prices again, every lock is taken in one order, and nothing is left of a round that failed.
 *
 * @param decider who will be asked for the end
 */
export async function reserve(
  registry: Registry,
  request: ReserveRequest,
  decider: Decider,
): Promise<ReserveAnswer> {
  const round: Round = { number: 0, droppedOffers: new Set(), acrossSlots: new Set() };
  for (;;) {
    try {
      const answer = await inTransaction(registry.pool, (client) =>
        attempt(client, registry, request, round, decider),
      );
      registry.reached('registry.reserve.after-commit');
      return answer;
    } catch (error) {
      if (!(error instanceof NotToBeHad)) throw error;
      for (const offerId of error.refused) round.droppedOffers.add(offerId);
      for (const offerId of error.scattered) round.acrossSlots.add(offerId);
      if (error.scattered.length === 0) round.number += 1;
    }
  }
}

/** What earlier rounds have taught this one. */
interface Round {
  /** How often the basket was priced in vain. */
  number: number;
  /** Offers whose limit refuses. */
  readonly droppedOffers: Set<string>;
  /** Offers of which no one slot has enough. */
  readonly acrossSlots: Set<string>;
}

/** Rolls a round back. Nothing refused and nothing scattered: another settlement was first with a coupon. */
class NotToBeHad extends Error implements NotTaken {
  override readonly name = 'NotToBeHad';
  constructor(
    readonly refused: string[] = [],
    readonly scattered: string[] = [],
  ) {
    super('what the basket was priced with is taken');
  }
}

async function attempt(
  client: pg.PoolClient,
  { offers, reached }: Registry,
  request: ReserveRequest,
  { number, droppedOffers, acrossSlots }: Readonly<Round>,
  decider: Decider,
): Promise<ReserveAnswer> {
  const known = await claim(client, request.settlementId);
  if (known) return known;

  const presentedBy = request.held
    ? await holderShowingCode(client, request.held.holderId)
    : await holdersOf(client, request.media);
  const holderIds = [...presentedBy.keys()];
  const wanted = { holderIds, productIds: productsIn(request), couponIds: request.held?.couponIds };
  const found = number <= REPRICINGS_MAX ? await findCandidates(client, offers, wanted) : [];
  // The last round leaves limited offers alone, so that a crowd around one limit costs nobody the other coupons.
  const candidates = number < REPRICINGS_MAX ? found : found.filter(isUnlimited);
  const allowances = await readAllowances(client, candidates);
  const timeZone = await timeZoneOf(client, request.storeId, candidates);
  const plan = planReservation(request, { candidates, presentedBy, timeZone, allowances, droppedOffers });

  if (plan.uses.length > 0) await take(client, request.settlementId, plan.uses, acrossSlots);
  await keepAnswer(client, request, plan, decider);
  await appendEvents(client, [
    { contract: CouponsSearchedV1, payload: searched(request, holderIds, plan.answer) },
  ]);
  reached('registry.reserve.before-commit');
  return plan.answer;
}

async function take(
  client: pg.PoolClient,
  settlementId: string,
  uses: readonly PlannedUse[],
  acrossSlots: ReadonlySet<string>,
): Promise<void> {
  if (!(await takeCoupons(client, uses))) throw new NotToBeHad();
  const { refused, scattered } = await takeEscrow(client, settlementId, byOffer(uses), acrossSlots);
  if (refused.length + scattered.length > 0) throw new NotToBeHad(refused, scattered);
}

function productsIn({ lines }: ReserveRequest): string[] {
  return [...new Set(lines.map(({ productId }) => productId))];
}

function isUnlimited({ offer }: Candidate): boolean {
  return escrowsOf(offer.limits).length === 0;
}

function byOffer(uses: readonly PlannedUse[]): OfferUse[] {
  const sums = new Map<string, OfferUse>();
  for (const { candidate, discount } of uses) {
    const { offer } = candidate;
    const sum = sums.get(offer.offerId) ?? { offer, uses: 0, discount: 0n };
    sums.set(offer.offerId, { offer, uses: sum.uses + 1, discount: sum.discount + discount });
  }
  return [...sums.values()];
}

function searched(request: ReserveRequest, holderIds: string[], answer: ReserveAnswer): CouponsSearchedV1 {
  const { settlementId, storeId, purpose, presentedAt } = request;
  return {
    searchId: settlementId,
    settlementId,
    holderIds,
    storeId,
    purpose,
    presentedAt,
    result: answer.couponSearch,
    offerIds: [...new Set(answer.coupons.map(({ offerId }) => offerId))],
  };
}
