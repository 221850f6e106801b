import { DraftFromCouponsV1, DraftOffersV1, ProblemError, ReviseOffersV1 } from '@couplet/contracts';
import { OnRequest, type RequestContext } from '@couplet/nats';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import { Administration } from '../db/administration.ts';
import { type Actor, audit, type Change } from '../db/audit.ts';
import { addDrafts, bodyOf, readBodies, rewriteDraft } from '../db/offers.ts';
import type { Draft } from '../domain/draft.ts';
import { differences } from '../domain/difference.ts';
import { stepOf } from '../domain/offer-states.ts';
import { draftOf } from '../domain/paper-coupon.ts';
import { checkDrafts } from './draft-checks.ts';
import { offersToActOn } from './offers-acted-on.ts';
import { refuse, someOf } from './refusals.ts';

/** What people write of offers, as long as they are drafts. */
@Controller()
export class DraftsController {
  constructor(@Inject(Administration) private readonly administration: Administration) {}

  @OnRequest(DraftOffersV1)
  async draft(
    @Payload() { draftedBy, offers }: z.output<typeof DraftOffersV1.request>,
    @Ctx() { caller }: RequestContext,
  ): Promise<z.output<typeof DraftOffersV1.reply>> {
    return { drafted: await this.write(offers, { actor: draftedBy, caller }) };
  }

  @OnRequest(DraftFromCouponsV1)
  async draftFromCoupons(
    @Payload() { draftedBy, offers: papers }: z.output<typeof DraftFromCouponsV1.request>,
    @Ctx() { caller }: RequestContext,
  ): Promise<z.output<typeof DraftFromCouponsV1.reply>> {
    const read = papers.map(draftOf);
    const unreadable = read.flatMap((each, index) =>
      'field' in each ? [{ ...each, field: `offers[${index}].${each.field}` }] : [],
    );
    refuse('these codes make no offer', unreadable);
    const offers = read.filter((each) => !('field' in each)) as Draft[];
    const drafted = await this.write(offers, { actor: draftedBy, caller });
    return {
      drafted,
      offers: offers.map(({ offerId, terms, conditions }) => ({ offerId, terms, conditions })),
    };
  }

  @OnRequest(ReviseOffersV1)
  async revise(
    @Payload() { revisedBy, offers }: z.output<typeof ReviseOffersV1.request>,
    @Ctx() { caller }: RequestContext,
  ): Promise<z.output<typeof ReviseOffersV1.reply>> {
    return this.administration.transaction(async (manager) => {
      await checkDrafts(manager, offers);
      const stored = await offersToActOn(manager, { offerIds: offers.map(({ offerId }) => offerId) });
      const bodies = await readBodies(
        manager,
        stored.map(({ offerId }) => offerId),
      );
      const refused: string[] = [];
      const changes: Change[] = [];
      for (const offer of offers) {
        const offerId = offer.offerId.toLowerCase();
        const { state, version, writtenBy } = stored.find((each) => each.offerId === offerId)!;
        const changed = differences(bodies.get(offerId), bodyOf(offer));
        if (changed.length === 0) continue; // A repeat, whatever became of the offer since.
        const step = stepOf('revise', state);
        if (step.kind === 'refused') refused.push(`${offerId} ${step.why}`);
        else if (version !== offer.version) refused.push(`${offerId} has version ${version} now`);
        else {
          await rewriteDraft(manager, offer, { version, writtenBy: [...new Set([...writtenBy, revisedBy])] });
          const detail = { from: state, to: state, version: version + 1, changed };
          changes.push({ act: 'revise', subject: `offer:${offerId}`, detail });
        }
      }
      if (refused.length > 0) {
        throw new ProblemError('conflict', `these offers cannot be revised so: ${someOf(refused)}`);
      }
      await audit(manager, { actor: revisedBy, caller }, changes);
      return { revised: changes.length };
    });
  }

  private async write(offers: readonly Draft[], actor: Actor): Promise<number> {
    return this.administration.transaction(async (manager) => {
      await checkDrafts(manager, offers);
      const { drafted, different } = await addDrafts(manager, offers, actor.actor);
      if (different.length > 0) {
        throw new ProblemError('conflict', `these offers exist with another body: ${someOf(different)}`);
      }
      const change = (offerId: string) => ({
        act: 'draft',
        subject: `offer:${offerId}`,
        detail: { to: 'draft', version: 1 },
      });
      await audit(manager, actor, drafted.map(change));
      return drafted.length;
    });
  }
}
