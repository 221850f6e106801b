import type { ReserveCouponsV1 } from '@couplet/contracts';
import type pg from 'pg';
import type { z } from 'zod';
import type { ReservationState } from '../domain/reservation.ts';
import type { HeldCoupon, ReservationSet } from '../domain/settlement-end.ts';
import type { Sale } from '../domain/use.ts';

/** A reservation as stored. */
export interface Reservation extends HeldCoupon {
  holderId: string;
  offerId: string;
  /** Minor units. */
  discount: bigint;
}

/** The reservations of a settlement, locked against everything else that may happen to it. */
export interface LockedSet extends ReservationSet<Reservation> {
  /** As the database writes it. */
  settlementId: string;
  /** Absent in a tombstone, when nothing was found, and when what was found was used at once. */
  found?: { sale: Sale; answer: StoredAnswer };
}

/**
 * Locks the reservations of settlements in the order of their ids, after reserves that are under way have committed. Of
 * a settlement without any there is a tombstone then, which refuses every reserve to come.
 *
 * Tombstones come first, by a statement of their own: then whoever waits for another's new row holds no other lock.
 *
 * @returns by settlementId as the database writes it
 */
export async function lockOrBury(
  client: pg.PoolClient,
  settlementIds: readonly string[],
): Promise<Map<string, LockedSet>> {
  await client.query({
    name: 'registry.tombstones',
    text: `INSERT INTO reservation_set (settlement_id, state)
           SELECT settlement_id, 'released' FROM unnest($1::uuid[]) AS settlement_id ORDER BY settlement_id
           ON CONFLICT DO NOTHING`,
    values: [settlementIds],
  });
  const { rows } = await client.query<{
    settlement_id: string;
    state: ReservationState;
    sale: Sale | null;
    answer: StoredAnswer | null;
  }>({
    name: 'registry.lock-sets',
    text: `SELECT settlement_id, state, sale, answer FROM reservation_set WHERE settlement_id = ANY ($1::uuid[])
           ORDER BY settlement_id FOR UPDATE`,
    values: [settlementIds],
  });
  const coupons = await reservationsOf(
    client,
    rows.filter(({ state, answer }) => answer && state !== 'empty').map(({ settlement_id }) => settlement_id),
  );
  return new Map(
    rows.map(({ settlement_id, state, sale, answer }) => [
      settlement_id,
      {
        settlementId: settlement_id,
        state,
        coupons: coupons.get(settlement_id) ?? [],
        ...(sale && answer && { found: { sale, answer } }),
      },
    ]),
  );
}

/** Only under the locks of their sets: a reservation changes under that lock and no other. */
async function reservationsOf(
  client: pg.PoolClient,
  settlementIds: readonly string[],
): Promise<Map<string, Reservation[]>> {
  if (settlementIds.length === 0) return new Map();
  const { rows } = await client.query<Reservation & { settlement_id: string }>({
    name: 'registry.reservations',
    text: `SELECT settlement_id, coupon_id AS "couponId", holder_id AS "holderId", offer_id AS "offerId", discount, state
           FROM reservation WHERE settlement_id = ANY ($1::uuid[]) ORDER BY settlement_id, coupon_id`,
    values: [settlementIds],
  });
  const bySettlement = new Map<string, Reservation[]>();
  for (const { settlement_id, ...reservation } of rows) {
    bySettlement.set(settlement_id, [...(bySettlement.get(settlement_id) ?? []), reservation]);
  }
  return bySettlement;
}

/** Writes the states of settlements and of their coupons; the settlements are asked for no more. */
export async function keepEnds(client: pg.PoolClient, ended: readonly LockedSet[]): Promise<void> {
  const coupons = ended.flatMap(({ settlementId, coupons }) =>
    coupons.map(({ couponId, state }) => ({ settlementId, couponId, state })),
  );
  // The arrays say the key once more: a join alone, planned while the tables are empty, would read all that comes later.
  await client.query({
    name: 'registry.keep-ends',
    text: `
      WITH moved AS (
        UPDATE reservation r SET state = m.state
        FROM unnest($3::uuid[], $4::uuid[], $5::text[]) AS m (settlement_id, coupon_id, state)
        WHERE r.settlement_id = m.settlement_id AND r.coupon_id = m.coupon_id AND r.state <> m.state
          AND r.settlement_id = ANY ($3)
      ), closed AS (
        DELETE FROM open_reservation WHERE settlement_id = ANY ($1::uuid[])
      )
      UPDATE reservation_set s SET state = e.state
      FROM unnest($1::uuid[], $2::text[]) AS e (settlement_id, state)
      WHERE s.settlement_id = e.settlement_id AND s.state <> e.state AND s.settlement_id = ANY ($1)`,
    values: [
      ended.map(({ settlementId }) => settlementId),
      ended.map(({ state }) => state),
      coupons.map(({ settlementId }) => settlementId),
      coupons.map(({ couponId }) => couponId),
      coupons.map(({ state }) => state),
    ],
  });
}

/** An answer as JSON. */
export type StoredAnswer = z.input<typeof ReserveCouponsV1.reply>;
