import { ScanAbandonedV1, ScanGrantedV1, ScanRolledBackV1 } from '@couplet/contracts';
import type { OutboxEvent } from '@couplet/outbox';
import type { GrantedSale, ScanRow } from './scan-row.ts';

/** What is told of scans. */
export type ScanEvent = OutboxEvent<typeof ScanGrantedV1 | typeof ScanAbandonedV1 | typeof ScanRolledBackV1>;

export function grantedEvent(sale: GrantedSale, now: Date): ScanEvent {
  return { contract: ScanGrantedV1, payload: { ...sale, grantedAt: now.toISOString() } };
}

export function abandonedEvent(settlementId: string, now: Date): ScanEvent {
  return { contract: ScanAbandonedV1, payload: { settlementId, abandonedAt: now.toISOString() } };
}

/** Of a scan that is not decided nobody here knows the coupons. */
export function rolledBackEvent(
  row: Pick<ScanRow, 'settlement_id' | 'scan_id' | 'store_id' | 'sale'>,
  now: Date,
): ScanEvent {
  const payload = {
    ...{ settlementId: row.settlement_id, scanId: row.scan_id!, storeId: row.store_id! },
    couponIds: row.sale?.coupons.map(({ couponId }) => couponId) ?? [],
    rolledBackAt: now.toISOString(),
  };
  return { contract: ScanRolledBackV1, payload };
}
