import { isDeepStrictEqual } from 'node:util';
import { OfferConditions, OfferTerms } from '@couplet/contracts';
import { In, type EntityManager } from 'typeorm';
import { z } from 'zod';
import type { Draft } from '../domain/draft.ts';
import type { OfferState } from '../domain/offer-states.ts';
import { Offer } from './entities.ts';

/** @returns the ids of the drafts that are new, and of those that exist with another body */
export async function addDrafts(
  manager: EntityManager,
  drafts: readonly Draft[],
  draftedBy: string,
): Promise<{ drafted: string[]; different: string[] }> {
  const bodies = drafts.map(bodyOf);
  const inserted = await manager
    .createQueryBuilder()
    .insert()
    .into(Offer)
    .values(bodies.map((body) => ({ ...body, state: 'draft' as const, draftedBy })))
    .orIgnore()
    .returning(['offerId'])
    .execute();
  const drafted = (inserted.raw as { offer_id: string }[]).map(({ offer_id }) => offer_id);
  const fresh = new Set(drafted);
  const repeated = bodies.filter(({ offerId }) => !fresh.has(offerId));
  const stored = await manager.findBy(Offer, { offerId: In(repeated.map(({ offerId }) => offerId)) });
  const byId = new Map(stored.map((offer) => [offer.offerId, bodyOfStored(offer)]));
  const different = repeated.filter((body) => !isDeepStrictEqual(byId.get(body.offerId), body));
  return { drafted, different: different.map(({ offerId }) => offerId) };
}

function bodyOf({ offerId, campaignId, title, terms, conditions }: Draft) {
  return {
    offerId: offerId.toLowerCase(),
    campaignId: campaignId.toLowerCase(),
    title,
    terms: withoutUndefined(z.encode(OfferTerms, terms)),
    conditions: withoutUndefined(z.encode(OfferConditions, conditions)),
  };
}

function bodyOfStored({ offerId, campaignId, title, terms, conditions }: Offer) {
  return { offerId, campaignId, title, terms, conditions };
}

/** As it comes back from the database, so that the two can be compared. */
function withoutUndefined(wire: object): object {
  return JSON.parse(JSON.stringify(wire)) as object;
}

export type OfferStanding = Pick<Offer, 'offerId' | 'state' | 'draftedBy' | 'submittedBy'>;

/** Where these offers stand; nobody else moves them until the transaction ends. Unknown ids are missing. */
export function lockOffers(manager: EntityManager, offerIds: readonly string[]): Promise<OfferStanding[]> {
  return manager
    .createQueryBuilder(Offer, 'offer')
    .select(['offer.offerId', 'offer.state', 'offer.draftedBy', 'offer.submittedBy'])
    .where('offer.offerId = ANY(:offerIds)', { offerIds })
    .orderBy('offer.offerId') // In one order everywhere: two requests that share offers wait instead of deadlocking.
    .setLock('pessimistic_write')
    .getMany();
}

/** @throws if an offer was no longer in the state it is moved from */
export async function moveOffers(
  manager: EntityManager,
  offerIds: readonly string[],
  from: OfferState,
  to: Partial<Offer> & { state: OfferState },
): Promise<void> {
  const { affected } = await manager.update(Offer, { offerId: In([...offerIds]), state: from }, to);
  if (affected !== offerIds.length) throw new Error(`${affected} of ${offerIds.length} offers were ${from}`);
}

/** Whole offers: one may hold twenty thousand products, so ask for few at a time. */
export async function readOffers(manager: EntityManager, offerIds: readonly string[]): Promise<Draft[]> {
  const offers = await manager.findBy(Offer, { offerId: In([...offerIds]) });
  return offers.map(({ offerId, campaignId, title, terms, conditions }) => ({
    offerId,
    campaignId,
    title,
    terms: OfferTerms.parse(terms),
    conditions: OfferConditions.parse(conditions),
  }));
}
