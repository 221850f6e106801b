import { ReserveCouponsV1 } from '@couplet/contracts';
import type pg from 'pg';
import { stillFound, type ReservationState } from '../domain/reservation.ts';
import type {
  PlannedUse,
  ReservationPlan,
  ReserveAnswer,
  ReserveRequest,
} from '../domain/reservation-plan.ts';
import { answerNone } from '../domain/reservation-plan.ts';
import { saleOf } from '../domain/use.ts';
import type { Decider } from './open-reservations.ts';
import type { StoredAnswer } from './reservations.ts';

/** A priced basket that is to be reserved for. */
export interface ToReserve {
  request: ReserveRequest;
  plan: ReservationPlan;
  /** Who will be asked for the end. */
  decider: Decider;
}

/**
 * Claims settlements, in the order of their ids, with the answers they are to get. Repeats and ends that come meanwhile
 * wait for the commit.
 *
 * @returns the answers of those that could not be claimed, by settlementId as the database writes it: they were reserved
 *   for, or ended, before
 */
export async function claim(
  client: pg.PoolClient,
  reserves: readonly ToReserve[],
): Promise<Map<string, ReserveAnswer>> {
  const { rows } = await client.query<{ settlement_id: string }>({
    name: 'registry.claim',
    text: `INSERT INTO reservation_set (settlement_id, state, sale, answer)
           SELECT * FROM unnest($1::uuid[], $2::text[], $3::jsonb[], $4::jsonb[]) AS s (settlement_id, state, sale, answer)
           ORDER BY settlement_id
           ON CONFLICT DO NOTHING RETURNING settlement_id`,
    values: [
      reserves.map(({ request }) => request.settlementId),
      reserves.map(({ plan }) => (plan.uses.length > 0 ? 'reserved' : 'empty')),
      reserves.map(({ request, plan: { uses, answer } }) =>
        uses.length > 0 ? JSON.stringify(saleOf(request, answer.coupons)) : null,
      ),
      reserves.map(({ plan }) => JSON.stringify(ReserveCouponsV1.reply.encode(plan.answer))),
    ],
  });
  const claimed = new Set(rows.map(({ settlement_id }) => settlement_id));
  return storedAnswers(
    client,
    reserves.map(({ request }) => request.settlementId.toLowerCase()).filter((id) => !claimed.has(id)),
  );
}

/** Undoes the claims of settlements whose basket is priced again, in the transaction that made them. */
export async function unclaim(client: pg.PoolClient, settlementIds: readonly string[]): Promise<void> {
  await client.query({
    name: 'registry.unclaim',
    text: 'DELETE FROM reservation_set WHERE settlement_id = ANY ($1::uuid[])',
    values: [settlementIds],
  });
}

async function storedAnswers(
  client: pg.PoolClient,
  settlementIds: readonly string[],
): Promise<Map<string, ReserveAnswer>> {
  if (settlementIds.length === 0) return new Map();
  const { rows } = await client.query<{
    settlement_id: string;
    state: ReservationState;
    answer: StoredAnswer | null;
  }>({
    name: 'registry.stored-answers',
    text: 'SELECT settlement_id, state, answer FROM reservation_set WHERE settlement_id = ANY ($1::uuid[])',
    values: [settlementIds],
  });
  return new Map(
    rows.map(({ settlement_id, state, answer }) => [
      settlement_id,
      // An answer of none is given again with its reasons; what was found is over when the settlement is.
      answer && (stillFound(state) || state === 'empty')
        ? ReserveCouponsV1.reply.decode(answer)
        : answerNone(settlement_id),
    ]),
  );
}

/** Takes the coupons of settlements that are claimed, by one statement; the rows of the coupons are locked already. */
export async function keepReservations(client: pg.PoolClient, reserves: readonly ToReserve[]): Promise<void> {
  const found = reserves.filter(({ plan }) => plan.uses.length > 0);
  if (found.length === 0) return;
  const uses = found.flatMap(({ request: { settlementId }, plan }) =>
    plan.uses.map((use): PlannedUse & { settlementId: string } => ({ ...use, settlementId })),
  );
  await client.query({
    name: 'registry.keep-reservations',
    text: `
      WITH used AS (
        SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::int8[])
          AS u (settlement_id, coupon_id, holder_id, offer_id, discount)
      ), taken AS (
        UPDATE coupon c SET uses_left = c.uses_left - u.uses
        FROM (SELECT holder_id, offer_id, coupon_id, count(*) AS uses FROM used GROUP BY 1, 2, 3) AS u
        WHERE c.holder_id = u.holder_id AND c.offer_id = u.offer_id AND c.coupon_id = u.coupon_id
      ), opened AS (
        INSERT INTO open_reservation (settlement_id, ask_at, decider)
        SELECT * FROM unnest($6::uuid[], $7::timestamptz[], $8::text[])
      )
      INSERT INTO reservation (settlement_id, coupon_id, holder_id, offer_id, discount, state)
      SELECT *, 'reserved' FROM used`,
    values: [
      uses.map(({ settlementId }) => settlementId),
      uses.map(({ candidate }) => candidate.couponId),
      uses.map(({ candidate }) => candidate.holderId),
      uses.map(({ candidate }) => candidate.offer.offerId),
      uses.map(({ discount }) => discount),
      found.map(({ request }) => request.settlementId),
      found.map(({ request }) => request.resolveAt),
      found.map(({ decider }) => decider),
    ],
  });
}
