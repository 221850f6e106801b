import { OfferApprovedV1, OfferEndedV1, OfferPausedV1, OfferResumedV1 } from '@couplet/contracts';
import { type EventContext, OnEvent } from '@couplet/nats';
import { recordOnce } from '@couplet/outbox';
import { inTransaction } from '@couplet/postgres';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type pg from 'pg';
import { addOffer, type OfferStanding, putStanding } from '../db/offers.ts';
import type { Registry } from '../db/registry.ts';
import { REGISTRY } from './tokens.ts';

/** Keeps the read model of offers: what was approved, and whether it goes on. */
@Controller()
export class OffersController {
  constructor(@Inject(REGISTRY) private readonly registry: Registry) {}

  @OnEvent(OfferApprovedV1)
  async approved(@Payload() offer: OfferApprovedV1, @Ctx() context: EventContext): Promise<void> {
    await this.once(context, async (client) => {
      await addOffer(client, offer);
      this.registry.reached('registry.offer-approved.before-commit');
    });
    this.registry.reached('registry.offer-approved.after-commit');
  }

  @OnEvent(OfferPausedV1)
  paused(@Payload() event: OfferPausedV1, @Ctx() context: EventContext): Promise<void> {
    return this.stands('paused', event, context);
  }

  @OnEvent(OfferResumedV1)
  resumed(@Payload() event: OfferResumedV1, @Ctx() context: EventContext): Promise<void> {
    return this.stands('going-on', event, context);
  }

  @OnEvent(OfferEndedV1)
  ended(@Payload() event: OfferEndedV1, @Ctx() context: EventContext): Promise<void> {
    return this.stands('ended', event, context);
  }

  private async stands(
    state: OfferStanding,
    { offerId, version }: { offerId: string; version: number },
    context: EventContext,
  ): Promise<void> {
    await this.once(context, async (client) => {
      await putStanding(client, { offerId, state, version });
      this.registry.reached('registry.offer-standing.before-commit');
    });
    this.registry.reached('registry.offer-standing.after-commit');
  }

  private async once(
    { eventId }: EventContext,
    effect: (client: pg.PoolClient) => Promise<void>,
  ): Promise<void> {
    await inTransaction(this.registry.pool, async (client) => {
      if (await recordOnce(client, { consumer: 'medium-registry', eventId })) await effect(client);
    });
  }
}
