import { type AcquireByCodeV1, ProblemError } from '@couplet/contracts';
import type pg from 'pg';
import type { z } from 'zod';

/** An acquisition whose code is being asked of issuance. */
export type CodeClaim = z.output<typeof AcquireByCodeV1.request>;
export type CodeCoupon = z.output<typeof AcquireByCodeV1.reply>;

/**
 * Writes down that a code is going to be claimed, before it is: so a claim whose answer is lost is finished all the same.
 *
 * @returns the coupon, if the acquisition was made before
 * @throws ProblemError `not-found` for an unknown holder, `attempt-conflict` for an acquisitionId used for something else
 */
export async function openClaim(client: pg.ClientBase, claim: CodeClaim): Promise<CodeCoupon | undefined> {
  const { acquisitionId, holderId, channel, acquiredAt, code } = claim;
  const made = await stored(client, 'acquisition', claim);
  if (made) return { acquisitionId, couponId: made.coupon_ids[0]!, offerId: made.offer_ids[0]! };
  const { rowCount: opened } = await client.query({
    name: 'registry.open-claim',
    text: `INSERT INTO open_claim (acquisition_id, holder_id, channel, acquired_at, code, ask_at)
           SELECT $1, holder_id, $3, $4, $5, now() + interval '${FIRST_BACK_OFF}' FROM holder WHERE holder_id = $2
           ON CONFLICT DO NOTHING`,
    values: [acquisitionId, holderId, channel, acquiredAt, code],
  });
  // Open already, or closed a moment ago: then asking once more finds the same coupon.
  if (!opened && !(await stored(client, 'open_claim', claim))) await mustBeHolder(client, holderId);
  return undefined;
}

async function mustBeHolder(client: pg.ClientBase, holderId: string): Promise<void> {
  const { rowCount } = await client.query({
    name: 'registry.holder',
    text: 'SELECT FROM holder WHERE holder_id = $1',
    values: [holderId],
  });
  if (rowCount === 0) throw new ProblemError('not-found', `there is no holder ${holderId}`);
}

/** The claim is over: its coupon is there, or there will be none. */
export async function closeClaim(client: pg.ClientBase, acquisitionId: string): Promise<void> {
  await client.query({
    name: 'registry.close-claim',
    text: 'DELETE FROM open_claim WHERE acquisition_id = $1',
    values: [acquisitionId],
  });
}

/** Longer than the handler that opened the claim takes to finish it. */
const FIRST_BACK_OFF = '10 seconds';
const BACK_OFF_MAX = '5 minutes';

/** Claims to be finished now; each is hidden from others for a while that grows with every try. */
export async function leaseOpenClaims(pool: pg.Pool, limit: number): Promise<CodeClaim[]> {
  // An array, not a join: that, planned while nothing is open, would read all that is open later.
  const { rows } = await pool.query<ClaimRow>({
    name: 'registry.lease-open-claims',
    text: `
      UPDATE open_claim o
      SET asked = o.asked + 1,
          ask_at = now() + least(interval '${BACK_OFF_MAX}', interval '2 seconds' * power(2, least(o.asked, 10)))
      WHERE acquisition_id = ANY (ARRAY(
        SELECT acquisition_id FROM open_claim WHERE ask_at <= now()
        ORDER BY ask_at LIMIT $1 FOR UPDATE SKIP LOCKED))
      RETURNING o.acquisition_id, o.holder_id, o.channel, o.acquired_at, o.code`,
    values: [limit],
  });
  return rows.map((row) => ({
    acquisitionId: row.acquisition_id,
    holderId: row.holder_id,
    channel: row.channel,
    acquiredAt: row.acquired_at.toISOString(),
    code: row.code,
  }));
}

interface ClaimRow {
  acquisition_id: string;
  holder_id: string;
  channel: CodeClaim['channel'];
  acquired_at: Date;
  code: string;
}

async function stored(
  client: pg.ClientBase,
  table: 'acquisition' | 'open_claim',
  { acquisitionId, holderId, channel, acquiredAt, code }: CodeClaim,
): Promise<{ offer_ids: string[]; coupon_ids: string[] } | undefined> {
  const { rows } = await client.query<{ same: boolean; offer_ids: string[]; coupon_ids: string[] }>({
    name: `registry.claim-in-${table}`,
    text: `SELECT *, (holder_id, channel, acquired_at) = ($2::uuid, $3, $4::timestamptz)
             AND code IS NOT DISTINCT FROM $5 AS same
           FROM ${table} WHERE acquisition_id = $1`,
    values: [acquisitionId, holderId, channel, acquiredAt, code],
  });
  if (rows[0]?.same === false) {
    throw new ProblemError('attempt-conflict', `acquisition ${acquisitionId} was made with another body`);
  }
  return rows[0];
}
