import { ReserveCouponsV1 } from '@couplet/contracts';
import type pg from 'pg';
import type { z } from 'zod';
import { stillFound, type ReservationState } from '../domain/reservation.ts';
import type { ReservationPlan, ReserveAnswer, ReserveRequest } from '../domain/reservation-plan.ts';
import { answerNone } from '../domain/reservation-plan.ts';
import type { EndPlan, HeldCoupon, ReservationSet } from '../domain/settlement-end.ts';
import type { Sale } from '../domain/use.ts';
import { saleOf } from '../domain/use.ts';
import type { Decider } from './open-reservations.ts';

/**
 * Claims a settlement for the reserve that is under way. Repeats and ends that come meanwhile wait for its commit.
 *
 * @returns undefined if it is claimed, or the answer for a settlement that was reserved for, or ended, before
 */
export async function claim(client: pg.PoolClient, settlementId: string): Promise<ReserveAnswer | undefined> {
  const { rowCount: claimed } = await client.query({
    name: 'registry.claim',
    text: `INSERT INTO reservation_set (settlement_id, state) VALUES ($1, 'empty') ON CONFLICT DO NOTHING`,
    values: [settlementId],
  });
  if (claimed) return undefined;
  const { rows } = await client.query<{ state: ReservationState; answer: StoredAnswer | null }>({
    name: 'registry.stored-answer',
    text: 'SELECT state, answer FROM reservation_set WHERE settlement_id = $1',
    values: [settlementId],
  });
  const { state, answer } = rows[0]!;
  // An answer of none is given again with its reasons; what was found is over when the settlement is.
  return answer && (stillFound(state) || state === 'empty')
    ? ReserveCouponsV1.reply.decode(answer)
    : answerNone(settlementId);
}

/** Stores the answer as it is given, with its reservations and what is needed to tell their use later. */
export async function keepAnswer(
  client: pg.PoolClient,
  request: ReserveRequest,
  { answer, uses }: ReservationPlan,
  decider: Decider,
): Promise<void> {
  const { settlementId } = request;
  const stored = JSON.stringify(ReserveCouponsV1.reply.encode(answer));
  if (uses.length === 0) {
    await client.query({
      name: 'registry.keep-none',
      text: 'UPDATE reservation_set SET answer = $2 WHERE settlement_id = $1',
      values: [settlementId, stored],
    });
    return;
  }
  await client.query({
    name: 'registry.keep-found',
    text: `
      WITH answered AS (
        UPDATE reservation_set SET state = 'reserved', answer = $2, sale = $3 WHERE settlement_id = $1
      ), opened AS (
        INSERT INTO open_reservation (settlement_id, ask_at, decider) VALUES ($1, $4, $9)
      )
      INSERT INTO reservation (settlement_id, coupon_id, holder_id, offer_id, discount, state)
      SELECT $1, r.*, 'reserved' FROM unnest($5::uuid[], $6::uuid[], $7::uuid[], $8::int8[]) AS r`,
    values: [
      settlementId,
      stored,
      JSON.stringify(saleOf(request, answer.coupons)),
      request.resolveAt,
      uses.map(({ candidate }) => candidate.couponId),
      uses.map(({ candidate }) => candidate.holderId),
      uses.map(({ candidate }) => candidate.offer.offerId),
      uses.map(({ discount }) => discount),
      decider,
    ],
  });
}

/** A reservation as stored. */
export interface Reservation extends HeldCoupon {
  holderId: string;
  offerId: string;
  /** Minor units. */
  discount: bigint;
}

/** The reservations of a settlement, locked against everything else that may happen to it. */
export interface LockedSet extends ReservationSet<Reservation> {
  /** Absent in a tombstone and when nothing was found. */
  found?: { sale: Sale; answer: ReserveAnswer };
}

/**
 * Locks the reservations of a settlement, after a reserve that is under way has committed.
 *
 * @returns undefined if there were none: then a tombstone stands there now, and refuses every reserve to come
 */
export async function lockOrBury(
  client: pg.PoolClient,
  settlementId: string,
): Promise<LockedSet | undefined> {
  const locked = await lock(client, settlementId);
  if (locked) return locked;
  const { rowCount: buried } = await client.query({
    name: 'registry.tombstone',
    text: `INSERT INTO reservation_set (settlement_id, state) VALUES ($1, 'released') ON CONFLICT DO NOTHING`,
    values: [settlementId],
  });
  return buried ? undefined : lock(client, settlementId);
}

async function lock(client: pg.PoolClient, settlementId: string): Promise<LockedSet | undefined> {
  const { rows } = await client.query<{
    state: ReservationState;
    sale: Sale | null;
    answer: StoredAnswer | null;
  }>({
    name: 'registry.lock-set',
    text: 'SELECT state, sale, answer FROM reservation_set WHERE settlement_id = $1 FOR UPDATE',
    values: [settlementId],
  });
  const set = rows[0];
  if (!set) return undefined;
  if (!set.sale || !set.answer) return { state: set.state, coupons: [] };
  const { rows: coupons } = await client.query<{
    coupon_id: string;
    holder_id: string;
    offer_id: string;
    discount: bigint;
    state: ReservationState;
  }>({
    name: 'registry.reservations',
    text: `SELECT coupon_id, holder_id, offer_id, discount, state FROM reservation
           WHERE settlement_id = $1 ORDER BY coupon_id`,
    values: [settlementId],
  });
  return {
    state: set.state,
    found: { sale: set.sale, answer: ReserveCouponsV1.reply.decode(set.answer) },
    coupons: coupons.map(({ coupon_id, holder_id, offer_id, ...rest }) => ({
      couponId: coupon_id,
      holderId: holder_id,
      offerId: offer_id,
      ...rest,
    })),
  };
}

/** Writes the new states; the settlement is asked for no more. */
export async function keepEnd(client: pg.PoolClient, settlementId: string, plan: EndPlan): Promise<void> {
  await client.query({
    name: 'registry.keep-end',
    text: `
      WITH moved AS (
        UPDATE reservation r SET state = m.next
        FROM unnest($3::uuid[], $4::text[]) AS m (coupon_id, next)
        WHERE r.settlement_id = $1 AND r.coupon_id = m.coupon_id
      ), closed AS (
        DELETE FROM open_reservation WHERE settlement_id = $1
      )
      UPDATE reservation_set SET state = $2 WHERE settlement_id = $1`,
    values: [
      settlementId,
      plan.next,
      plan.moves.map(({ coupon }) => coupon.couponId),
      plan.moves.map(({ next }) => next),
    ],
  });
}

type StoredAnswer = z.input<typeof ReserveCouponsV1.reply>;
