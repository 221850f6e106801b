import { ResolveScanV1 } from '@couplet/contracts';
import type { RequestClient } from '@couplet/nats';
import type { SettlementEnd } from '../domain/settlement-end.ts';

/** Longer than barcode needs to decide; shorter than the first back-off. */
const TIMEOUT_MS = 1_500;

/** The one that knows how the settlements of scanned bar codes end. */
export class BarcodeScans {
  constructor(
    private readonly client: Pick<RequestClient, 'request'>,
    private readonly now: () => Date = () => new Date(),
  ) {}

  /** @throws whatever kept the answer away; then nothing is known, and nothing may be freed */
  async resolve(settlementId: string): Promise<SettlementEnd> {
    const { decision, couponIds } = await this.client.request(
      ResolveScanV1,
      { settlementId },
      { timeoutMs: TIMEOUT_MS },
    );
    switch (decision) {
      case 'granted':
        return { kind: 'granted', couponIds };
      case 'abandoned':
        return { kind: 'abandoned' };
      case 'cancelled':
        return { kind: 'rolled-back', keptCouponIds: [], at: this.now().toISOString() };
    }
  }
}
