import { ScanGrantedV1, type ScanReason, wireOf } from '@couplet/contracts';
import type { z } from 'zod';
import type { Asked, Sale, ScanCommand, ScanOutcome } from '../domain/scan.ts';
import type { ScanState } from '../domain/scan-end.ts';

/** What is kept of a scan with a discount: the event that tells of its grant, but for when that is. */
const StoredSale = ScanGrantedV1.payload.omit({ grantedAt: true });
export type GrantedSale = z.output<typeof StoredSale>;

export interface ScanRow {
  settlement_id: string;
  caller: string | null;
  store_id: string | null;
  scan_id: string | null;
  state: ScanState;
  reason: ScanReason | null;
  code_id: string | null;
  confirm_by: Date | null;
  sale: z.input<typeof StoredSale> | null;
}

export const SCAN_COLUMNS =
  'settlement_id, caller, store_id, scan_id, state, reason, code_id, confirm_by, sale';

/** A scan as its store names it. */
export interface ScanName {
  caller: string;
  storeId: string;
  scanId: string;
}

/** Scans by settlement, and scans as their stores name them, by `wantedValues`. */
export const SELECT_WANTED = `
  SELECT ${SCAN_COLUMNS} FROM scan
  WHERE settlement_id = ANY ($1::uuid[] || ARRAY (
    SELECT found.settlement_id
    FROM unnest($2::text[], $3::uuid[], $4::text[]) AS named (store_id, scan_id, caller) CROSS JOIN LATERAL (
      SELECT settlement_id FROM scan s
      WHERE s.store_id = named.store_id AND s.scan_id = named.scan_id AND s.caller = named.caller LIMIT 1) AS found))`;

export function wantedValues(settlementIds: readonly string[], names: readonly ScanName[]): unknown[] {
  return [
    settlementIds,
    names.map(({ storeId }) => storeId),
    names.map(({ scanId }) => scanId),
    names.map(({ caller }) => caller),
  ];
}

export function isNamed(row: ScanRow, { caller, storeId, scanId }: ScanName): boolean {
  // PostgreSQL writes ids in small letters, however they came.
  return row.scan_id === scanId.toLowerCase() && row.store_id === storeId && row.caller === caller;
}

export function grantedSale({ request, settlementId }: ScanCommand, sale: Sale): GrantedSale {
  const { scanId, storeId, terminalId, scannedAt, purpose } = request;
  return { settlementId, scanId, storeId, terminalId, scannedAt, purpose, ...sale };
}

/** As it is kept, in JSON. */
export function storedSale(sale: GrantedSale): string {
  return wireOf(StoredSale, sale);
}

export function saleIn({ sale }: ScanRow): GrantedSale {
  return StoredSale.decode(sale!);
}

export function outcomeOf(row: ScanRow): ScanOutcome | Asked {
  switch (row.state) {
    case 'asked':
      return { state: 'asked', codeId: row.code_id! };
    case 'refused':
    case 'abandoned':
    case 'rolled-back':
      return { state: row.state, reason: row.reason ?? 'timed-out' };
    case 'granted':
      return { state: 'granted', sale: saleOf(row) };
    case 'held':
      return { state: 'held', sale: saleOf(row), confirmBy: row.confirm_by! };
  }
}

function saleOf(row: ScanRow): Sale {
  const { codeId, holderId, currency, discount, credit, lines, coupons } = saleIn(row);
  return { codeId, holderId, currency, discount, credit, lines, coupons };
}
