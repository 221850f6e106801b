import { ListOffersV1, ProblemError, ReadAuditV1, ReadOfferV1 } from '@couplet/contracts';
import { OnRequest } from '@couplet/nats';
import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import { Administration } from '../db/administration.ts';
import { readAudit } from '../db/audit.ts';
import { listOffers, readOffer } from '../db/offer-list.ts';

/** What there is to read of offers and of what was done to them. */
@Controller()
export class RecordsController {
  constructor(@Inject(Administration) private readonly administration: Administration) {}

  @OnRequest(ListOffersV1)
  list(
    @Payload() asked: z.output<typeof ListOffersV1.request>,
  ): Promise<z.output<typeof ListOffersV1.reply>> {
    return listOffers(this.administration.manager, asked, Date.now());
  }

  @OnRequest(ReadOfferV1)
  async read(
    @Payload() { offerId }: z.output<typeof ReadOfferV1.request>,
  ): Promise<z.output<typeof ReadOfferV1.reply>> {
    const offer = await readOffer(this.administration.manager, offerId, Date.now());
    if (!offer) throw new ProblemError('not-found', `there is no offer ${offerId}`);
    return offer;
  }

  @OnRequest(ReadAuditV1)
  async audit(
    @Payload() asked: z.output<typeof ReadAuditV1.request>,
  ): Promise<z.output<typeof ReadAuditV1.reply>> {
    return { entries: await readAudit(this.administration.manager, asked) };
  }
}
