import { ReserveCouponsV1, type ScanOfUse, wireOf } from '@couplet/contracts';
import type pg from 'pg';
import { stillFound, type ReservationState, TRANSITIONS } from '../domain/reservation.ts';
import type { BasketRequest, ReservationPlan, ReserveAnswer } from '../domain/reservation-plan.ts';
import { answerNone } from '../domain/reservation-plan.ts';
import { saleOf } from '../domain/use.ts';
import type { Decider } from './open-reservations.ts';
import type { StoredAnswer } from './reservations.ts';

/** What becomes of coupons: held until somebody tells the end, or used by this scan in the commit that takes them. */
export type Hold =
  { kind: 'until-end'; decider: Decider; resolveAt: string } | { kind: 'used'; scan: ScanOfUse };

/** A priced basket that is to be reserved for. */
export interface ToReserve {
  request: BasketRequest;
  plan: ReservationPlan;
  hold: Hold;
}

/** The step of the reservation table that takes the coupons. */
export function takingOf({ kind }: Hold) {
  return TRANSITIONS.unknown[kind === 'used' ? 'use-found' : 'reserve-found'];
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
           SELECT settlement_id, state, sale, answer::jsonb
           FROM json_to_recordset($1) AS s (settlement_id uuid, state text, sale jsonb, answer text)
           ORDER BY settlement_id
           ON CONFLICT DO NOTHING RETURNING settlement_id`,
    values: [JSON.stringify(reserves.map(claimRow))],
  });
  const claimed = new Set(rows.map(({ settlement_id }) => settlement_id));
  return storedAnswers(
    client,
    reserves.map(({ request }) => request.settlementId.toLowerCase()).filter((id) => !claimed.has(id)),
  );
}

function claimRow({ request, plan: { uses, answer }, hold }: ToReserve): object {
  const isFound = uses.length > 0;
  return {
    settlement_id: request.settlementId,
    state: isFound ? takingOf(hold).next : 'empty',
    // What is used at once is told at once, and need not be remembered for it.
    ...(isFound && hold.kind === 'until-end' && { sale: saleOf(request, answer.coupons) }),
    answer: wireOf(ReserveCouponsV1.reply, answer),
  };
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
  const uses = found.flatMap(({ request: { settlementId }, plan, hold }) =>
    plan.uses.map((use) => ({ ...use, settlementId, state: takingOf(hold).next })),
  );
  const open = found.flatMap(({ request: { settlementId }, hold }) =>
    hold.kind === 'until-end' ? [{ settlementId, ...hold }] : [],
  );
  // The arrays say the key once more: a join alone, planned while there are no coupons, would read all that come later.
  await client.query({
    name: 'registry.keep-reservations',
    text: `
      WITH used AS (
        SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::int8[], $6::text[])
          AS u (settlement_id, coupon_id, holder_id, offer_id, discount, state)
      ), taken AS (
        UPDATE coupon c SET uses_left = c.uses_left - u.uses
        FROM (SELECT holder_id, offer_id, coupon_id, count(*) AS uses FROM used GROUP BY 1, 2, 3) AS u
        WHERE c.holder_id = u.holder_id AND c.offer_id = u.offer_id AND c.coupon_id = u.coupon_id
          AND c.holder_id = ANY ($3) AND c.offer_id = ANY ($4) AND c.coupon_id = ANY ($2)
      ), opened AS (
        INSERT INTO open_reservation (settlement_id, ask_at, decider)
        SELECT * FROM unnest($7::uuid[], $8::timestamptz[], $9::text[])
      )
      INSERT INTO reservation (settlement_id, coupon_id, holder_id, offer_id, discount, state)
      SELECT * FROM used`,
    values: [
      uses.map(({ settlementId }) => settlementId),
      uses.map(({ candidate }) => candidate.couponId),
      uses.map(({ candidate }) => candidate.holderId),
      uses.map(({ candidate }) => candidate.offer.offerId),
      uses.map(({ discount }) => discount),
      uses.map(({ state }) => state),
      open.map(({ settlementId }) => settlementId),
      open.map(({ resolveAt }) => resolveAt),
      open.map(({ decider }) => decider),
    ],
  });
}
