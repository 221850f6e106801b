import { CouponConsumedV1, CouponRolledBackV1, ReserveCouponsV1 } from '@couplet/contracts';
import { appendEvents } from '@couplet/outbox';
import type pg from 'pg';
import { byOffer } from '../domain/escrow.ts';
import { COUNTED, type Effect } from '../domain/reservation.ts';
import { afterEnd, planEnd, type SettlementEnd } from '../domain/settlement-end.ts';
import { useOf } from '../domain/use.ts';
import { countEffects } from './coupon-uses.ts';
import { giveBackEscrow } from './escrow.ts';
import { attributesOf } from './holders.ts';
import type { OfferCache } from './offers.ts';
import { keepEnds, lockOrBury, type LockedSet, type Reservation } from './reservations.ts';

export interface EndedSettlement {
  settlementId: string;
  end: SettlementEnd;
}

/** What one end does to one coupon. */
interface Move extends Reservation {
  effect: Effect;
  set: LockedSet;
  end: SettlementEnd;
}

/**
 * Applies the ends of settlements to their reservations, in the caller's transaction: states, coupons, counts, escrow and
 * the events that tell of it. Ends of one settlement are applied in their order. An end that is known changes nothing;
 * one that comes before the reserve leaves a tombstone.
 */
export async function endSettlements(
  client: pg.PoolClient,
  offers: OfferCache,
  ended: readonly EndedSettlement[],
): Promise<void> {
  const sets = await lockOrBury(client, [...new Set(ended.map(keyOf))]);
  const { changed, moves } = inTurn(sets, ended);
  if (changed.length > 0) await keepEnds(client, changed);
  if (moves.length === 0) return;

  await countEffects(client, moves);
  const back = moves.filter(({ effect }) => COUNTED[effect].escrow > 0);
  const known = await offers.get(client, [...new Set(back.map(({ offerId }) => offerId))]);
  const uses = back.flatMap(({ offerId, discount }) => {
    const offer = known.get(offerId);
    return offer ? [{ offer, discount }] : [];
  });
  await giveBackEscrow(client, moves[0]!.set.settlementId, byOffer(uses));
  await tell(client, moves);
}

function inTurn(
  sets: ReadonlyMap<string, LockedSet>,
  ended: readonly EndedSettlement[],
): { changed: LockedSet[]; moves: Move[] } {
  const changed = new Map<string, LockedSet>();
  const moves = ended.flatMap((one) => {
    const key = keyOf(one);
    const set = changed.get(key) ?? sets.get(key)!;
    const plan = planEnd(set, one.end);
    if (plan.next === set.state && plan.moves.length === 0) return [];
    changed.set(key, { ...set, ...afterEnd(set, plan) });
    return plan.moves.map(({ coupon, effect }) => ({ ...coupon, effect, set, end: one.end }));
  });
  return { changed: [...changed.values()], moves };
}

/** A roll-back that overtook the grant is told by nobody: the use it gives back was never told either. */
async function tell(client: pg.PoolClient, moves: readonly Move[]): Promise<void> {
  const consumed = moves.filter(({ effect }) => effect === 'consume');
  const attributes = await attributesOf(client, [...new Set(consumed.map(({ holderId }) => holderId))]);
  await appendEvents(client, [
    ...consumed.map(({ couponId, holderId, set: { found } }) => {
      const holder = { holderId, attributes: attributes.get(holderId) ?? {} };
      const { coupons } = ReserveCouponsV1.reply.decode(found!.answer);
      const coupon = coupons.find((applied) => applied.couponId === couponId)!;
      return { contract: CouponConsumedV1, payload: useOf(found!.sale, coupon, holder) };
    }),
    ...moves.flatMap(({ effect, end, set: { settlementId }, couponId, offerId, holderId }) =>
      effect === 'give-back-use' && 'at' in end
        ? [
            {
              contract: CouponRolledBackV1,
              payload: { settlementId, couponId, offerId, holderId, rolledBackAt: end.at },
            },
          ]
        : [],
    ),
  ]);
}

/** As the database writes it. */
function keyOf({ settlementId }: EndedSettlement): string {
  return settlementId.toLowerCase();
}
