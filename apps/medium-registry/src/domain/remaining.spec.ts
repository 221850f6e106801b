import { aCachedOffer } from '../../test/samples.ts';
import { holderOffer } from './limits.ts';
import type { Limits, Offer } from './offer.ts';
import { Remaining } from './remaining.ts';
import type { PlannedUse } from './reservation-plan.ts';

const limitedTo = (limits: Limits): Offer => aCachedOffer({ conditions: { limits } });
const use = (couponId: string, offer: Offer, holderId = 'h'): PlannedUse => ({
  candidate: { couponId, holderId, offer },
  discount: 100n,
});
const remaining = (
  ofCoupon: Record<string, number>,
  { offer, ...left }: { offer?: Offer; uses?: bigint; budget?: bigint; used?: number } = {},
) =>
  new Remaining(new Map(Object.entries(ofCoupon)), {
    usesLeft: new Map(left.uses === undefined ? [] : [[offer!.offerId, left.uses]]),
    budgetLeft: new Map(left.budget === undefined ? [] : [[offer!.offerId, left.budget]]),
    usesByHolder: new Map(left.used === undefined ? [] : [[holderOffer('h', offer!.offerId), left.used]]),
  });

describe('what remains', () => {
  it('of a coupon goes down by each use, and of an unknown coupon there is nothing', () => {
    const offer = aCachedOffer();
    const left = remaining({ a: 2 });

    left.take([use('a', offer)]);
    expect(left.hasUse(use('a', offer).candidate)).toBe(true);
    left.take([use('a', offer)]);
    expect(left.hasUse(use('a', offer).candidate)).toBe(false);
    expect(left.allows([use('a', offer)])).toBe(false);
    expect(left.allows([use('b', offer)])).toBe(false);
  });

  it('for a holder is counted over all uses of the offer at once, and with those before', () => {
    const offer = limitedTo({ usesPerHolder: 2 });
    const left = remaining({ a: 1, b: 1, c: 1 }, { offer, used: 1 });

    expect(left.allows([use('a', offer)])).toBe(true);
    expect(left.allows([use('a', offer), use('b', offer)])).toBe(false);
    expect(left.allows([use('a', offer), use('b', offer, 'other')])).toBe(true);
    left.take([use('a', offer)]);
    expect(left.allows([use('b', offer)])).toBe(false);
  });

  it.each([
    { limit: 'uses', left: { uses: 2n }, taken: 2 },
    { limit: 'budget', left: { budget: 250n }, taken: 2 },
  ])('of a limit of $limit refuses the first use that it has too little for', ({ left, taken }) => {
    const offer = limitedTo({ uses: 9, budget: 900n });
    const limited = remaining({ a: 9 }, { offer, ...left });

    for (let n = 0; n < taken; n++) {
      expect(limited.refusing([use('a', offer)])).toEqual([]);
      limited.take([use('a', offer)]);
    }
    expect(limited.refusing([use('a', offer)])).toEqual([offer.offerId]);
  });

  it('refuses the sum of uses of one settlement, not each of them', () => {
    const offer = limitedTo({ budget: 900n });
    const left = remaining({ a: 1, b: 1 }, { offer, budget: 150n });
    expect(left.refusing([use('a', offer), use('b', offer)])).toEqual([offer.offerId]);
  });

  it('is counted down on a copy', () => {
    const offer = limitedTo({ uses: 1 });
    const allowances = {
      usesLeft: new Map([[offer.offerId, 1n]]),
      budgetLeft: new Map(),
      usesByHolder: new Map(),
    };
    new Remaining(new Map([['a', 1]]), allowances).take([use('a', offer)]);
    expect(allowances.usesLeft.get(offer.offerId)).toBe(1n);
  });
});
