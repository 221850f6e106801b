import type { DraftFromCouponsV1, OfferConditions, OfferTerms } from '@couplet/contracts';
import { parseGs1Coupon8110, parseUpcCoupon, termsOfGs1, termsOfUpc } from '@couplet/promotion';
import type { z } from 'zod';
import type { Draft } from './draft.ts';
import { upcCheckDigit } from './upc-check-digit.ts';

export type PaperCouponDraft = z.output<typeof DraftFromCouponsV1.request>['offers'][number];

/** Why a code makes no offer, and the field that says so. */
export interface NoDraft {
  readonly field: string;
  readonly detail: string;
}

/** What a code says of itself. */
interface Promised {
  terms: OfferTerms;
  /** Local dates; the last day counts. */
  validFrom?: string;
  validTo?: string;
  mayBeMatched: boolean;
}

/** The offer that a paper coupon is, with what its code cannot say. */
export function draftOf(paper: PaperCouponDraft): Draft | NoDraft {
  const promised =
    paper.coupon.kind === 'upc-a' ? readUpc(paper, paper.coupon.code) : readGs1(paper, paper.coupon.data);
  if ('field' in promised) return promised;
  if (paper.storeMatch && !promised.mayBeMatched) {
    return { field: 'storeMatch', detail: 'the code forbids the store to add to it' };
  }
  const conditions = paper.conditions ?? conditionsOf(promised);
  if (!conditions)
    return { field: 'conditions', detail: 'the code does not say from when to when: give conditions' };
  const { offerId, campaignId, title, party, storeMatch } = paper;
  const terms = {
    ...promised.terms,
    ...(party !== undefined && { funding: [{ party, shareBps: 10_000 }] }),
    ...(storeMatch && { storeMatch }),
  };
  return { offerId, campaignId, title, terms, conditions };
}

function readUpc(paper: PaperCouponDraft, code: string): Promised | NoDraft {
  const field = 'coupon.code';
  if (code.length === 12 && upcCheckDigit(code.slice(0, 11)) !== Number(code[11])) {
    return { field, detail: 'its check digit is wrong' };
  }
  const read = parseUpcCoupon(code.slice(0, 11));
  if ('notEncoded' in read) return { field, detail: read.notEncoded };
  const productIds = productsOf(paper, undefined, read.family);
  if (productIds.length === 0) return { field: 'products', detail: `none is of family ${read.family}` };
  return { terms: mutable(termsOfUpc(read, productIds)), mayBeMatched: true };
}

function readGs1(paper: PaperCouponDraft, data: string): Promised | NoDraft {
  const field = 'coupon.data';
  const read = parseGs1Coupon8110(data);
  if ('error' in read) return { field, detail: read.error };
  const draft = termsOfGs1(read.coupon, (gcp, family) => productsOf(paper, gcp, family));
  if ('notExpressible' in draft) return { field, detail: draft.notExpressible };
  return { ...draft, terms: mutable(draft.terms) };
}

function productsOf({ products }: PaperCouponDraft, gcp: string | undefined, family: string): string[] {
  const fits = (known: string | undefined, asked: string | undefined) =>
    known === undefined || asked === undefined || known === asked;
  const named = products.filter((each) => fits(each.gcp, gcp) && fits(each.family, family));
  return [...new Set(named.flatMap(({ productIds }) => productIds))];
}

function conditionsOf({ validFrom, validTo }: Promised): OfferConditions | undefined {
  if (validFrom === undefined || validTo === undefined) return undefined;
  return { purposes: ['purchase'], validFrom: `${validFrom}T00:00`, validTo: `${dayAfter(validTo)}T00:00` };
}

function dayAfter(day: string): string {
  return new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
}

/** The engine's terms are read-only, those of a message are not. */
function mutable(terms: ReturnType<typeof termsOfUpc>): OfferTerms {
  return terms as OfferTerms;
}
