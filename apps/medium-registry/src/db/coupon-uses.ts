import type pg from 'pg';
import type { Effect } from '../domain/reservation.ts';
import { COUNTED } from '../domain/reservation.ts';
import type { PlannedUse } from '../domain/reservation-plan.ts';

/**
 * Takes one use of every coupon and counts it on its holder, all by one statement; coupons are locked in the order of
 * their key, and the counts in that order after them.
 *
 * @returns false if another settlement was first with a coupon, or with the last use the holder may make of an offer;
 *   the caller then rolls back
 */
export async function takeCoupons(client: pg.PoolClient, uses: readonly PlannedUse[]): Promise<boolean> {
  const offers = new Map(uses.map(({ candidate: { offer } }) => [offer.offerId, offer]));
  const { rows } = await client.query<{ taken: bigint; counted: bigint }>({
    name: 'registry.take-coupons',
    text: `
      WITH locked AS MATERIALIZED (
        SELECT c.holder_id, c.offer_id, c.coupon_id
        FROM coupon c
        JOIN unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS w (holder_id, offer_id, coupon_id)
          USING (holder_id, offer_id, coupon_id)
        WHERE c.uses_left > 0
        ORDER BY 1, 2, 3 FOR UPDATE OF c
      ), taken AS (
        UPDATE coupon c SET uses_left = c.uses_left - 1 FROM locked l
        WHERE c.holder_id = l.holder_id AND c.offer_id = l.offer_id AND c.coupon_id = l.coupon_id
          AND c.uses_left > 0
        RETURNING c.holder_id, c.offer_id
      ), counted AS (
        INSERT INTO coupon_usage AS u (holder_id, offer_id, held, used)
        SELECT holder_id, offer_id, count(*), 0 FROM taken GROUP BY 1, 2 ORDER BY 1, 2
        ON CONFLICT (holder_id, offer_id) DO UPDATE SET held = u.held + excluded.held
        WHERE u.used + u.held + excluded.held <= (
          SELECT coalesce(uses_max, 2147483647) FROM unnest($4::uuid[], $5::int[]) AS m (offer_id, uses_max)
          WHERE m.offer_id = excluded.offer_id)
        RETURNING 1
      )
      SELECT (SELECT count(*) FROM taken) AS taken, (SELECT count(*) FROM counted) AS counted`,
    values: [
      uses.map(({ candidate }) => candidate.holderId),
      uses.map(({ candidate }) => candidate.offer.offerId),
      uses.map(({ candidate }) => candidate.couponId),
      [...offers.keys()],
      [...offers.values()].map(({ limits }) => limits.usesPerHolder ?? null),
    ],
  });
  const byHolder = new Set(uses.map(({ candidate }) => `${candidate.holderId} ${candidate.offer.offerId}`));
  const { taken, counted } = rows[0]!;
  return taken === BigInt(uses.length) && counted === BigInt(byHolder.size);
}

/** A reservation that ends, with what its end does. */
export interface EndedUse {
  couponId: string;
  holderId: string;
  offerId: string;
  effect: Effect;
}

/** Gives coupons back where their end does, and counts every end on the holder. */
export async function countEnds(client: pg.PoolClient, ends: readonly EndedUse[]): Promise<void> {
  const back = ends.filter(({ effect }) => COUNTED[effect].usesLeft > 0);
  if (back.length > 0) await giveBackCoupons(client, back);
  await client.query({
    name: 'registry.count-ends',
    text: `
      WITH e AS MATERIALIZED (
        SELECT holder_id, offer_id, sum(held) AS held, sum(used) AS used
        FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::int[]) AS e (holder_id, offer_id, held, used)
        GROUP BY 1, 2
      ), locked AS MATERIALIZED (
        SELECT u.holder_id, u.offer_id FROM coupon_usage u JOIN e USING (holder_id, offer_id)
        ORDER BY 1, 2 FOR UPDATE OF u
      )
      UPDATE coupon_usage u SET held = u.held + e.held, used = u.used + e.used
      FROM e JOIN locked l USING (holder_id, offer_id)
      WHERE u.holder_id = e.holder_id AND u.offer_id = e.offer_id`,
    values: [
      ends.map(({ holderId }) => holderId),
      ends.map(({ offerId }) => offerId),
      ends.map(({ effect }) => COUNTED[effect].held),
      ends.map(({ effect }) => COUNTED[effect].used),
    ],
  });
}

async function giveBackCoupons(client: pg.PoolClient, uses: readonly EndedUse[]): Promise<void> {
  await client.query({
    name: 'registry.give-back-coupons',
    text: `
      WITH locked AS MATERIALIZED (
        SELECT c.holder_id, c.offer_id, c.coupon_id
        FROM coupon c
        JOIN unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS w (holder_id, offer_id, coupon_id)
          USING (holder_id, offer_id, coupon_id)
        ORDER BY 1, 2, 3 FOR UPDATE OF c
      )
      UPDATE coupon c SET uses_left = c.uses_left + 1 FROM locked l
      WHERE c.holder_id = l.holder_id AND c.offer_id = l.offer_id AND c.coupon_id = l.coupon_id`,
    values: [
      uses.map(({ holderId }) => holderId),
      uses.map(({ offerId }) => offerId),
      uses.map(({ couponId }) => couponId),
    ],
  });
}
