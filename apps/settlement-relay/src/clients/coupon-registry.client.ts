import { ReserveCouponsV1 } from '@couplet/contracts';
import { RequestTimeout, type RequestClient } from '@couplet/nats';
import type { Logger } from 'pino';
import type { CouponAnswer } from '../domain/next-step.ts';
import type { CouponRegistry, ReserveCommand } from '../domain/settle-deps.ts';

/** The coupon search, over NATS. Whatever goes wrong costs the shopper the coupon and not the sale. */
export class CouponRegistryClient implements CouponRegistry {
  constructor(
    private readonly client: RequestClient,
    private readonly logger: Logger,
  ) {}

  async reserve({ usefulUntil, traceparent, ...command }: ReserveCommand): Promise<CouponAnswer> {
    const { settlementId, media, lines } = command;
    try {
      const reply = await this.client.request(
        ReserveCouponsV1,
        {
          ...command,
          media: [...media],
          lines: [...lines],
          presentedAt: command.presentedAt.toISOString(),
          resolveAt: command.resolveAt.toISOString(),
        },
        { timeoutMs: Math.max(1, usefulUntil.getTime() - Date.now()), traceparent },
      );
      const { couponSearch, coupons } = reply;
      return couponSearch === 'found' ? { couponSearch, coupons } : { couponSearch };
    } catch (error) {
      const couponSearch = error instanceof RequestTimeout ? 'late' : 'unavailable';
      const reason = error instanceof Error ? error.name : typeof error;
      this.logger.warn({ settlementId, couponSearch, reason }, 'settling without a coupon search');
      return { couponSearch };
    }
  }
}
