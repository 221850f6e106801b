import { aCachedOffer } from '../../test/samples.ts';
import type { Candidate } from './candidate.ts';
import { type Allowances, holderOffer, withinLimits } from './limits.ts';
import type { Offer } from './offer.ts';

const coupons = (offer: Offer, ...holders: string[]): Candidate[] =>
  holders.map((holderId, index) => ({ couponId: `c${index}`, holderId, offer }));
const allowances = (some: Partial<Allowances> = {}): Allowances => ({
  usesLeft: new Map(),
  budgetLeft: new Map(),
  usesByHolder: new Map(),
  ...some,
});
const ids = (candidates: Candidate[]) => candidates.map(({ couponId }) => couponId);

describe('what limits leave room for', () => {
  it('is everything when there is no limit', () => {
    expect(ids(withinLimits(coupons(aCachedOffer(), 'h', 'h'), allowances()).within)).toEqual(['c0', 'c1']);
  });

  it('is one of two coupons when one use of the offer is left', () => {
    const offer = aCachedOffer({ conditions: { limits: { uses: 5 } } });
    const left = allowances({ usesLeft: new Map([[offer.offerId, 1n]]) });
    const { within, beyond } = withinLimits(coupons(offer, 'h', 'i'), left);
    expect([ids(within), ids(beyond)]).toEqual([['c0'], ['c1']]);
  });

  it('is nothing when the budget is spent', () => {
    const offer = aCachedOffer({ conditions: { limits: { budget: 500n } } });
    const left = allowances({ budgetLeft: new Map([[offer.offerId, 0n]]) });
    expect(withinLimits(coupons(offer, 'h'), left).within).toEqual([]);
  });

  it('counts each holder by himself, with the uses he made before', () => {
    const offer = aCachedOffer({ conditions: { limits: { usesPerHolder: 2 } } });
    const left = allowances({ usesByHolder: new Map([[holderOffer('h', offer.offerId), 1]]) });
    const { within, beyond } = withinLimits(coupons(offer, 'h', 'h', 'i', 'i', 'i'), left);
    expect([ids(within), ids(beyond)]).toEqual([
      ['c0', 'c2', 'c3'],
      ['c1', 'c4'],
    ]);
  });
});
