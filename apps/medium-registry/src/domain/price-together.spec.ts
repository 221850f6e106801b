import { aCachedOffer, aReserve } from '../../test/samples.ts';
import type { Candidate } from './candidate.ts';
import type { Offer } from './offer.ts';
import { type Basket, priceTogether } from './price-together.ts';
import { Remaining } from './remaining.ts';
import { FIRST_ROUND, nextRound, type Round } from './round.ts';
import { judge } from './verdict.ts';

const plain = aCachedOffer();
const aBasket = (candidates: Candidate[], round: Round = FIRST_ROUND): Basket => ({
  request: aReserve(),
  round,
  candidates,
  presentedBy: new Map([['h', { mediumKinds: new Set(['point-card' as const]), attributes: {} }]]),
});
const coupon = (couponId: string, offer: Offer = plain): Candidate => ({ couponId, holderId: 'h', offer });
const left = (ofCoupon: Record<string, number>, budget: [Offer, bigint][] = []) =>
  new Remaining(new Map(Object.entries(ofCoupon)), {
    usesLeft: new Map(),
    budgetLeft: new Map(budget.map(([{ offerId }, amount]) => [offerId, amount])),
    usesByHolder: new Map(),
  });
const usesOf = ({ plan }: { plan: { uses: { candidate: Candidate }[] } }) =>
  plan.uses.map(({ candidate }) => candidate.couponId);
const known =
  (...which: boolean[]) =>
  (priced: ReturnType<typeof priceTogether>) =>
    priced.map((one, index) => ({ ...one, isKnown: which[index] ?? false }));

describe('baskets that are priced together', () => {
  it('are each given what those before them leave', () => {
    const both = [coupon('a'), coupon('b')];
    const priced = priceTogether([aBasket(both), aBasket(both), aBasket(both)], left({ a: 1, b: 1 }));
    expect(priced.map(usesOf)).toEqual([['a'], ['b'], []]);
  });

  it('share a coupon as often as it may be used', () => {
    const priced = priceTogether(
      Array.from({ length: 4 }, () => aBasket([coupon('a')])),
      left({ a: 3 }),
    );
    expect(priced.map(usesOf)).toEqual([['a'], ['a'], ['a'], []]);
  });

  it('leave an offer alone whose budget has too little left, and say so', () => {
    const limited = aCachedOffer({ conditions: { limits: { budget: 900n } } });
    const priced = priceTogether(
      [aBasket([coupon('a', limited)]), aBasket([coupon('b', limited)])],
      left({ a: 1, b: 1 }, [[limited, 150n]]),
    );
    expect(priced.map(usesOf)).toEqual([['a'], []]);
    expect(priced[1]!.plan.answer.refused).toMatchObject([{ couponId: 'b', reason: 'limit-reached' }]);
    expect(priced[1]!.round).toEqual({ number: 1, droppedOffers: new Set([limited.offerId]) });
  });

  it('leave limited offers alone in the last repricing, and everything after it', () => {
    const limited = aCachedOffer({ conditions: { limits: { uses: 9 } } });
    const third = nextRound(nextRound(nextRound(FIRST_ROUND)));
    const candidates = [coupon('a', limited), coupon('b')];
    const priced = priceTogether(
      [aBasket(candidates, third), aBasket(candidates, nextRound(third))],
      left({ a: 9, b: 9 }),
    );
    expect(priced.map(usesOf)).toEqual([['b'], []]);
  });
});

describe('the verdict on them', () => {
  const three = () => {
    const both = [coupon('a'), coupon('b')];
    return priceTogether([aBasket(both), aBasket(both), aBasket([coupon('c')])], left({ a: 1, b: 1, c: 1 }));
  };

  it('grants what is there', () => {
    const verdicts = judge(known()(three()), left({ a: 1, b: 1, c: 1 }));
    expect(verdicts.map(({ kind }) => kind)).toEqual(['granted', 'granted', 'granted']);
  });

  it('has a basket priced again whose coupon another was first with, and those that got less because of it', () => {
    const verdicts = judge(known()(three()), left({ a: 0, b: 1, c: 1 }));
    expect(verdicts).toEqual([
      { kind: 'again', round: nextRound(FIRST_ROUND) },
      { kind: 'again', round: FIRST_ROUND },
      { kind: 'granted' },
    ]);
  });

  it('counts no repricing of those that got less because of a repeat', () => {
    const verdicts = judge(known(true)(three()), left({ a: 1, b: 1, c: 1 }));
    expect(verdicts).toEqual([{ kind: 'known' }, { kind: 'again', round: FIRST_ROUND }, { kind: 'granted' }]);
  });

  it('grants a limit in turn up to what is left, and drops the offer for the others', () => {
    const limited = aCachedOffer({ conditions: { limits: { budget: 900n } } });
    const baskets = ['a', 'b', 'c'].map((couponId) => aBasket([coupon(couponId, limited)]));
    const priced = priceTogether(baskets, left({ a: 1, b: 1, c: 1 }, [[limited, 900n]]));

    const verdicts = judge(known()(priced), left({ a: 1, b: 1, c: 1 }, [[limited, 150n]]));

    const dropped = { kind: 'again', round: nextRound(FIRST_ROUND, [limited.offerId]) };
    expect(verdicts).toEqual([{ kind: 'granted' }, dropped, dropped]);
  });
});
