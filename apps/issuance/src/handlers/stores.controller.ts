import { RegisterStoresV1, StoresRegisteredV1 } from '@couplet/contracts';
import { OnRequest, type RequestContext } from '@couplet/nats';
import { appendEvents } from '@couplet/outbox';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import { Administration } from '../db/administration.ts';
import { audit } from '../db/audit.ts';
import { putStores } from '../db/stores.ts';

/** Stores, and by which clock each of them opens offers. */
@Controller()
export class StoresController {
  constructor(@Inject(Administration) private readonly administration: Administration) {}

  @OnRequest(RegisterStoresV1)
  async register(
    @Payload() { registeredBy, stores }: z.output<typeof RegisterStoresV1.request>,
    @Ctx() { caller, traceparent }: RequestContext,
  ): Promise<z.output<typeof RegisterStoresV1.reply>> {
    const changed = await this.administration.transaction(async (manager, client) => {
      const changed = await putStores(manager, stores);
      if (changed.length === 0) return changed;
      const changes = changed.map(({ storeId, ...detail }) => ({
        act: 'register',
        subject: `store:${storeId}`,
        detail,
      }));
      await audit(manager, { actor: registeredBy ?? caller, caller }, changes);
      await appendEvents(client, [
        { contract: StoresRegisteredV1, payload: { stores: changed }, traceparent },
      ]);
      return changed;
    });
    return { registered: changed.length };
  }
}
