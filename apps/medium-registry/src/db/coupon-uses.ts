import type pg from 'pg';
import { holderOffer } from '../domain/limits.ts';
import { COUNTED, type Effect } from '../domain/reservation.ts';
import type { PlannedUse } from '../domain/reservation-plan.ts';

/** What the rows said before the uses were counted on them. */
export interface HeldUses {
  /** Uses left, by couponId. */
  usesOfCoupon: Map<string, number>;
  /** Uses made or held, by `holderOffer`. */
  usesByHolder: Map<string, number>;
}

/** A use that is to be made, with what taking it does. */
export interface NewUse extends PlannedUse {
  effect: Extract<Effect, 'take' | 'use'>;
}

/**
 * Locks the coupons of these uses and counts the uses on their holders, all by one statement: coupons in the order of
 * their key, then counts in the order of theirs. Whether there is room for them the caller sees by what it returns, and
 * takes back what there is none for.
 *
 * Rows are looked up one by one in that order, here and below, and what updates them says their key once more as arrays:
 * planned while the tables are empty, joins would read all that comes later.
 */
export async function holdCoupons(client: pg.PoolClient, uses: readonly NewUse[]): Promise<HeldUses> {
  const held: HeldUses = { usesOfCoupon: new Map(), usesByHolder: new Map() };
  if (uses.length === 0) return held;
  const { rows } = await client.query<
    | { coupon_id: string; uses: number }
    | { coupon_id: null; holder_id: string; offer_id: string; uses: number }
  >({
    name: 'registry.hold-coupons',
    text: `
      WITH wanted AS (
        SELECT holder_id, offer_id, coupon_id, sum(held) AS held, sum(used) AS used
        FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::int[])
          AS w (holder_id, offer_id, coupon_id, held, used)
        GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
      ), locked AS MATERIALIZED (
        SELECT w.*, c.uses_left FROM wanted w CROSS JOIN LATERAL (${LOCKED_COUPON('w')}) AS c
      ), counted AS (
        INSERT INTO coupon_usage AS u (holder_id, offer_id, held, used)
        SELECT holder_id, offer_id, sum(held), sum(used) FROM locked GROUP BY 1, 2 ORDER BY 1, 2
        ON CONFLICT (holder_id, offer_id) DO UPDATE SET held = u.held + excluded.held, used = u.used + excluded.used
        RETURNING holder_id, offer_id, held + used AS uses
      )
      SELECT coupon_id, NULL::uuid AS holder_id, NULL::uuid AS offer_id, uses_left AS uses FROM locked
      UNION ALL SELECT NULL, holder_id, offer_id, uses FROM counted`,
    values: [
      ...keysOf(uses.map(({ candidate: { offer, ...key } }) => ({ ...key, offerId: offer.offerId }))),
      uses.map(({ effect }) => COUNTED[effect].held),
      uses.map(({ effect }) => COUNTED[effect].used),
    ],
  });
  for (const row of rows) {
    if (row.coupon_id !== null) held.usesOfCoupon.set(row.coupon_id, row.uses);
    else held.usesByHolder.set(holderOffer(row.holder_id, row.offer_id), row.uses);
  }
  for (const { candidate } of uses) {
    const key = holderOffer(candidate.holderId, candidate.offer.offerId);
    held.usesByHolder.set(key, held.usesByHolder.get(key)! - 1);
  }
  return held;
}

/** A use with what is done to it. */
export interface EffectOnUse {
  couponId: string;
  holderId: string;
  offerId: string;
  effect: Effect;
}

/** Counts uses no more that were held in this transaction and are not taken after all. */
export async function letGo(client: pg.PoolClient, uses: readonly NewUse[]): Promise<void> {
  await count(
    client,
    uses.map(({ candidate: { holderId, offer }, effect }) => ({
      holderId,
      offerId: offer.offerId,
      held: -COUNTED[effect].held,
      used: -COUNTED[effect].used,
    })),
  );
}

/** Gives coupons back where the effects do, and counts every effect on the holder. */
export async function countEffects(client: pg.PoolClient, effects: readonly EffectOnUse[]): Promise<void> {
  await giveBackCoupons(
    client,
    effects.filter(({ effect }) => COUNTED[effect].usesLeft > 0),
  );
  await count(
    client,
    effects.map(({ effect, ...use }) => ({ ...use, ...COUNTED[effect] })),
  );
}

interface Counted {
  holderId: string;
  offerId: string;
  /** Added to what is there. */
  held: number;
  used: number;
}

async function count(client: pg.PoolClient, counted: readonly Counted[]): Promise<void> {
  if (counted.length === 0) return;
  await client.query({
    name: 'registry.count-uses',
    text: `
      WITH counted AS (
        SELECT holder_id, offer_id, sum(held) AS held, sum(used) AS used
        FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::int[]) AS c (holder_id, offer_id, held, used)
        GROUP BY 1, 2 ORDER BY 1, 2
      ), locked AS MATERIALIZED (
        SELECT c.*
        FROM counted c
        CROSS JOIN LATERAL (
          SELECT FROM coupon_usage u WHERE u.holder_id = c.holder_id AND u.offer_id = c.offer_id FOR UPDATE
        ) AS u
      )
      UPDATE coupon_usage u SET held = u.held + l.held, used = u.used + l.used FROM locked l
      WHERE u.holder_id = l.holder_id AND u.offer_id = l.offer_id AND u.holder_id = ANY ($1)`,
    values: [
      counted.map(({ holderId }) => holderId),
      counted.map(({ offerId }) => offerId),
      counted.map(({ held }) => held),
      counted.map(({ used }) => used),
    ],
  });
}

async function giveBackCoupons(client: pg.PoolClient, uses: readonly EffectOnUse[]): Promise<void> {
  if (uses.length === 0) return;
  await client.query({
    name: 'registry.give-back-coupons',
    text: `
      WITH back AS (
        SELECT holder_id, offer_id, coupon_id, count(*) AS uses
        FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS w (holder_id, offer_id, coupon_id)
        GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
      ), locked AS MATERIALIZED (
        SELECT b.* FROM back b CROSS JOIN LATERAL (${LOCKED_COUPON('b')}) AS c
      )
      UPDATE coupon c SET uses_left = c.uses_left + l.uses FROM locked l
      WHERE c.holder_id = l.holder_id AND c.offer_id = l.offer_id AND c.coupon_id = l.coupon_id
        AND c.holder_id = ANY ($1) AND c.offer_id = ANY ($2) AND c.coupon_id = ANY ($3)`,
    values: keysOf(uses),
  });
}

/** The coupon that a row is about. */
const LOCKED_COUPON = (row: string) => `
  SELECT uses_left FROM coupon
  WHERE holder_id = ${row}.holder_id AND offer_id = ${row}.offer_id AND coupon_id = ${row}.coupon_id FOR UPDATE`;

function keysOf(uses: readonly Omit<EffectOnUse, 'effect'>[]): string[][] {
  return [
    uses.map(({ holderId }) => holderId),
    uses.map(({ offerId }) => offerId),
    uses.map(({ couponId }) => couponId),
  ];
}
