import { type ListOffersV1, OfferConditions, type ReadOfferV1, OfferTerms } from '@couplet/contracts';
import { OfferWindow } from '@couplet/offers';
import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import { type OfferPhase, phaseOf, type Zones, zonesOf } from '../domain/offer-phase.ts';
import { Offer } from './entities.ts';
import { zoneByStore, zonesOfStores } from './stores.ts';

type Page = z.output<typeof ListOffersV1.reply>;

/** Newest draft first. */
export async function listOffers(
  manager: EntityManager,
  { campaignId, state, before, limit }: z.output<typeof ListOffersV1.request>,
  nowMs: number,
): Promise<Page> {
  const query = manager
    .createQueryBuilder(Offer, 'offer')
    .select(STANDING.map((column) => `offer.${column}`))
    .orderBy({ 'offer.draftedAt': 'DESC', 'offer.offerId': 'DESC' })
    .limit(limit + 1);
  if (campaignId !== undefined) query.andWhere('offer.campaignId = :campaignId', { campaignId });
  if (state !== undefined) query.andWhere('offer.state = :state', { state });
  if (before !== undefined) {
    query.andWhere(
      '(offer.draftedAt, offer.offerId) < (SELECT drafted_at, offer_id FROM offer WHERE offer_id = :before)',
      { before },
    );
  }
  const offers = await query.getMany();
  const zones = await zonesFor(manager, offers);
  return {
    offers: offers.slice(0, limit).map((offer) => standingOf(offer, zones, nowMs)),
    more: offers.length > limit,
  };
}

const STANDING = [
  'offerId',
  'campaignId',
  'title',
  'conditions',
  'state',
  'version',
  'draftedBy',
  'submittedBy',
  'approvedBy',
] as const;

/** The offer whole. */
export async function readOffer(
  manager: EntityManager,
  offerId: string,
  nowMs: number,
): Promise<z.output<typeof ReadOfferV1.reply> | undefined> {
  const offer = await manager.findOneBy(Offer, { offerId });
  if (!offer) return undefined;
  return {
    ...standingOf(offer, await zonesFor(manager, [offer]), nowMs),
    terms: OfferTerms.decode(offer.terms as z.input<typeof OfferTerms>),
    conditions: conditionsOf(offer),
  };
}

function standingOf(
  offer: Pick<Offer, (typeof STANDING)[number]>,
  zones: Zones,
  nowMs: number,
): Page['offers'][number] {
  const { offerId, campaignId, title, state, version, draftedBy, submittedBy, approvedBy } = offer;
  const conditions = conditionsOf(offer);
  const window = new OfferWindow(conditions).phaseAt(nowMs, zonesOf(conditions, zones));
  const phase: OfferPhase = phaseOf(state, window);
  return {
    offerId,
    campaignId,
    title,
    state,
    phase,
    version,
    validFrom: conditions.validFrom,
    validTo: conditions.validTo,
    draftedBy,
    ...(submittedBy !== null && { submittedBy }),
    ...(approvedBy !== null && { approvedBy }),
  };
}

async function zonesFor(
  manager: EntityManager,
  offers: readonly Pick<Offer, 'conditions'>[],
): Promise<Zones> {
  const named = offers.flatMap((offer) => conditionsOf(offer).stores ?? []);
  return {
    everywhere: await zonesOfStores(manager),
    byStore: await zoneByStore(manager, [...new Set(named)]),
  };
}

function conditionsOf({ conditions }: Pick<Offer, 'conditions'>): OfferConditions {
  return OfferConditions.decode(conditions as z.input<typeof OfferConditions>);
}
