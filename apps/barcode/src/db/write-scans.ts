import type { ScanReason } from '@couplet/contracts';
import type pg from 'pg';
import type { ScanCommand } from '../domain/scan.ts';
import { type GrantedSale, storedSale } from './scan-row.ts';

/** A scan that may be granted, or held for its store until it confirms. */
export interface Decision {
  command: ScanCommand;
  sale: GrantedSale;
  /** Second at which the step of its code began; 0 of a code of a single use. */
  step: number;
  /** Of an on-confirm scan. */
  confirmBy?: Date;
}

export interface Refusal {
  command: ScanCommand;
  codeId: string;
  reason: ScanReason;
}

/**
 * Writes scans and uses of their codes; of two that use one code, the one that comes first.
 *
 * @returns settlements: `won` are the first to use their code, `lost` are not; in neither: the scan was decided before
 */
export async function writeDecisions(
  client: pg.PoolClient,
  decisions: readonly Decision[],
): Promise<{ won: Set<string>; lost: Set<string> }> {
  const { rows } = await client.query<{ settlement_id: string; is_first: boolean }>({
    name: 'barcode.decide',
    text: `
      WITH input AS (
        SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::uuid[], $6::int8[],
          $7::timestamptz[], $8::timestamptz[], $9::jsonb[]) WITH ORDINALITY
          AS i (settlement_id, caller, store_id, scan_id, code_id, step, scanned_at, confirm_by, sale, position)
      ), written AS (
        INSERT INTO scan (settlement_id, caller, store_id, scan_id, state, code_id, scanned_at, confirm_by, sale)
        SELECT settlement_id, caller, store_id, scan_id,
               CASE WHEN confirm_by IS NULL THEN 'granted' ELSE 'held' END, code_id, scanned_at, confirm_by, sale
        FROM input ORDER BY settlement_id, position
        ON CONFLICT DO NOTHING RETURNING settlement_id
      ), used AS (
        INSERT INTO code_use (code_id, step, settlement_id)
        SELECT code_id, step, settlement_id FROM input JOIN written USING (settlement_id)
        ORDER BY code_id, step, position
        ON CONFLICT DO NOTHING RETURNING settlement_id
      )
      SELECT w.settlement_id, u.settlement_id IS NOT NULL AS is_first
      FROM written w LEFT JOIN used u USING (settlement_id)`,
    values: [
      decisions.map(({ command }) => command.settlementId),
      decisions.map(({ command }) => command.caller),
      decisions.map(({ command }) => command.request.storeId),
      decisions.map(({ command }) => command.request.scanId),
      decisions.map(({ sale }) => sale.codeId),
      decisions.map(({ step }) => step),
      decisions.map(({ command }) => command.request.scannedAt),
      decisions.map(({ confirmBy }) => confirmBy ?? null),
      decisions.map(({ sale }) => storedSale(sale)),
    ],
  });
  const settlements = (isFirst: boolean) =>
    new Set(rows.filter(({ is_first }) => is_first === isFirst).map(({ settlement_id }) => settlement_id));
  return { won: settlements(true), lost: settlements(false) };
}

/** Their code was used between verification and decision; what they reserved is free. */
export async function giveUp(client: pg.PoolClient, settlementIds: readonly string[]): Promise<void> {
  if (settlementIds.length === 0) return;
  await client.query({
    name: 'barcode.give-up',
    text: `UPDATE scan SET state = 'refused', reason = 'already-used', confirm_by = NULL, sale = NULL
           WHERE settlement_id = ANY ($1::uuid[])`,
    values: [settlementIds],
  });
}

/** @returns the settlements that were not decided before */
export async function writeRefusals(pool: pg.Pool, refusals: readonly Refusal[]): Promise<Set<string>> {
  const { rows } = await pool.query<{ settlement_id: string }>({
    name: 'barcode.refuse',
    text: `INSERT INTO scan (settlement_id, caller, store_id, scan_id, state, reason, code_id, scanned_at)
           SELECT settlement_id, caller, store_id, scan_id, 'refused', reason, code_id, scanned_at
           FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::uuid[], $7::timestamptz[])
             AS r (settlement_id, caller, store_id, scan_id, reason, code_id, scanned_at)
           ORDER BY settlement_id
           ON CONFLICT DO NOTHING RETURNING settlement_id`,
    values: [
      refusals.map(({ command }) => command.settlementId),
      refusals.map(({ command }) => command.caller),
      refusals.map(({ command }) => command.request.storeId),
      refusals.map(({ command }) => command.request.scanId),
      refusals.map(({ reason }) => reason),
      refusals.map(({ codeId }) => codeId),
      refusals.map(({ command }) => command.request.scannedAt),
    ],
  });
  return new Set(rows.map(({ settlement_id }) => settlement_id));
}

/**
 * Writes the end of settlements that nothing is known of; a grant that comes later finds it.
 *
 * @returns those that nothing was known of
 */
export async function abandonUnknown(
  client: pg.PoolClient,
  settlementIds: readonly string[],
): Promise<string[]> {
  if (settlementIds.length === 0) return [];
  const { rows } = await client.query<{ settlement_id: string }>({
    name: 'barcode.abandon-unknown',
    text: `INSERT INTO scan (settlement_id, state)
           SELECT settlement_id, 'abandoned' FROM unnest($1::uuid[]) AS settlement_id ORDER BY settlement_id
           ON CONFLICT DO NOTHING RETURNING settlement_id`,
    values: [settlementIds],
  });
  return rows.map(({ settlement_id }) => settlement_id);
}
