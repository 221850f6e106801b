import { ResolveV1 } from '@couplet/contracts';
import type { RequestClient } from '@couplet/nats';
import type { SettlementEnd } from '../domain/settlement-end.ts';

/** Longer than the relay needs to decide; shorter than the first back-off. */
const TIMEOUT_MS = 1_500;

/** The one that knows how settlements end. */
export class SettlementRelay {
  constructor(
    private readonly client: Pick<RequestClient, 'request'>,
    private readonly now: () => Date = () => new Date(),
  ) {}

  /**
   * Asks for the end of a settlement, which the relay decides if it has not been.
   *
   * @throws whatever kept the answer away; then nothing is known, and nothing may be freed
   */
  async resolve(settlementId: string): Promise<SettlementEnd> {
    const {
      decision,
      couponIds,
      keptCouponIds = [],
    } = await this.client.request(ResolveV1, { settlementId }, { timeoutMs: TIMEOUT_MS });
    switch (decision) {
      case 'granted':
        return { kind: 'granted', couponIds };
      case 'abandoned':
        return { kind: 'abandoned' };
      case 'cancelled':
        return { kind: 'rolled-back', keptCouponIds, at: this.now().toISOString() };
    }
  }
}
