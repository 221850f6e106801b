import { AcquireCouponsV1, CouponsAcquiredV1 } from '@couplet/contracts';
import { OnRequest } from '@couplet/nats';
import { appendEvents, type OutboxRelay } from '@couplet/outbox';
import { inTransaction } from '@couplet/postgres';
import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import { acquire, type Acquisition } from '../db/acquisitions.ts';
import type { Registry } from '../db/registry.ts';
import { OUTBOX, REGISTRY } from './tokens.ts';

@Controller()
export class AcquisitionsController {
  constructor(
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(OUTBOX) private readonly outbox: OutboxRelay,
  ) {}

  @OnRequest(AcquireCouponsV1)
  async acquire(@Payload() request: Acquisition): Promise<z.output<typeof AcquireCouponsV1.reply>> {
    const { acquisitionId, holderId, channel, acquiredAt } = request;
    const coupons = await inTransaction(this.registry.pool, async (client) => {
      const { coupons, isNew } = await acquire(client, request);
      const payload = { acquisitionId, holderId, channel, acquiredAt, coupons };
      if (isNew) await appendEvents(client, [{ contract: CouponsAcquiredV1, payload }]);
      this.registry.reached('registry.acquire.before-commit');
      return coupons;
    });
    this.registry.reached('registry.acquire.after-commit');
    this.outbox.wake();
    return { acquisitionId, coupons };
  }
}
