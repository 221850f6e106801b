import { type AcquireCouponsV1, ProblemError } from '@couplet/contracts';
import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';

export type Acquisition = z.output<typeof AcquireCouponsV1.request> & {
  /** Of an acquisition by code: issuance has checked that the offer was live when it gave the code away. */
  code?: string;
};
export type AcquiredCoupon = z.output<typeof AcquireCouponsV1.reply>['coupons'][number];

/** The offer of `a`, looked up by itself: planned while there are no offers, a join would read all that come later. */
const OFFER = `
  SELECT offer_id, valid_to, (SELECT state FROM offer_standing s WHERE s.offer_id = offer.offer_id) AS state
  FROM offer WHERE offer_id = a.offer_id OFFSET 0`;

/**
 * Gives a holder one coupon of each offer.
 *
 * @returns the coupons, and whether they are new: a repeat gets those of the first time
 * @throws ProblemError `not-found` for an unknown holder, or offers that are unknown, not approved, stopped, or over when
 *   acquired; `attempt-conflict` for an acquisitionId used before for something else
 */
export async function acquire(
  client: pg.PoolClient,
  acquisition: Acquisition,
): Promise<{ coupons: AcquiredCoupon[]; isNew: boolean }> {
  const { acquisitionId, holderId, channel, acquiredAt, offerIds, code } = acquisition;
  const couponIds = offerIds.map(() => uuidv7());
  const { rowCount: isNew } = await client.query({
    name: 'registry.acquire',
    text: `INSERT INTO acquisition (acquisition_id, holder_id, channel, acquired_at, offer_ids, coupon_ids, code)
           SELECT $1, holder_id, $3, $4, $5, $6, $7 FROM holder WHERE holder_id = $2
           ON CONFLICT DO NOTHING`,
    values: [acquisitionId, holderId, channel, acquiredAt, offerIds, couponIds, code],
  });
  if (!isNew) return { coupons: await repeated(client, acquisition), isNew: false };

  const { rowCount: added } = await client.query({
    name: 'registry.add-coupons',
    text: `INSERT INTO coupon (coupon_id, holder_id, offer_id, acquisition_id)
           SELECT a.coupon_id, $3, a.offer_id, $4
           FROM unnest($1::uuid[], $2::uuid[]) AS a (coupon_id, offer_id)
           CROSS JOIN LATERAL (${OFFER}) AS o
           WHERE $6 OR (o.valid_to > $5 AND coalesce(o.state, 'going-on') = 'going-on')
           ORDER BY a.offer_id`,
    values: [couponIds, offerIds, holderId, acquisitionId, acquiredAt, code !== undefined],
  });
  if (added !== offerIds.length) throw await notLive(client, acquisition);
  return { coupons: zip(offerIds, couponIds), isNew: true };
}

async function repeated(client: pg.PoolClient, acquisition: Acquisition): Promise<AcquiredCoupon[]> {
  const { acquisitionId, holderId, channel, acquiredAt, offerIds, code } = acquisition;
  const { rows } = await client.query<{ same: boolean; offer_ids: string[]; coupon_ids: string[] }>({
    name: 'registry.acquisition',
    text: `SELECT (holder_id, channel, acquired_at, offer_ids) = ($2::uuid, $3, $4::timestamptz, $5::uuid[])
                    AND code IS NOT DISTINCT FROM $6 AS same,
                  offer_ids, coupon_ids
           FROM acquisition WHERE acquisition_id = $1`,
    values: [acquisitionId, holderId, channel, acquiredAt, offerIds, code],
  });
  const stored = rows[0];
  if (!stored) throw new ProblemError('not-found', `there is no holder ${holderId}`);
  if (!stored.same)
    throw new ProblemError('attempt-conflict', `acquisition ${acquisitionId} was made with another body`);
  return zip(stored.offer_ids, stored.coupon_ids);
}

async function notLive(client: pg.PoolClient, { offerIds, acquiredAt }: Acquisition): Promise<ProblemError> {
  const { rows } = await client.query<{ offer_id: string; position: bigint; why: string }>({
    name: 'registry.offers-not-live',
    text: `SELECT * FROM (
             SELECT a.offer_id, a.position, CASE
               WHEN o.offer_id IS NULL THEN 'is not live'
               WHEN o.valid_to <= $2 THEN 'is over'
               WHEN o.state = 'paused' THEN 'is paused'
               WHEN o.state = 'ended' THEN 'has ended' END AS why
             FROM unnest($1::uuid[]) WITH ORDINALITY AS a (offer_id, position)
             LEFT JOIN LATERAL (${OFFER}) AS o ON true) AS asked
           WHERE why IS NOT NULL ORDER BY position`,
    values: [offerIds, acquiredAt],
  });
  const errors = rows.map(({ offer_id, position, why }) => ({
    field: `offerIds[${position - 1n}]`,
    detail: `offer ${offer_id} ${why}`,
  }));
  return new ProblemError('not-found', `${rows.length} of the offers are not live`, errors);
}

function zip(offerIds: string[], couponIds: string[]): AcquiredCoupon[] {
  return offerIds.map((offerId, index) => ({ offerId, couponId: couponIds[index]! }));
}
