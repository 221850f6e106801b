import { AcquireByCodeV1, AcquireCouponsV1 } from '@couplet/contracts';
import { OnRequest } from '@couplet/nats';
import type { OutboxRelay } from '@couplet/outbox';
import { inTransaction } from '@couplet/postgres';
import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import type { CodeClaim, CodeCoupon } from '../db/code-claims.ts';
import { keepAcquisition } from '../db/keep-acquisition.ts';
import type { Registry } from '../db/registry.ts';
import { CodeAcquisition } from './code-acquisition.ts';
import { OUTBOX, REGISTRY } from './tokens.ts';

@Controller()
export class AcquisitionsController {
  constructor(
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(OUTBOX) private readonly outbox: OutboxRelay,
    @Inject(CodeAcquisition) private readonly codes: CodeAcquisition,
  ) {}

  @OnRequest(AcquireCouponsV1)
  async acquire(
    @Payload() request: z.output<typeof AcquireCouponsV1.request>,
  ): Promise<z.output<typeof AcquireCouponsV1.reply>> {
    const coupons = await inTransaction(this.registry.pool, async (client) => {
      const coupons = await keepAcquisition(client, request);
      this.registry.reached('registry.acquire.before-commit');
      return coupons;
    });
    this.registry.reached('registry.acquire.after-commit');
    this.outbox.wake();
    return { acquisitionId: request.acquisitionId, coupons };
  }

  @OnRequest(AcquireByCodeV1)
  acquireByCode(@Payload() request: CodeClaim): Promise<CodeCoupon> {
    return this.codes.acquire(request);
  }
}
