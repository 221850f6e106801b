import type pg from 'pg';
import type { Candidate } from '../domain/candidate.ts';
import type { EscrowKind } from '../domain/escrow.ts';
import { escrowsOf } from '../domain/escrow.ts';
import { type Allowances, holderOffer } from '../domain/limits.ts';
import { ANY_PRODUCT } from '../domain/offer.ts';
import type { OfferCache } from './offers.ts';

/** Whose coupons are wanted, and which of them. */
export interface Wanted {
  holderIds: readonly string[];
  /** Only those whose offer touches one of these products or requires none. */
  productIds?: readonly string[] | undefined;
  /** Only these. */
  couponIds?: readonly string[] | undefined;
}

export interface HeldCandidates {
  /** Of each that asked. */
  candidates: Candidate[][];
  /** Uses left, by couponId. */
  usesOfCoupon: Map<string, number>;
}

/**
 * Coupons with uses left of the holders that each asks for, for all of them by one statement of a kind.
 *
 * Goes from the products to their offers to the coupons, so that what a holder has beyond the basket costs nothing.
 */
export async function findCandidates(
  pool: pg.Pool,
  offers: OfferCache,
  wanted: readonly Wanted[],
): Promise<HeldCandidates> {
  const held = [...(await touchingBaskets(pool, wanted)), ...(await allHeld(pool, wanted))];
  const known = await offers.get(pool, [...new Set(held.map(({ offer_id }) => offer_id))]);
  const candidates = wanted.map((): Candidate[] => []);
  const only = wanted.map(({ couponIds }) => couponIds && new Set(couponIds));
  for (const { asked, coupon_id: couponId, holder_id: holderId, offer_id } of held) {
    const offer = known.get(offer_id);
    if (offer && (only[asked]?.has(couponId) ?? true)) candidates[asked]!.push({ couponId, holderId, offer });
  }
  return {
    candidates,
    usesOfCoupon: new Map(held.map(({ coupon_id, uses_left }) => [coupon_id, uses_left])),
  };
}

interface HeldRow {
  /** Which of those that asked. */
  asked: number;
  coupon_id: string;
  holder_id: string;
  offer_id: string;
  uses_left: number;
}

const COUPONS = `
  SELECT coupon_id, holder_id, offer_id, uses_left FROM coupon
  WHERE holder_id = h.holder_id AND uses_left > 0
    AND coalesce((SELECT state FROM offer_standing s WHERE s.offer_id = coupon.offer_id), 'going-on') = 'going-on'`;

async function touchingBaskets(pool: pg.Pool, wanted: readonly Wanted[]): Promise<HeldRow[]> {
  const holders = wanted.flatMap(({ holderIds, productIds }, asked) =>
    productIds ? holderIds.map((holderId) => ({ asked, holderId })) : [],
  );
  if (holders.length === 0) return [];
  const products = [...new Set(holders.map(({ asked }) => asked))].flatMap((asked) =>
    [...wanted[asked]!.productIds!, ANY_PRODUCT].map((productId) => ({ asked, productId })),
  );
  // Index scans whatever the planner believes, here and below: while tables are empty, or right after a bulk load, it takes
  // them for small, and would read all of them for a plain join.
  const { rows } = await pool.query<HeldRow>({
    name: 'registry.candidates',
    text: `
      WITH touched AS MATERIALIZED (
        SELECT b.asked, array_agg(DISTINCT t.offer_id) AS offer_ids
        FROM unnest($3::int[], $4::text[]) AS b (asked, product_id)
        CROSS JOIN LATERAL (SELECT offer_id FROM offer_product WHERE product_id = b.product_id OFFSET 0) AS t
        GROUP BY b.asked
      )
      SELECT h.asked, c.*
      FROM unnest($1::int[], $2::uuid[]) AS h (asked, holder_id)
      JOIN touched USING (asked)
      CROSS JOIN LATERAL (${COUPONS} AND offer_id = ANY (touched.offer_ids) OFFSET 0) AS c`,
    values: [
      holders.map(({ asked }) => asked),
      holders.map(({ holderId }) => holderId),
      products.map(({ asked }) => asked),
      products.map(({ productId }) => productId),
    ],
  });
  return rows;
}

async function allHeld(pool: pg.Pool, wanted: readonly Wanted[]): Promise<HeldRow[]> {
  const holders = wanted.flatMap(({ holderIds, productIds }, asked) =>
    productIds ? [] : holderIds.map((holderId) => ({ asked, holderId })),
  );
  if (holders.length === 0) return [];
  const { rows } = await pool.query<HeldRow>({
    name: 'registry.coupons-held',
    text: `SELECT h.asked, c.* FROM unnest($1::int[], $2::uuid[]) AS h (asked, holder_id)
           CROSS JOIN LATERAL (${COUPONS} OFFSET 0) AS c`,
    values: [holders.map(({ asked }) => asked), holders.map(({ holderId }) => holderId)],
  });
  return rows;
}

/** What the limits of these candidates leave; asks nothing when no offer of theirs is limited. */
export async function readAllowances(pool: pg.Pool, candidates: readonly Candidate[]): Promise<Allowances> {
  const inTotal = candidates.filter(({ offer }) => escrowsOf(offer.limits).length > 0);
  const byHolder = candidates.filter(({ offer }) => offer.limits.usesPerHolder !== undefined);
  const [left, usesByHolder] = await Promise.all([readEscrow(pool, inTotal), readUsage(pool, byHolder)]);
  return { budgetLeft: left.budget, usesLeft: left.uses, usesByHolder };
}

async function readEscrow(
  pool: pg.Pool,
  candidates: readonly Candidate[],
): Promise<Record<EscrowKind, Map<string, bigint>>> {
  const left = { budget: new Map<string, bigint>(), uses: new Map<string, bigint>() };
  for (const { offer } of candidates) {
    for (const { kind } of escrowsOf(offer.limits)) left[kind].set(offer.offerId, 0n);
  }
  if (candidates.length === 0) return left;
  const { rows } = await pool.query<{ offer_id: string; kind: EscrowKind; remaining: bigint }>({
    name: 'registry.escrow-left',
    text: `SELECT offer_id, kind, sum(remaining)::int8 AS remaining FROM escrow_slot
           WHERE offer_id = ANY ($1::uuid[]) GROUP BY offer_id, kind`,
    values: [[...new Set(candidates.map(({ offer }) => offer.offerId))]],
  });
  for (const { offer_id, kind, remaining } of rows) left[kind].set(offer_id, remaining);
  return left;
}

async function readUsage(pool: pg.Pool, candidates: readonly Candidate[]): Promise<Map<string, number>> {
  if (candidates.length === 0) return new Map();
  const pairs = new Map(
    candidates.map((candidate) => [holderOffer(candidate.holderId, candidate.offer.offerId), candidate]),
  );
  const { rows } = await pool.query<{ holder_id: string; offer_id: string; uses: number }>({
    name: 'registry.usage',
    text: `SELECT w.holder_id, w.offer_id, u.uses
           FROM unnest($1::uuid[], $2::uuid[]) AS w (holder_id, offer_id)
           CROSS JOIN LATERAL (
             SELECT held + used AS uses FROM coupon_usage
             WHERE holder_id = w.holder_id AND offer_id = w.offer_id OFFSET 0
           ) AS u`,
    values: [
      [...pairs.values()].map(({ holderId }) => holderId),
      [...pairs.values()].map(({ offer }) => offer.offerId),
    ],
  });
  return new Map(rows.map(({ holder_id, offer_id, uses }) => [holderOffer(holder_id, offer_id), uses]));
}
