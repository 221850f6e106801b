import { ScanGrantedV1, type ScanReason } from '@couplet/contracts';
import type { z } from 'zod';
import type { Sale, ScanCommand, ScanOutcome } from '../domain/scan.ts';

/** What is kept of a scan with a discount: the event that tells of its grant, but for when that is. */
const StoredSale = ScanGrantedV1.payload.omit({ grantedAt: true });
export type StoredSale = z.input<typeof StoredSale>;

export interface ScanRow {
  settlement_id: string;
  scan_id: string | null;
  state: ScanOutcome['state'];
  reason: ScanReason | null;
  code_id: string | null;
  confirm_by: Date | null;
  sale: StoredSale | null;
}

export const SCAN_COLUMNS = 'settlement_id, scan_id, state, reason, code_id, confirm_by, sale';

export function storedSale({ request, settlementId }: ScanCommand, sale: Sale): StoredSale {
  const { scanId, storeId, terminalId, scannedAt, purpose } = request;
  return StoredSale.encode({ settlementId, scanId, storeId, terminalId, scannedAt, purpose, ...sale });
}

/** The event of a grant made now. */
export function grantedEvent(sale: StoredSale, grantedAt: Date) {
  const payload = { ...StoredSale.decode(sale), grantedAt: grantedAt.toISOString() };
  return { contract: ScanGrantedV1, payload };
}

export function outcomeOf(row: ScanRow): ScanOutcome {
  switch (row.state) {
    case 'refused':
    case 'abandoned':
    case 'rolled-back':
      return { state: row.state, reason: row.reason ?? 'timed-out' };
    case 'granted':
      return { state: 'granted', sale: saleOf(row.sale!) };
    case 'held':
      return { state: 'held', sale: saleOf(row.sale!), confirmBy: row.confirm_by! };
  }
}

function saleOf(stored: StoredSale): Sale {
  const { codeId, holderId, currency, discount, credit, lines, coupons } = StoredSale.decode(stored);
  return { codeId, holderId, step: 0, currency, discount, credit, lines, coupons };
}
