import {
  CampaignCreatedV1,
  CouponConsumedV1,
  CouponRolledBackV1,
  CouponsAcquiredV1,
  CouponsSearchedV1,
  OfferApprovedV1,
  ScanGrantedV1,
  ScanRolledBackV1,
  SettlementAbandonedV1,
  SettlementCapturedV1,
  SettlementCreditedV1,
  SettlementGrantedV1,
  SettlementRolledBackV1,
} from '@couplet/contracts';
import { type EventContext, OnEvent } from '@couplet/nats';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { UsageWriter } from '../db/usage-writer.ts';

/** Every search and every use becomes a fact (seed 000, claims 2 and 12). Returning acknowledges, so each waits for its commit. */
@Controller()
export class UsageEventsController {
  constructor(@Inject(UsageWriter) private readonly facts: UsageWriter) {}

  @OnEvent(CouponsSearchedV1)
  onSearched(@Payload() payload: CouponsSearchedV1, @Ctx() { eventId }: EventContext): Promise<void> {
    return this.facts.do({ eventId, contract: CouponsSearchedV1, payload });
  }

  @OnEvent(CouponsAcquiredV1)
  onAcquired(@Payload() payload: CouponsAcquiredV1, @Ctx() { eventId }: EventContext): Promise<void> {
    return this.facts.do({ eventId, contract: CouponsAcquiredV1, payload });
  }

  @OnEvent(CouponConsumedV1)
  onConsumed(@Payload() payload: CouponConsumedV1, @Ctx() { eventId }: EventContext): Promise<void> {
    return this.facts.do({ eventId, contract: CouponConsumedV1, payload });
  }

  @OnEvent(CouponRolledBackV1)
  onCouponRolledBack(
    @Payload() payload: CouponRolledBackV1,
    @Ctx() { eventId }: EventContext,
  ): Promise<void> {
    return this.facts.do({ eventId, contract: CouponRolledBackV1, payload });
  }

  @OnEvent(SettlementGrantedV1)
  onGranted(@Payload() payload: SettlementGrantedV1, @Ctx() { eventId }: EventContext): Promise<void> {
    return this.facts.do({ eventId, contract: SettlementGrantedV1, payload });
  }

  @OnEvent(SettlementAbandonedV1)
  onAbandoned(@Payload() payload: SettlementAbandonedV1, @Ctx() { eventId }: EventContext): Promise<void> {
    return this.facts.do({ eventId, contract: SettlementAbandonedV1, payload });
  }

  @OnEvent(SettlementRolledBackV1)
  onSettlementRolledBack(
    @Payload() payload: SettlementRolledBackV1,
    @Ctx() { eventId }: EventContext,
  ): Promise<void> {
    return this.facts.do({ eventId, contract: SettlementRolledBackV1, payload });
  }

  @OnEvent(SettlementCapturedV1)
  onCaptured(@Payload() payload: SettlementCapturedV1, @Ctx() { eventId }: EventContext): Promise<void> {
    return this.facts.do({ eventId, contract: SettlementCapturedV1, payload });
  }

  @OnEvent(SettlementCreditedV1)
  onCredited(@Payload() payload: SettlementCreditedV1, @Ctx() { eventId }: EventContext): Promise<void> {
    return this.facts.do({ eventId, contract: SettlementCreditedV1, payload });
  }

  @OnEvent(ScanGrantedV1)
  onScanGranted(@Payload() payload: ScanGrantedV1, @Ctx() { eventId }: EventContext): Promise<void> {
    return this.facts.do({ eventId, contract: ScanGrantedV1, payload });
  }

  @OnEvent(ScanRolledBackV1)
  onScanRolledBack(@Payload() payload: ScanRolledBackV1, @Ctx() { eventId }: EventContext): Promise<void> {
    return this.facts.do({ eventId, contract: ScanRolledBackV1, payload });
  }

  @OnEvent(CampaignCreatedV1)
  onCampaign(@Payload() payload: CampaignCreatedV1, @Ctx() { eventId }: EventContext): Promise<void> {
    return this.facts.do({ eventId, contract: CampaignCreatedV1, payload });
  }

  @OnEvent(OfferApprovedV1)
  onOffer(@Payload() payload: OfferApprovedV1, @Ctx() { eventId }: EventContext): Promise<void> {
    return this.facts.do({ eventId, contract: OfferApprovedV1, payload });
  }
}
