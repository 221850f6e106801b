import { CreditsOwedV1, DailyUsageV1, DiscountByPartyV1 } from '@couplet/contracts';
import { OnRequest } from '@couplet/nats';
import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import { UsageReader } from '../db/usage-reader.ts';

/** What marketing asks. */
@Controller()
export class UsageQueriesController {
  constructor(@Inject(UsageReader) private readonly usage: UsageReader) {}

  @OnRequest(DailyUsageV1)
  async dailyUsage(
    @Payload() { from, to }: z.output<typeof DailyUsageV1.request>,
  ): Promise<z.output<typeof DailyUsageV1.reply>> {
    return { days: await this.usage.days(from, to) };
  }

  @OnRequest(DiscountByPartyV1)
  async discountByParty(
    @Payload() { from, to }: z.output<typeof DiscountByPartyV1.request>,
  ): Promise<z.output<typeof DiscountByPartyV1.reply>> {
    return { parties: await this.usage.parties(from, to) };
  }

  @OnRequest(CreditsOwedV1)
  async creditsOwed(
    @Payload() { from, to }: z.output<typeof CreditsOwedV1.request>,
  ): Promise<z.output<typeof CreditsOwedV1.reply>> {
    return { credits: await this.usage.credits(from, to) };
  }
}
