import type pg from 'pg';
import type { Candidate } from '../domain/candidate.ts';
import type { EscrowKind } from '../domain/escrow.ts';
import { escrowsOf } from '../domain/escrow.ts';
import { type Allowances, holderOffer } from '../domain/limits.ts';
import { ANY_PRODUCT } from '../domain/offer.ts';
import type { OfferCache } from './offers.ts';

/**
 * Coupons with uses left of these holders; with products, only those whose offer touches one of them or requires none.
 *
 * Goes from the products to their offers to the coupons, so that what a holder has beyond the basket costs nothing.
 */
export async function findCandidates(
  client: pg.ClientBase,
  offers: OfferCache,
  wanted: {
    holderIds: readonly string[];
    productIds?: readonly string[] | undefined;
    /** Only these of their coupons. */
    couponIds?: readonly string[] | undefined;
  },
): Promise<Candidate[]> {
  const { holderIds, productIds } = wanted;
  const couponIds = wanted.couponIds && new Set(wanted.couponIds);
  if (holderIds.length === 0) return [];
  const { rows: held } = await client.query<{ coupon_id: string; holder_id: string; offer_id: string }>(
    productIds
      ? {
          name: 'registry.candidates',
          text: TOUCHING_BASKET,
          values: [holderIds, [...productIds, ANY_PRODUCT]],
        }
      : { name: 'registry.coupons-held', text: ALL_HELD, values: [holderIds] },
  );
  const rows = couponIds ? held.filter(({ coupon_id }) => couponIds.has(coupon_id)) : held;
  const known = await offers.get(client, [...new Set(rows.map(({ offer_id }) => offer_id))]);
  return rows.flatMap(({ coupon_id, holder_id, offer_id }) => {
    const offer = known.get(offer_id);
    return offer ? [{ couponId: coupon_id, holderId: holder_id, offer }] : [];
  });
}

const GOES_ON = `NOT EXISTS (
    SELECT FROM offer_standing s WHERE s.offer_id = coupon.offer_id AND s.state <> 'going-on')`;

// Two index scans whatever the planner believes: right after a bulk load it has no statistics, and would read all of
// offer_product for a plain `product_id = ANY`.
const TOUCHING_BASKET = `
  SELECT coupon_id, holder_id, offer_id FROM coupon
  WHERE holder_id = ANY ($1::uuid[]) AND uses_left > 0 AND ${GOES_ON}
    AND offer_id = ANY (ARRAY(
      SELECT touched.offer_id FROM unnest($2::text[]) AS basket (product_id)
      CROSS JOIN LATERAL (SELECT offer_id FROM offer_product WHERE product_id = basket.product_id OFFSET 0) AS touched))`;

const ALL_HELD = `
  SELECT coupon_id, holder_id, offer_id FROM coupon
  WHERE holder_id = ANY ($1::uuid[]) AND uses_left > 0 AND ${GOES_ON}`;

/** What the limits of these candidates leave; asks nothing when no offer of theirs is limited. */
export async function readAllowances(
  client: pg.ClientBase,
  candidates: readonly Candidate[],
): Promise<Allowances> {
  const inTotal = candidates.filter(({ offer }) => escrowsOf(offer.limits).length > 0);
  const byHolder = candidates.filter(({ offer }) => offer.limits.usesPerHolder !== undefined);
  const left = await readEscrow(client, inTotal);
  return {
    budgetLeft: left.budget,
    usesLeft: left.uses,
    usesByHolder: await readUsage(client, byHolder),
  };
}

async function readEscrow(
  client: pg.ClientBase,
  candidates: readonly Candidate[],
): Promise<Record<EscrowKind, Map<string, bigint>>> {
  const left = { budget: new Map<string, bigint>(), uses: new Map<string, bigint>() };
  for (const { offer } of candidates) {
    for (const { kind } of escrowsOf(offer.limits)) left[kind].set(offer.offerId, 0n);
  }
  if (candidates.length === 0) return left;
  const { rows } = await client.query<{ offer_id: string; kind: EscrowKind; remaining: bigint }>({
    name: 'registry.escrow-left',
    text: `SELECT offer_id, kind, sum(remaining)::int8 AS remaining FROM escrow_slot
           WHERE offer_id = ANY ($1::uuid[]) GROUP BY offer_id, kind`,
    values: [[...new Set(candidates.map(({ offer }) => offer.offerId))]],
  });
  for (const { offer_id, kind, remaining } of rows) left[kind].set(offer_id, remaining);
  return left;
}

async function readUsage(
  client: pg.ClientBase,
  candidates: readonly Candidate[],
): Promise<Map<string, number>> {
  if (candidates.length === 0) return new Map();
  const { rows } = await client.query<{ holder_id: string; offer_id: string; uses: number }>({
    name: 'registry.usage',
    text: `SELECT holder_id, offer_id, held + used AS uses FROM coupon_usage
           WHERE holder_id = ANY ($1::uuid[]) AND offer_id = ANY ($2::uuid[])`,
    values: [
      [...new Set(candidates.map(({ holderId }) => holderId))],
      [...new Set(candidates.map(({ offer }) => offer.offerId))],
    ],
  });
  return new Map(rows.map(({ holder_id, offer_id, uses }) => [holderOffer(holder_id, offer_id), uses]));
}
