import { type DraftOffersV1, OfferApprovedV1 } from '@couplet/contracts';
import { z } from 'zod';

export type Draft = z.output<typeof DraftOffersV1.request>['offers'][number];

/** A name that an offer uses, and where. */
export interface Reference {
  readonly name: string;
  /** Path in the request, such as `offers[0].terms.funding[0].party`. */
  readonly field: string;
}

export function partiesOf(drafts: readonly Draft[]): Reference[] {
  return drafts.flatMap(({ terms }, offer) => [
    ...terms.funding.map(({ party }, index) => ({
      name: party,
      field: `offers[${offer}].terms.funding[${index}].party`,
    })),
    ...(terms.storeMatch
      ? [{ name: terms.storeMatch.party, field: `offers[${offer}].terms.storeMatch.party` }]
      : []),
  ]);
}

export function campaignsOf(drafts: readonly Draft[]): Reference[] {
  return drafts.map(({ campaignId }, offer) => ({ name: campaignId, field: `offers[${offer}].campaignId` }));
}

export function productsOf(drafts: readonly Draft[]): Reference[] {
  return drafts.flatMap(({ terms }, offer) => productsIn(terms, `offers[${offer}].terms`));
}

/** Wherever terms name products: in what they require, in conditions, and in what a reward is on. */
function productsIn(value: unknown, path: string): Reference[] {
  if (Array.isArray(value)) return value.flatMap((each, index) => productsIn(each, `${path}[${index}]`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) =>
    name === 'productIds'
      ? (each as string[]).map((product, index) => ({ name: product, field: `${path}.productIds[${index}]` }))
      : productsIn(each, `${path}.${name}`),
  );
}

/** Offers that the request names more than once. */
export function twiceNamed(drafts: readonly Draft[]): Reference[] {
  const seen = new Set<string>();
  return drafts.flatMap(({ offerId }, offer) => {
    const field = `offers[${offer}].offerId`;
    if (seen.has(offerId.toLowerCase())) return [{ name: offerId, field }];
    seen.add(offerId.toLowerCase());
    return [];
  });
}

/** One NATS message holds 1 MiB, and the outbox takes up to a million bytes of body. */
const EVENT_BYTES_MAX = 1_000_000;

/** Length of an event's body beyond what the offer itself says: `approvedAt`. */
const APPROVED_AT = '2000-01-01T00:00:00.000Z';

/** Offers whose `offer-approved` could never be published, with its size. */
export function tooLarge(drafts: readonly Draft[]): { field: string; bytes: number; max: number }[] {
  return drafts.flatMap((draft, offer) => {
    const event = z.encode(OfferApprovedV1.payload, { ...draft, version: 1, approvedAt: APPROVED_AT });
    const bytes = new TextEncoder().encode(JSON.stringify(event)).length;
    return bytes > EVENT_BYTES_MAX ? [{ field: `offers[${offer}].terms`, bytes, max: EVENT_BYTES_MAX }] : [];
  });
}
