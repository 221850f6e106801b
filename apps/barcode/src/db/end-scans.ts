import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { SCAN_COLUMNS, type ScanName, type ScanRow, SELECT_WANTED, wantedValues } from './scan-row.ts';

export async function findScan(
  pool: pg.Pool,
  { caller, storeId, scanId }: ScanName,
): Promise<ScanRow | undefined> {
  const { rows } = await pool.query<ScanRow>({
    name: 'barcode.scan',
    text: `SELECT ${SCAN_COLUMNS} FROM scan WHERE store_id = $1 AND scan_id = $2 AND caller = $3`,
    values: [storeId, scanId, caller],
  });
  return rows[0];
}

/** Writes as void those that are not known yet. */
export async function voidUnknown(client: pg.PoolClient, names: readonly ScanName[]): Promise<void> {
  if (names.length === 0) return;
  await client.query({
    name: 'barcode.void-unknown',
    text: `INSERT INTO scan (settlement_id, caller, store_id, scan_id, state, reason)
           SELECT settlement_id, caller, store_id, scan_id, 'abandoned', 'voided'
           FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[]) AS v (settlement_id, caller, store_id, scan_id)
           ORDER BY store_id, scan_id, caller
           ON CONFLICT DO NOTHING`,
    values: [
      names.map(() => uuidv7()),
      names.map(({ caller }) => caller),
      names.map(({ storeId }) => storeId),
      names.map(({ scanId }) => scanId),
    ],
  });
}

/** Locks scans against every other end, in one order, so that two that end many never wait for each other. */
export async function lockScans(
  client: pg.PoolClient,
  settlementIds: readonly string[],
  names: readonly ScanName[],
): Promise<ScanRow[]> {
  const { rows } = await client.query<ScanRow>({
    name: 'barcode.lock-scans',
    text: `${SELECT_WANTED} ORDER BY settlement_id FOR UPDATE`,
    values: wantedValues(settlementIds, names),
  });
  return rows;
}

/**
 * Keeps scans as they are now. A picture that was not used after all may be scanned again; a step of a rotating code is
 * gone for good.
 */
export async function keepMoves(client: pg.PoolClient, scans: readonly ScanRow[]): Promise<void> {
  if (scans.length === 0) return;
  await client.query({
    name: 'barcode.move-scans',
    text: `WITH moved AS (
             UPDATE scan s SET state = m.state, reason = m.reason
             FROM unnest($1::uuid[], $2::text[], $3::text[]) AS m (settlement_id, state, reason)
             WHERE s.settlement_id = m.settlement_id AND s.settlement_id = ANY ($1)
             RETURNING s.settlement_id, s.code_id, s.state
           ), closed AS (
             DELETE FROM asked_scan WHERE settlement_id = ANY (ARRAY (SELECT settlement_id FROM moved))
           )
           DELETE FROM code_use u USING moved m
           WHERE m.state <> 'granted' AND u.code_id = m.code_id AND u.step = 0 AND u.settlement_id = m.settlement_id
             AND u.code_id = ANY (ARRAY (SELECT code_id FROM moved))`,
    values: [
      scans.map(({ settlement_id }) => settlement_id),
      scans.map(({ state }) => state),
      scans.map(({ reason }) => reason),
    ],
  });
}

/** Scans that were asked for so long ago that their handler has given up or died. */
export async function findUndecided(pool: pg.Pool, olderThanMs: number, limit: number): Promise<string[]> {
  const { rows } = await pool.query<{ settlement_id: string }>({
    name: 'barcode.undecided',
    text: `SELECT settlement_id FROM asked_scan WHERE since < now() - $1 * interval '1 millisecond' LIMIT $2`,
    values: [olderThanMs, limit],
  });
  return rows.map(({ settlement_id }) => settlement_id);
}
