import { OfferApprovedV1 } from '@couplet/contracts';
import { type EventContext, OnEvent } from '@couplet/nats';
import { recordOnce } from '@couplet/outbox';
import { inTransaction } from '@couplet/postgres';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { addOffer } from '../db/offers.ts';
import type { Registry } from '../db/registry.ts';
import { REGISTRY } from './tokens.ts';

/** Keeps the read model of live offers. */
@Controller()
export class OffersController {
  constructor(@Inject(REGISTRY) private readonly registry: Registry) {}

  @OnEvent(OfferApprovedV1)
  async approved(@Payload() offer: OfferApprovedV1, @Ctx() { eventId }: EventContext): Promise<void> {
    await inTransaction(this.registry.pool, async (client) => {
      if (!(await recordOnce(client, { consumer: 'medium-registry', eventId }))) return;
      await addOffer(client, offer);
      this.registry.reached('registry.offer-approved.before-commit');
    });
    this.registry.reached('registry.offer-approved.after-commit');
  }
}
