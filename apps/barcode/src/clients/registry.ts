import {
  DescribeOfferV1,
  FindHeldCouponsV1,
  ProblemError,
  ReserveCouponsV1,
  UseCouponsV1,
} from '@couplet/contracts';
import { NoResponders, type RequestClient, RequestTimeout } from '@couplet/nats';
import { offerCache } from '@couplet/offers';
import type { z } from 'zod';
import { type Offer, offerOf } from '../domain/offer.ts';

/** A shopper waits. What was reserved and not answered in time is resolved later. */
const TIMEOUT_MS = 3_000;

type Described = z.output<typeof DescribeOfferV1.reply>;

/** medium-registry: whose coupons, what they promise, and who has them now. */
export class Registry {
  private readonly offers = offerCache<Offer>(({ products }) => (products === 'any' ? 0 : products.size));

  constructor(private readonly client: Pick<RequestClient, 'request'>) {}

  findHeld(
    request: z.output<typeof FindHeldCouponsV1.request>,
  ): Promise<z.output<typeof FindHeldCouponsV1.reply>> {
    return this.ask(() => this.client.request(FindHeldCouponsV1, request, { timeoutMs: TIMEOUT_MS }));
  }

  reserve(
    request: z.output<typeof ReserveCouponsV1.request>,
  ): Promise<z.output<typeof ReserveCouponsV1.reply>> {
    return this.ask(() => this.client.request(ReserveCouponsV1, request, { timeoutMs: TIMEOUT_MS }));
  }

  use(request: z.output<typeof UseCouponsV1.request>): Promise<z.output<typeof UseCouponsV1.reply>> {
    return this.ask(() => this.client.request(UseCouponsV1, request, { timeoutMs: TIMEOUT_MS }));
  }

  describe(offerId: string): Promise<Described> {
    return this.ask(() => this.client.request(DescribeOfferV1, { offerId }, { timeoutMs: TIMEOUT_MS }));
  }

  /** What these offers are for, in their order. */
  async offersOf(offerIds: readonly string[]): Promise<Offer[]> {
    return Promise.all([...new Set(offerIds)].map((offerId) => this.offer(offerId)));
  }

  private async offer(offerId: string): Promise<Offer> {
    const kept = this.offers.get(offerId);
    if (kept) return kept;
    const offer = offerOf(await this.describe(offerId));
    this.offers.set(offerId, offer);
    return offer;
  }

  /** @throws ProblemError `unavailable` when the registry does not answer; the same scan may be tried again */
  private async ask<Reply>(request: () => Promise<Reply>): Promise<Reply> {
    try {
      return await request();
    } catch (error) {
      if (!(error instanceof NoResponders || error instanceof RequestTimeout)) throw error;
      throw new ProblemError('unavailable', 'medium-registry does not answer', undefined, { cause: error });
    }
  }
}
