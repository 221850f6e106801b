import { ProblemError, WriteCouponCodeV1 } from '@couplet/contracts';
import { OnRequest } from '@couplet/nats';
import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import { Administration } from '../db/administration.ts';
import { readOffers } from '../db/offers.ts';
import { codeOf } from '../domain/coupon-code.ts';

/** Offers as the codes of paper coupons; what reads them is `DraftsController`. */
@Controller()
export class CouponCodeController {
  constructor(@Inject(Administration) private readonly administration: Administration) {}

  @OnRequest(WriteCouponCodeV1)
  async write(
    @Payload() { offerId, as }: z.output<typeof WriteCouponCodeV1.request>,
  ): Promise<z.output<typeof WriteCouponCodeV1.reply>> {
    const [offer] = await readOffers(this.administration.manager, [offerId]);
    if (!offer) throw new ProblemError('not-found', `there is no offer ${offerId}`);
    const written = codeOf(offer, as);
    if ('code' in written) return written;
    const fields = written.unsayable.map(({ field }) => field).join(', ');
    throw new ProblemError('conflict', `no ${as.kind} code says this offer: see ${fields}`, [
      ...written.unsayable,
    ]);
  }
}
