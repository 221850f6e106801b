import { CouponConsumedV1, CouponRolledBackV1 } from '@couplet/contracts';
import { appendEvents } from '@couplet/outbox';
import type pg from 'pg';
import type { EndPlan, SettlementEnd } from '../domain/settlement-end.ts';
import { planEnd } from '../domain/settlement-end.ts';
import { useOf } from '../domain/use.ts';
import { COUNTED } from '../domain/reservation.ts';
import { countEnds } from './coupon-uses.ts';
import { giveBackEscrow, type OfferUse } from './escrow.ts';
import { attributesOf } from './holders.ts';
import type { OfferCache } from './offers.ts';
import { keepEnd, lockOrBury, type LockedSet, type Reservation } from './reservations.ts';

/**
 * Applies the end of a settlement to its reservations, in the caller's transaction: states, coupons, counts, escrow and
 * the events that tell of it. An end that is known changes nothing; one that comes before the reserve leaves a tombstone.
 */
export async function endSettlement(
  client: pg.PoolClient,
  offers: OfferCache,
  settlementId: string,
  end: SettlementEnd,
): Promise<void> {
  const set = await lockOrBury(client, settlementId);
  if (!set) return;
  const plan = planEnd(set, end);
  if (plan.next !== set.state || plan.moves.length > 0) await keepEnd(client, settlementId, plan);
  if (plan.moves.length === 0) return;

  const ends = plan.moves.map(({ coupon, effect }) => ({ ...coupon, effect }));
  await countEnds(client, ends);
  await giveBackEscrow(client, settlementId, await givenBack(client, offers, plan));
  await tellConsumed(client, set, plan);
  if (end.kind === 'rolled-back' || end.kind === 'given-back')
    await tellRolledBack(client, settlementId, plan, end.at);
}

async function givenBack(
  client: pg.PoolClient,
  offers: OfferCache,
  { moves }: EndPlan<Reservation>,
): Promise<OfferUse[]> {
  const back = moves.filter(({ effect }) => COUNTED[effect].escrow > 0).map(({ coupon }) => coupon);
  const uses = new Map<string, OfferUse>();
  for (const [offerId, offer] of await offers.get(client, [
    ...new Set(back.map((coupon) => coupon.offerId)),
  ])) {
    const ofOffer = back.filter((coupon) => coupon.offerId === offerId);
    const discount = ofOffer.reduce((sum, coupon) => sum + coupon.discount, 0n);
    uses.set(offerId, { offer, uses: ofOffer.length, discount });
  }
  return [...uses.values()];
}

/** A roll-back that overtook the grant is told by nobody: the use it gives back was never told either. */
async function tellRolledBack(
  client: pg.PoolClient,
  settlementId: string,
  { moves }: EndPlan<Reservation>,
  rolledBackAt: string,
): Promise<void> {
  const events = moves
    .filter(({ effect }) => effect === 'give-back-use')
    .map(({ coupon: { couponId, offerId, holderId } }) => ({
      contract: CouponRolledBackV1,
      payload: { settlementId, couponId, offerId, holderId, rolledBackAt },
    }));
  await appendEvents(client, events);
}

async function tellConsumed(
  client: pg.PoolClient,
  { found }: LockedSet,
  { moves }: EndPlan<Reservation>,
): Promise<void> {
  const consumed = moves.filter(({ effect }) => effect === 'consume').map(({ coupon }) => coupon);
  if (consumed.length === 0) return;
  const holderIds = consumed.map(({ holderId }) => holderId);
  const attributes = await attributesOf(client, holderIds);
  const applied = new Map(found!.answer.coupons.map((coupon) => [coupon.couponId, coupon]));
  const events = consumed.map(({ couponId, holderId }) => {
    const holder = { holderId, attributes: attributes.get(holderId) ?? {} };
    return { contract: CouponConsumedV1, payload: useOf(found!.sale, applied.get(couponId)!, holder) };
  });
  await appendEvents(client, events);
}
