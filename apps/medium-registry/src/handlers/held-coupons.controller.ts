import { DescribeOfferV1, FindHeldCouponsV1, ProblemError } from '@couplet/contracts';
import { OnRequest } from '@couplet/nats';
import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import { findHeldCoupons, type HeldCouponsRequest } from '../db/held-coupons.ts';
import { readOffer } from '../db/offers.ts';
import type { Registry } from '../db/registry.ts';
import { REGISTRY } from './tokens.ts';

/** What a holder has, whichever medium he carries. */
@Controller()
export class HeldCouponsController {
  constructor(@Inject(REGISTRY) private readonly registry: Registry) {}

  @OnRequest(FindHeldCouponsV1)
  find(@Payload() request: HeldCouponsRequest): Promise<z.output<typeof FindHeldCouponsV1.reply>> {
    return findHeldCoupons(this.registry, request);
  }

  @OnRequest(DescribeOfferV1)
  async describe(
    @Payload() { offerId }: z.output<typeof DescribeOfferV1.request>,
  ): Promise<z.output<typeof DescribeOfferV1.reply>> {
    const offer = await readOffer(this.registry.pool, offerId);
    if (!offer) throw new ProblemError('not-found', `there is no offer ${offerId}`);
    return offer;
  }
}
