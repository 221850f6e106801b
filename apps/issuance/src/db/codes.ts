import type { ClaimCodeV1, ExportCodesV1 } from '@couplet/contracts';
import type pg from 'pg';
import type { z } from 'zod';

/** Writes those of the codes that nobody has yet, in the order given, and counts them. @returns how many */
export async function writeCodes(
  client: pg.ClientBase,
  batchId: string,
  codes: readonly string[],
): Promise<number> {
  const { rows } = await client.query<{ added: number }>({
    name: 'issuance.write-codes',
    text: `WITH added AS (
             INSERT INTO offer_code (code, batch_id) SELECT code, $1 FROM unnest($2::text[]) AS code
             ON CONFLICT DO NOTHING RETURNING 1
           )
           UPDATE code_batch SET written = written + (SELECT count(*) FROM added)
           WHERE batch_id = $1 RETURNING (SELECT count(*)::int FROM added) AS added`,
    values: [batchId, codes],
  });
  return rows[0]!.added;
}

/** A code from elsewhere, with the form in which it is looked up. */
export interface ImportedCode {
  code: string;
  shown: string;
}

/** @returns the codes that are new, and those that another batch has */
export async function importCodes(
  client: pg.ClientBase,
  batchId: string,
  codes: readonly ImportedCode[],
): Promise<{ added: Set<string>; foreign: Set<string> }> {
  const values = [batchId, codes.map(({ code }) => code), codes.map(({ shown }) => shown)];
  const { rows: added } = await client.query<{ code: string }>({
    name: 'issuance.import-codes',
    text: `WITH added AS (
             INSERT INTO offer_code (code, batch_id, shown)
             SELECT DISTINCT ON (code) code, $1::uuid, nullif(shown, code)
             FROM unnest($2::text[], $3::text[]) AS c (code, shown) ORDER BY code
             ON CONFLICT DO NOTHING RETURNING code
           ), counted AS (
             UPDATE code_batch SET (count, written) = (count + (SELECT count(*) FROM added), written + (SELECT count(*) FROM added))
             WHERE batch_id = $1
           )
           SELECT code FROM added`,
    values,
  });
  const { rows: foreign } = await client.query<{ code: string }>({
    name: 'issuance.foreign-codes',
    text: 'SELECT code FROM offer_code WHERE code = ANY ($2::text[]) AND batch_id <> $1',
    values: values.slice(0, 2),
  });
  return {
    added: new Set(added.map(({ code }) => code)),
    foreign: new Set(foreign.map(({ code }) => code)),
  };
}

/** A page of a batch, in the order of the codes as they are looked up. */
export async function exportCodes(
  client: pg.ClientBase | pg.Pool,
  { batchId, after = '', limit }: { batchId: string; after?: string | undefined; limit: number },
): Promise<z.output<typeof ExportCodesV1.reply>> {
  const { rows } = await client.query<{ shown: string; claimed_at: Date | null }>({
    name: 'issuance.export-codes',
    text: `SELECT coalesce(shown, code) AS shown, claimed_at FROM offer_code
           WHERE batch_id = $1 AND code > $2 ORDER BY code LIMIT $3`,
    values: [batchId, after, limit + 1],
  });
  return {
    codes: rows.slice(0, limit).map(({ shown, claimed_at }) => ({
      code: shown,
      ...(claimed_at && { claimedAt: claimed_at.toISOString() }),
    })),
    more: rows.length > limit,
  };
}

/** Claims a code by one conditional statement: of many at once one wins, and the winner wins again when it repeats. */
export async function claimCode(
  client: pg.ClientBase | pg.Pool,
  { claimId, code, at }: { claimId: string; code: string; at: string },
): Promise<z.output<typeof ClaimCodeV1.reply>> {
  const { rows: won } = await client.query<{ offer_id: string }>({
    name: 'issuance.claim-code',
    text: `UPDATE offer_code c SET claim_id = $1, claimed_at = now()
           FROM code_batch b JOIN offer o USING (offer_id)
           WHERE c.code = $2 AND c.claim_id IS NULL AND b.batch_id = c.batch_id
             AND o.state = 'approved' AND o.closes_at > $3
           RETURNING o.offer_id`,
    values: [claimId, code, at],
  });
  if (won[0]) return { outcome: 'claimed', offerId: won[0].offer_id };
  const { rows } = await client.query<{ claim_id: string | null; offer_id: string }>({
    name: 'issuance.claim-of-code',
    text: 'SELECT claim_id, offer_id FROM offer_code JOIN code_batch USING (batch_id) WHERE code = $1',
    values: [code],
  });
  const known = rows[0];
  if (!known) return { outcome: 'refused', reason: 'no-such-code' };
  if (known.claim_id === claimId.toLowerCase()) return { outcome: 'claimed', offerId: known.offer_id };
  return { outcome: 'refused', reason: known.claim_id === null ? 'offer-not-live' : 'already-used' };
}
