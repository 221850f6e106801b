import { CampaignCreatedV1, CreateCampaignsV1, ProblemError } from '@couplet/contracts';
import { OnRequest, type RequestContext } from '@couplet/nats';
import { appendEvents } from '@couplet/outbox';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import { Administration } from '../db/administration.ts';
import { audit } from '../db/audit.ts';
import { addCampaigns } from '../db/campaigns.ts';
import { refuse, someOf } from './refusals.ts';

type Request = z.output<typeof CreateCampaignsV1.request>;

@Controller()
export class CampaignsController {
  constructor(@Inject(Administration) private readonly administration: Administration) {}

  @OnRequest(CreateCampaignsV1)
  async createCampaigns(
    @Payload() { createdBy, campaigns }: Request,
    @Ctx() { caller, traceparent }: RequestContext,
  ): Promise<z.output<typeof CreateCampaignsV1.reply>> {
    refuse('campaigns must end after they start', endingTooEarly(campaigns));
    const created = await this.administration.transaction(async (manager, client) => {
      const { created, different } = await addCampaigns(manager, campaigns, createdBy);
      if (different.length > 0) {
        throw new ProblemError('conflict', `these campaigns exist with another body: ${someOf(different)}`);
      }
      const changes = created.map(({ campaignId }) => ({ act: 'create', subject: `campaign:${campaignId}` }));
      await audit(manager, { actor: createdBy, caller }, changes);
      await appendEvents(
        client,
        created.map((payload) => ({ contract: CampaignCreatedV1, payload, traceparent })),
      );
      return created;
    });
    return { created: created.length };
  }
}

function endingTooEarly(campaigns: Request['campaigns']): { field: string; detail: string }[] {
  return campaigns.flatMap(({ startsAt, endsAt }, index) =>
    Date.parse(endsAt) > Date.parse(startsAt)
      ? []
      : [{ field: `campaigns[${index}].endsAt`, detail: 'must be after startsAt' }],
  );
}
