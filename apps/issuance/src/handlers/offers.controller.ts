import {
  ApproveOffersV1,
  DraftOffersV1,
  OfferApprovedV1,
  ProblemError,
  SubmitOffersV1,
} from '@couplet/contracts';
import { OnRequest, type RequestContext } from '@couplet/nats';
import { appendEvents } from '@couplet/outbox';
import { failpoint } from '@couplet/service-host';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type pg from 'pg';
import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import { Administration } from '../db/administration.ts';
import { audit } from '../db/audit.ts';
import { addDrafts, lockOffers, moveOffers, type OfferStanding, readOffers } from '../db/offers.ts';
import { approve } from '../domain/approval.ts';
import { stepOf } from '../domain/offer-states.ts';
import { checkDrafts } from './draft-checks.ts';
import { someOf } from './refusals.ts';

/** An offer holds up to twenty thousand products: so many are in memory at once. */
const OFFERS_AT_ONCE = 20;

/** The way of an offer from draft to live. */
@Controller()
export class OffersController {
  constructor(@Inject(Administration) private readonly administration: Administration) {}

  @OnRequest(DraftOffersV1)
  async draftOffers(
    @Payload() { draftedBy, offers }: z.output<typeof DraftOffersV1.request>,
    @Ctx() { caller }: RequestContext,
  ): Promise<z.output<typeof DraftOffersV1.reply>> {
    return this.administration.transaction(async (manager) => {
      await checkDrafts(manager, offers);
      const { drafted, different } = await addDrafts(manager, offers, draftedBy);
      if (different.length > 0) {
        throw new ProblemError('conflict', `these offers exist with another body: ${someOf(different)}`);
      }
      await audit(manager, { actor: draftedBy, caller }, drafted.map(changeOf('draft')));
      return { drafted: drafted.length };
    });
  }

  @OnRequest(SubmitOffersV1)
  async submitOffers(
    @Payload() { submittedBy, offerIds }: z.output<typeof SubmitOffersV1.request>,
    @Ctx() { caller }: RequestContext,
  ): Promise<z.output<typeof SubmitOffersV1.reply>> {
    return this.administration.transaction(async (manager) => {
      const offers = await standingOf(manager, offerIds);
      const moved = offers.filter(({ state }) => stepOf('submit', state).kind === 'moves').map(idOf);
      await moveOffers(manager, moved, 'draft', { state: 'submitted', submittedBy, submittedAt: new Date() });
      await audit(manager, { actor: submittedBy, caller }, moved.map(changeOf('submit')));
      return { submitted: moved.length };
    });
  }

  /** Registers the approval of the generation of coupons (seed 000, claim 1(a)). */
  @OnRequest(ApproveOffersV1)
  async approveOffers(
    @Payload() { approvedBy, offerIds }: z.output<typeof ApproveOffersV1.request>,
    @Ctx() { caller, traceparent }: RequestContext,
  ): Promise<z.output<typeof ApproveOffersV1.reply>> {
    const approved = await this.administration.transaction(async (manager, client) => {
      const { goLive, refused } = approve(await standingOf(manager, offerIds), approvedBy);
      if (refused.length > 0) {
        const reasons = refused.map(({ offerId, why }) => `${offerId} ${why}`);
        throw new ProblemError('conflict', `${approvedBy} cannot approve these offers: ${someOf(reasons)}`);
      }
      const approvedAt = new Date();
      await moveOffers(manager, goLive, 'submitted', { state: 'live', approvedBy, approvedAt });
      await audit(manager, { actor: approvedBy, caller }, goLive.map(changeOf('approve')));
      await announce(manager, client, goLive, { approvedAt: approvedAt.toISOString(), traceparent });
      failpoint('issuance.approve.before-commit');
      return goLive;
    });
    failpoint('issuance.approve.after-commit');
    return { approved: approved.length };
  }
}

async function announce(
  manager: EntityManager,
  client: pg.PoolClient,
  offerIds: readonly string[],
  { approvedAt, traceparent }: { approvedAt: string; traceparent: string },
): Promise<void> {
  for (let start = 0; start < offerIds.length; start += OFFERS_AT_ONCE) {
    const offers = await readOffers(manager, offerIds.slice(start, start + OFFERS_AT_ONCE));
    await appendEvents(
      client,
      offers.map((offer) => ({ contract: OfferApprovedV1, payload: { ...offer, version: 3, approvedAt }, traceparent })),
    );
  }
}

/** @throws ProblemError `not-found` if one of them does not exist */
async function standingOf(manager: EntityManager, offerIds: readonly string[]): Promise<OfferStanding[]> {
  const asked = [...new Set(offerIds.map((id) => id.toLowerCase()))];
  const offers = await lockOffers(manager, asked);
  const known = new Set(offers.map(idOf));
  const missing = asked.filter((id) => !known.has(id));
  if (missing.length > 0) throw new ProblemError('not-found', `there are no such offers: ${someOf(missing)}`);
  return offers;
}

const idOf = ({ offerId }: { offerId: string }): string => offerId;
const changeOf = (act: string) => (offerId: string) => ({ act, subject: `offer:${offerId}` });
