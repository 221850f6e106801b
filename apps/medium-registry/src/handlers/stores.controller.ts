import { StoresRegisteredV1 } from '@couplet/contracts';
import { type EventContext, OnEvent } from '@couplet/nats';
import { recordOnce } from '@couplet/outbox';
import { inTransaction } from '@couplet/postgres';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { Registry } from '../db/registry.ts';
import { putStores } from '../db/stores.ts';
import { REGISTRY } from './tokens.ts';

/** Keeps the read model of stores and their time zones. */
@Controller()
export class StoresController {
  constructor(@Inject(REGISTRY) private readonly registry: Registry) {}

  @OnEvent(StoresRegisteredV1)
  async registered(@Payload() event: StoresRegisteredV1, @Ctx() { eventId }: EventContext): Promise<void> {
    await inTransaction(this.registry.pool, async (client) => {
      if (await recordOnce(client, { consumer: 'medium-registry', eventId })) await putStores(client, event);
    });
  }
}
