import { ReserveCouponsV1, SearchCouponsV1 } from '@couplet/contracts';
import { OnRequest, type RequestContext } from '@couplet/nats';
import type { OutboxRelay } from '@couplet/outbox';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import type { Decider } from '../db/open-reservations.ts';
import type { Registry } from '../db/registry.ts';
import { reserve } from '../db/reserve.ts';
import { search } from '../db/search.ts';
import type { SearchRequest } from '../domain/coupon-search.ts';
import { checkPresentedAt } from '../domain/presented-at.ts';
import type { ReserveAnswer, ReserveRequest } from '../domain/reservation-plan.ts';
import type { MediumTokens } from './medium-tokens.ts';
import { CLOCK, MEDIUM_TOKENS, OUTBOX, REGISTRY } from './tokens.ts';

/** The registry's clock, and how far a till's may be from it. */
export interface Clock {
  now: () => number;
  toleranceMs: number;
}

@Controller()
export class CouponsController {
  constructor(
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(OUTBOX) private readonly outbox: OutboxRelay,
    @Inject(MEDIUM_TOKENS) private readonly tokens: MediumTokens,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @OnRequest(ReserveCouponsV1)
  async reserve(
    @Payload() request: ReserveRequest,
    @Ctx() { caller }: RequestContext,
  ): Promise<ReserveAnswer> {
    this.checkClock(request.presentedAt);
    const answer = await reserve(this.registry, request, caller as Decider); // The contract lets nobody else ask.
    this.outbox.wake();
    return answer;
  }

  @OnRequest(SearchCouponsV1)
  async search(@Payload() request: SearchRequest): Promise<z.output<typeof SearchCouponsV1.reply>> {
    this.checkClock(request.presentedAt);
    const media = request.media.map((medium, index) => this.tokens.of(medium, `media[${index}]`));
    const coupons = await search(this.registry, { ...request, media });
    this.outbox.wake();
    return { searchId: request.searchId, coupons };
  }

  private checkClock(presentedAt: string): void {
    checkPresentedAt(presentedAt, { nowMs: this.clock.now(), toleranceMs: this.clock.toleranceMs });
  }
}
