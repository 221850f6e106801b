import type { ScanReason } from '@couplet/contracts';
import type pg from 'pg';
import type { CodeUse, ScanCommand } from '../domain/scan.ts';
import { type GrantedSale, storedSale } from './scan-row.ts';

/** A scan that wants to use its code: to ask for its coupons, or to hold those that are reserved until its store confirms. */
export interface Wanting {
  command: ScanCommand;
  codeUse: CodeUse;
  /** Of an on-confirm scan. */
  held?: { sale: GrantedSale; confirmBy: Date };
}

/** A scan that asked for its coupons, and what came of it. */
export interface Finishing {
  command: ScanCommand;
  verdict: { sale: GrantedSale } | { reason: ScanReason };
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
export async function writeWanting(
  client: pg.PoolClient,
  wanting: readonly Wanting[],
): Promise<{ won: Set<string>; lost: Set<string> }> {
  const { rows } = await client.query<{ settlement_id: string; is_first: boolean }>({
    name: 'barcode.want',
    text: `
      WITH input AS (
        SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::uuid[], $6::int8[],
          $7::timestamptz[], $8::timestamptz[], $9::jsonb[]) WITH ORDINALITY
          AS i (settlement_id, caller, store_id, scan_id, code_id, step, scanned_at, confirm_by, sale, position)
      ), written AS (
        INSERT INTO scan (settlement_id, caller, store_id, scan_id, state, code_id, scanned_at, confirm_by, sale)
        SELECT settlement_id, caller, store_id, scan_id,
               CASE WHEN confirm_by IS NULL THEN 'asked' ELSE 'held' END, code_id, scanned_at, confirm_by, sale
        FROM input ORDER BY settlement_id, position
        ON CONFLICT DO NOTHING RETURNING settlement_id
      ), used AS (
        INSERT INTO code_use (code_id, step, settlement_id)
        SELECT code_id, step, settlement_id FROM input JOIN written USING (settlement_id)
        ORDER BY code_id, step, position
        ON CONFLICT DO NOTHING RETURNING settlement_id
      ), asked AS (
        INSERT INTO asked_scan (settlement_id)
        SELECT settlement_id FROM input JOIN used USING (settlement_id) WHERE confirm_by IS NULL
      )
      SELECT w.settlement_id, u.settlement_id IS NOT NULL AS is_first
      FROM written w LEFT JOIN used u USING (settlement_id)`,
    values: [
      wanting.map(({ command }) => command.settlementId),
      wanting.map(({ command }) => command.caller),
      wanting.map(({ command }) => command.request.storeId),
      wanting.map(({ command }) => command.request.scanId),
      wanting.map(({ codeUse }) => codeUse.codeId),
      wanting.map(({ codeUse }) => codeUse.step),
      wanting.map(({ command }) => command.request.scannedAt),
      wanting.map(({ held }) => held?.confirmBy ?? null),
      wanting.map(({ held }) => held && storedSale(held.sale)),
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

/**
 * Writes what came of scans that asked; a code whose coupons were not to be had may be scanned again. Locks in no order: two
 * batches share scans only where one is repeated, and those that wait for each other in vain run again one by one.
 *
 * @returns the settlements that nobody had ended meanwhile
 */
export async function writeFinished(pool: pg.Pool, finishing: readonly Finishing[]): Promise<Set<string>> {
  const { rows } = await pool.query<{ settlement_id: string }>({
    name: 'barcode.finish',
    text: `
      WITH input AS (
        SELECT * FROM unnest($1::uuid[], $2::text[], $3::jsonb[]) AS i (settlement_id, reason, sale)
      ), moved AS (
        UPDATE scan s SET state = CASE WHEN i.sale IS NULL THEN 'refused' ELSE 'granted' END, reason = i.reason, sale = i.sale
        FROM input i
        WHERE s.settlement_id = i.settlement_id AND s.settlement_id = ANY ($1) AND s.state = 'asked'
        RETURNING s.settlement_id, s.code_id, s.state
      ), closed AS (
        DELETE FROM asked_scan WHERE settlement_id = ANY (ARRAY (SELECT settlement_id FROM moved))
      ), freed AS (
        DELETE FROM code_use u USING moved m
        WHERE m.state = 'refused' AND u.code_id = m.code_id AND u.settlement_id = m.settlement_id
          AND u.code_id = ANY (ARRAY (SELECT code_id FROM moved))
      )
      SELECT settlement_id FROM moved`,
    values: [
      finishing.map(({ command }) => command.settlementId),
      finishing.map(({ verdict }) => ('reason' in verdict ? verdict.reason : null)),
      finishing.map(({ verdict }) => ('sale' in verdict ? storedSale(verdict.sale) : null)),
    ],
  });
  return new Set(rows.map(({ settlement_id }) => settlement_id));
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
