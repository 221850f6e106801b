import { ReserveCouponsV1, SearchCouponsV1, UseCouponsV1 } from '@couplet/contracts';
import { OnRequest, type RequestContext } from '@couplet/nats';
import type { OutboxRelay } from '@couplet/outbox';
import { Gathered } from '@couplet/postgres';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import type { Decider } from '../db/open-reservations.ts';
import type { Registry } from '../db/registry.ts';
import { type DealSearch, Reserver, type UseRequest } from '../db/reserve.ts';
import { search, type TokenizedSearch } from '../db/search.ts';
import type { FoundCoupon, SearchRequest } from '../domain/coupon-search.ts';
import { checkPresentedAt } from '../domain/presented-at.ts';
import type { ReserveAnswer, ReserveRequest } from '../domain/reservation-plan.ts';
import type { MediumTokens } from './medium-tokens.ts';
import { CLOCK, DEAL_SEARCH, MEDIUM_TOKENS, OUTBOX, REGISTRY } from './tokens.ts';

/** The registry's clock, and how far a till's may be from it. */
export interface Clock {
  now: () => number;
  toleranceMs: number;
}

@Controller()
export class CouponsController {
  private readonly reserver: Reserver;
  private readonly searches: Gathered<TokenizedSearch, FoundCoupon[]>;

  constructor(
    @Inject(REGISTRY) registry: Registry,
    @Inject(OUTBOX) private readonly outbox: OutboxRelay,
    @Inject(MEDIUM_TOKENS) private readonly tokens: MediumTokens,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(DEAL_SEARCH) deals: DealSearch,
  ) {
    this.reserver = new Reserver(registry, deals);
    this.searches = new Gathered((requests) => search(registry, requests));
  }

  @OnRequest(ReserveCouponsV1)
  async reserve(
    @Payload() request: ReserveRequest,
    @Ctx() { caller, expiresAt }: RequestContext,
  ): Promise<ReserveAnswer> {
    this.checkClock(request.presentedAt);
    const answerByMs = performance.timeOrigin + expiresAt;
    // The contract lets nobody else ask.
    const answer = await this.reserver.reserve(request, caller as Decider, answerByMs);
    this.outbox.wake();
    return answer;
  }

  @OnRequest(UseCouponsV1)
  async use(@Payload() request: UseRequest, @Ctx() { expiresAt }: RequestContext): Promise<ReserveAnswer> {
    this.checkClock(request.presentedAt);
    const answer = await this.reserver.use(request, performance.timeOrigin + expiresAt);
    this.outbox.wake();
    return answer;
  }

  @OnRequest(SearchCouponsV1)
  async search(@Payload() request: SearchRequest): Promise<z.output<typeof SearchCouponsV1.reply>> {
    this.checkClock(request.presentedAt);
    const media = request.media.map((medium, index) => this.tokens.of(medium, `media[${index}]`));
    const coupons = await this.searches.do({ ...request, media });
    this.outbox.wake();
    return { searchId: request.searchId, coupons };
  }

  private checkClock(presentedAt: string): void {
    checkPresentedAt(presentedAt, { nowMs: this.clock.now(), toleranceMs: this.clock.toleranceMs });
  }
}
