import { CouponConsumedV1, CouponsSearchedV1, type ScanOfUse } from '@couplet/contracts';
import { appendEvents, type OutboxEvent } from '@couplet/outbox';
import { inTransaction } from '@couplet/postgres';
import type pg from 'pg';
import { byOffer, escrowsOf } from '../domain/escrow.ts';
import type { Priced } from '../domain/price-together.ts';
import { Remaining } from '../domain/remaining.ts';
import type { ReserveAnswer } from '../domain/reservation-plan.ts';
import type { Round } from '../domain/round.ts';
import { saleOf, useOf } from '../domain/use.ts';
import { judge } from '../domain/verdict.ts';
import { holdCoupons, letGo, type NewUse } from './coupon-uses.ts';
import { type EscrowSlots, readSlots, SlotTaken, takeEscrow } from './escrow.ts';
import type { Registry } from './registry.ts';
import { claim, type Hold, keepReservations, takingOf, unclaim } from './settlement-claims.ts';

/** A basket that was priced, with what becomes of its coupons. */
export type Taking = Priced & { hold: Hold };

/** The answer as it is stored, or the round in which the basket is to be priced again. */
export type Outcome = { answer: ReserveAnswer } | { again: Round };

/**
 * Takes what baskets of different settlements were priced with, in one transaction for all of them. Whoever cannot have it
 * takes nothing, and nothing of its settlement is left.
 *
 * Locks in the order of the registry: settlements, coupons, counts of holders, escrow slots, each by their keys.
 *
 * @returns an outcome for each, in their order
 */
export async function takeTogether(registry: Registry, takings: readonly Taking[]): Promise<Outcome[]> {
  for (;;) {
    try {
      return await inTransaction(registry.pool, (client) => attempt(client, registry, takings));
    } catch (error) {
      // Somebody else has committed meanwhile, so this does not go on for ever.
      if (!(error instanceof SlotTaken)) throw error;
    }
  }
}

async function attempt(
  client: pg.PoolClient,
  { reached }: Registry,
  takings: readonly Taking[],
): Promise<Outcome[]> {
  const known = await claim(client, takings.map(toReserve));
  const claimed = takings.filter((taking) => !known.has(keyOf(taking)));
  const { left, slots } = await hold(client, claimed.flatMap(usesOf));

  const verdicts = judge(
    takings.map((taking) => ({ ...taking, isKnown: known.has(keyOf(taking)) })),
    left,
  );
  const granted = takings.filter((_, index) => verdicts[index]!.kind === 'granted');
  const refused = takings.filter((_, index) => verdicts[index]!.kind === 'again');
  if (refused.length > 0) {
    await letGo(client, refused.flatMap(usesOf));
    await unclaim(client, refused.map(keyOf));
  }
  if (granted.length > 0) await keep(client, granted, slots);
  for (const verb of verbsOf(takings)) reached(`registry.${verb}.before-commit`);

  return takings.map((taking, index) => {
    const verdict = verdicts[index]!;
    return verdict.kind === 'again'
      ? { again: verdict.round }
      : { answer: known.get(keyOf(taking)) ?? taking.plan.answer };
  });
}

/** Locks what the uses take from, except for slots: which of them it takes is not known before the verdicts. */
async function hold(
  client: pg.PoolClient,
  uses: readonly NewUse[],
): Promise<{ left: Remaining; slots: EscrowSlots }> {
  const { usesOfCoupon, usesByHolder } = await holdCoupons(client, uses);
  const limits = new Map(uses.map(({ candidate: { offer } }) => [offer.offerId, escrowsOf(offer.limits)]));
  const limited = [...limits].flatMap(([offerId, escrows]) => escrows.map(({ kind }) => ({ offerId, kind })));
  const slots = await readSlots(client, [...new Set(limited.map(({ offerId }) => offerId))]);
  const leftOf = (wanted: 'uses' | 'budget') =>
    new Map(
      limited
        .filter(({ kind }) => kind === wanted)
        .map(({ offerId, kind }) => [offerId, slots.left(offerId, kind)]),
    );
  const left = { usesLeft: leftOf('uses'), budgetLeft: leftOf('budget'), usesByHolder };
  return { left: new Remaining(usesOfCoupon, left), slots };
}

async function keep(client: pg.PoolClient, granted: readonly Taking[], slots: EscrowSlots): Promise<void> {
  const uses = granted.flatMap(usesOf).map(({ candidate: { offer }, discount }) => ({ offer, discount }));
  await takeEscrow(client, slots, keyOf(granted[0]!), byOffer(uses));
  await keepReservations(client, granted.map(toReserve));
  await appendEvents(client, granted.flatMap(told));
}

/** What asked for these: the names of the failpoints that their commit passes. */
export function verbsOf(batch: readonly { hold: Hold }[]): Set<'reserve' | 'use'> {
  return new Set(batch.map(({ hold }) => (hold.kind === 'used' ? 'use' : 'reserve')));
}

function toReserve({ basket: { request }, plan, hold }: Taking) {
  return { request, plan, hold };
}

function usesOf({ plan, hold }: Taking): NewUse[] {
  const effect = takingOf(hold).effect as NewUse['effect'];
  return plan.uses.map((use) => ({ ...use, effect }));
}

/** As the database writes it. */
function keyOf({ basket }: Taking): string {
  return basket.request.settlementId.toLowerCase();
}

/** What is used at once is told once, by what it used; whatever else was found, or not, was searched for. */
function told(taking: Taking): OutboxEvent<typeof CouponConsumedV1 | typeof CouponsSearchedV1>[] {
  const { hold, plan } = taking;
  if (hold.kind === 'used' && plan.uses.length > 0) return used(taking, hold.scan);
  return [{ contract: CouponsSearchedV1, payload: searched(taking) }];
}

function used(
  { basket: { request, presentedBy }, plan: { uses, answer } }: Taking,
  scan: ScanOfUse,
): OutboxEvent<typeof CouponConsumedV1>[] {
  const sale = saleOf(request, answer.coupons);
  const credit = uses.reduce((sum, { discount }) => sum + discount, -answer.discount);
  const ofScan = { ...scan, usedAt: new Date().toISOString(), discount: answer.discount, credit };
  const applied = new Map(answer.coupons.map((coupon) => [coupon.couponId, coupon]));
  return uses.map(({ candidate: { couponId, holderId } }) => {
    const holder = { holderId, attributes: presentedBy.get(holderId)?.attributes ?? {} };
    const use = useOf(sale, applied.get(couponId)!, holder);
    return { contract: CouponConsumedV1, payload: { ...use, scan: ofScan } };
  });
}

function searched({ basket: { request, presentedBy }, plan: { answer } }: Taking): CouponsSearchedV1 {
  const { settlementId, storeId, purpose, presentedAt } = request;
  return {
    searchId: settlementId,
    settlementId,
    holderIds: [...presentedBy.keys()],
    storeId,
    purpose,
    presentedAt,
    result: answer.couponSearch,
    offerIds: [...new Set(answer.coupons.map(({ offerId }) => offerId))],
  };
}
