import {
  ApproveOffersV1,
  CreateCampaignsV1,
  DraftOffersV1,
  ImportProductsV1,
  RegisterFundingPartiesV1,
  RegisterHoldersV1,
  SubmitOffersV1,
} from '@couplet/contracts';
import type { Journey, Product } from '../journey/types.ts';
import { dayBegins, dayEnds } from '../plan/days.ts';
import { holderOf } from '../plan/holders.ts';
import { campaignIdOf, RETAILER, type OfferDraft, type OfferPlan } from '../plan/offers.ts';
import { chunksOf } from './chunks.ts';
import type { Operator } from './operator.ts';

export interface Imported {
  products: number;
  /** Products that coupons or receipts name and the catalogue does not hold. */
  productsUnknown: number;
  fundingParties: number;
  campaigns: number;
  offers: number;
  /** Coupons without an encoded value, left out. */
  offersLeftOut: number;
  holders: number;
  media: number;
}

/** One person drafts and submits, another approves: an offer needs both. */
const DRAFTED_BY = 'demo-marketing';
const APPROVED_BY = 'demo-approver';

/** Brings catalogue, parties, campaigns and offers into issuance, and households into the registry, in bulk. */
export async function importJourney(
  operator: Operator,
  journey: Journey,
  plan: OfferPlan,
  say: (what: string) => void,
): Promise<Imported> {
  say('products');
  const { products, unknown } = productsNeeded(journey);
  for (const chunk of chunksOf(products, sizeOf, { items: 5_000 })) {
    await operator.ask(ImportProductsV1, { products: chunk });
  }
  say('funding parties and campaigns');
  const parties = partiesOf(plan);
  for (const chunk of chunksOf(parties, sizeOf, { items: 1_000 })) {
    await operator.ask(RegisterFundingPartiesV1, { parties: chunk });
  }
  const campaigns = campaignsOf(journey);
  await operator.ask(CreateCampaignsV1, { createdBy: DRAFTED_BY, campaigns });
  say('offers');
  const drafts = plan.offers.map(({ draft }) => draft);
  for (const offers of chunksOf(drafts, sizeOfDraft, { items: 500 })) {
    await operator.ask(DraftOffersV1, { draftedBy: DRAFTED_BY, offers });
    const offerIds = offers.map(({ offerId }) => offerId);
    await operator.ask(SubmitOffersV1, { submittedBy: DRAFTED_BY, offerIds });
    await operator.ask(ApproveOffersV1, { approvedBy: APPROVED_BY, offerIds });
  }
  say('households');
  const households = [...new Set(journey.receipts.map(({ householdId }) => householdId))];
  const holders = households.map((household) => holderOf(household, journey.demographics.get(household)));
  let media = 0;
  for (const chunk of chunksOf(holders, sizeOf, { items: 1_000 })) {
    const registered = await operator.ask(RegisterHoldersV1, { holders: chunk });
    media += registered.media;
  }
  return {
    products: products.length,
    productsUnknown: unknown,
    fundingParties: parties.length,
    campaigns: campaigns.length,
    offers: drafts.length,
    offersLeftOut: plan.leftOut.length,
    holders: holders.length,
    media,
  };
}

function productsNeeded({ coupons, receipts, products }: Journey): { products: Product[]; unknown: number } {
  const named = new Set([
    ...coupons.flatMap(({ productIds }) => productIds),
    ...receipts.flatMap(({ lines }) => lines.map(({ productId }) => productId)),
  ]);
  const known = [...named].flatMap((productId) => products.get(productId) ?? []);
  return { products: known, unknown: named.size - known.length };
}

function partiesOf({ offers }: OfferPlan) {
  const names = new Set(offers.flatMap(({ draft }) => draft.terms.funding.map(({ party }) => party)));
  names.add(RETAILER);
  return [...names].map((party) => ({
    party,
    kind: party === RETAILER ? ('retailer' as const) : ('manufacturer' as const),
    title: party === RETAILER ? 'The grocer' : `Manufacturer ${party.slice(party.indexOf(':') + 1)}`,
  }));
}

function campaignsOf({ campaigns }: Journey) {
  return [...campaigns.values()].map(({ campaignId, type, firstDay, lastDay }) => ({
    campaignId: campaignIdOf(campaignId),
    title: `Campaign ${campaignId} (${type || 'no type'})`,
    startsAt: dayBegins(firstDay).toISOString(),
    endsAt: dayEnds(lastDay).toISOString(),
  }));
}

function sizeOf(item: object): number {
  return JSON.stringify(item).length;
}

function sizeOfDraft({ terms }: OfferDraft): number {
  return 1_000 + sizeOf(terms.requires);
}
