import { ChangeAttributesV1, ProblemError, RegisterHoldersV1 } from '@couplet/contracts';
import { OnRequest } from '@couplet/nats';
import { inTransaction } from '@couplet/postgres';
import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import { changeAttributes, registerHolders } from '../db/holders.ts';
import type { Registry } from '../db/registry.ts';
import type { MediumTokens } from './medium-tokens.ts';
import { MEDIUM_TOKENS, REGISTRY } from './tokens.ts';

@Controller()
export class HoldersController {
  constructor(
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(MEDIUM_TOKENS) private readonly tokens: MediumTokens,
  ) {}

  @OnRequest(RegisterHoldersV1)
  async register(
    @Payload() request: z.output<typeof RegisterHoldersV1.request>,
  ): Promise<z.output<typeof RegisterHoldersV1.reply>> {
    const holders = request.holders.map((holder, h) => ({
      ...holder,
      media: holder.media.map((medium, m) => this.tokens.of(medium, `holders[${h}].media[${m}]`)),
    }));
    return inTransaction(this.registry.pool, (client) => registerHolders(client, holders));
  }

  @OnRequest(ChangeAttributesV1)
  async changeAttributes(
    @Payload() change: z.output<typeof ChangeAttributesV1.request>,
  ): Promise<z.output<typeof ChangeAttributesV1.reply>> {
    const { holderId } = change;
    const attributes = await changeAttributes(this.registry.pool, change);
    if (!attributes) throw new ProblemError('not-found', `there is no holder ${holderId}`);
    return { holderId, attributes };
  }
}
