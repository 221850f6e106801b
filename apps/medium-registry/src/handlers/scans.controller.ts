import { ScanAbandonedV1, ScanGrantedV1, ScanRolledBackV1 } from '@couplet/contracts';
import { type EventContext, OnEvent } from '@couplet/nats';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { EndApplier } from './end-applier.ts';

/** The inbox of scanned bar codes: their settlements end like all others. */
@Controller()
export class ScansController {
  constructor(@Inject(EndApplier) private readonly ends: EndApplier) {}

  @OnEvent(ScanGrantedV1)
  async granted(@Payload() event: ScanGrantedV1, @Ctx() { eventId }: EventContext): Promise<void> {
    const couponIds = event.coupons.map(({ couponId }) => couponId);
    const { settlementId } = event;
    const end = { kind: 'granted', couponIds } as const;
    await this.ends.apply({ eventId, settlementId, step: 'granted', end });
  }

  @OnEvent(ScanAbandonedV1)
  async abandoned(@Payload() event: ScanAbandonedV1, @Ctx() { eventId }: EventContext): Promise<void> {
    const { settlementId } = event;
    const end = { kind: 'abandoned' } as const;
    await this.ends.apply({ eventId, settlementId, step: 'abandoned', end });
  }

  @OnEvent(ScanRolledBackV1)
  async rolledBack(@Payload() event: ScanRolledBackV1, @Ctx() { eventId }: EventContext): Promise<void> {
    const { settlementId, rolledBackAt: at } = event;
    const end = { kind: 'rolled-back', keptCouponIds: [], at } as const;
    await this.ends.apply({ eventId, settlementId, step: 'rolled-back', end });
  }
}
