import {
  SettlementAbandonedV1,
  SettlementGrantedV1,
  SettlementRefundedV1,
  SettlementRolledBackV1,
} from '@couplet/contracts';
import { type EventContext, OnEvent } from '@couplet/nats';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { SettlementEnd } from '../domain/settlement-end.ts';
import { EndApplier } from './end-applier.ts';

/** The inbox: how settlements end, in whatever order and however often that is told. */
@Controller()
export class SettlementsController {
  constructor(@Inject(EndApplier) private readonly ends: EndApplier) {}

  @OnEvent(SettlementGrantedV1)
  async granted(@Payload() event: SettlementGrantedV1, @Ctx() { eventId }: EventContext): Promise<void> {
    const couponIds = event.coupons.map(({ couponId }) => couponId);
    await this.end('granted', eventId, event.settlementId, { kind: 'granted', couponIds });
  }

  @OnEvent(SettlementAbandonedV1)
  async abandoned(@Payload() event: SettlementAbandonedV1, @Ctx() { eventId }: EventContext): Promise<void> {
    await this.end('abandoned', eventId, event.settlementId, { kind: 'abandoned' });
  }

  @OnEvent(SettlementRolledBackV1)
  async rolledBack(
    @Payload() event: SettlementRolledBackV1,
    @Ctx() { eventId }: EventContext,
  ): Promise<void> {
    await this.end('rolled-back', eventId, event.settlementId, {
      kind: 'rolled-back',
      keptCouponIds: event.keptCouponIds ?? [],
      at: event.rolledBackAt,
    });
  }

  @OnEvent(SettlementRefundedV1)
  async refunded(@Payload() event: SettlementRefundedV1, @Ctx() { eventId }: EventContext): Promise<void> {
    const { settlementId, couponIds, refundedAt: at } = event;
    await this.end('rolled-back', eventId, settlementId, { kind: 'given-back', couponIds, at });
  }

  private async end(
    step: 'granted' | 'abandoned' | 'rolled-back',
    eventId: string,
    settlementId: string,
    end: SettlementEnd,
  ): Promise<void> {
    await this.ends.apply({ eventId, settlementId, step, end });
  }
}
