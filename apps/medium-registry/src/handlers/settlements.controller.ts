import { SettlementAbandonedV1, SettlementGrantedV1, SettlementRolledBackV1 } from '@couplet/contracts';
import { type EventContext, OnEvent } from '@couplet/nats';
import { type OutboxRelay, recordOnce } from '@couplet/outbox';
import { inTransaction } from '@couplet/postgres';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { endSettlement } from '../db/end-settlement.ts';
import type { Registry } from '../db/registry.ts';
import type { SettlementEnd } from '../domain/settlement-end.ts';
import { OUTBOX, REGISTRY } from './tokens.ts';

/** The inbox: how settlements end, in whatever order and however often that is told. */
@Controller()
export class SettlementsController {
  constructor(
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(OUTBOX) private readonly outbox: OutboxRelay,
  ) {}

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
      at: event.rolledBackAt,
    });
  }

  private async end(
    step: 'granted' | 'abandoned' | 'rolled-back',
    eventId: string,
    settlementId: string,
    end: SettlementEnd,
  ): Promise<void> {
    const { pool, offers, reached } = this.registry;
    await inTransaction(pool, async (client) => {
      if (!(await recordOnce(client, { consumer: 'medium-registry', eventId }))) return;
      await endSettlement(client, offers, settlementId, end);
      reached(`registry.${step}.before-commit`);
    });
    reached(`registry.${step}.after-commit`);
    this.outbox.wake();
  }
}
