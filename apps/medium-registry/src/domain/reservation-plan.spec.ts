import type { OfferConditions, OfferTerms } from '@couplet/contracts';
import fc from 'fast-check';
import { aCachedOffer, aReserve } from '../../test/samples.ts';
import type { Candidate } from './candidate.ts';
import { type PlanInput, planReservation } from './reservation-plan.ts';

type LineScope = NonNullable<Extract<OfferTerms['reward'], { kind: 'amount-off' }>['on']>;

const coupon = (couponId: string, offer = aCachedOffer()): Candidate => ({ couponId, holderId: 'h', offer });
const input = (candidates: Candidate[], some: Partial<PlanInput> = {}): PlanInput => ({
  candidates,
  presentedBy: new Map([['h', { mediumKinds: new Set(['credit-card'] as const), attributes: {} }]]),
  allowances: { usesLeft: new Map(), budgetLeft: new Map(), usesByHolder: new Map() },
  droppedOffers: new Set(),
  ...some,
});

describe('the plan of a reservation', () => {
  it('answers what it prices, and takes exactly that', () => {
    const plan = planReservation(aReserve(), input([coupon('a')]));

    expect(plan.answer).toMatchObject({
      couponSearch: 'found',
      discount: 100n,
      coupons: [
        {
          couponId: 'a',
          title: 'A dollar off milk',
          funding: [{ party: 'manufacturer:36200', amount: 100n }],
        },
      ],
      refused: [],
    });
    expect(plan.uses).toMatchObject([{ candidate: { couponId: 'a' }, discount: 100n }]);
  });

  it('uses the coupon first that would be lost first', () => {
    const soon = aCachedOffer({ conditions: { validTo: '2026-05-20T00:00:00Z' } });
    const plan = planReservation(aReserve(), input([coupon('a'), coupon('b', soon)]));

    expect(plan.answer.coupons.map(({ couponId }) => couponId)).toEqual(['b']);
    expect(plan.answer.refused).toMatchObject([{ couponId: 'a', reason: 'beaten-by-better-coupon' }]);
  });

  it('leaves a coupon that is credited later out of a sale without a card, and says so', () => {
    const credit = aCachedOffer({ conditions: { settledBy: 'statement-credit' } });

    expect(planReservation(aReserve(), input([coupon('a', credit)]))).toMatchObject({
      uses: [],
      answer: { couponSearch: 'none', discount: 0n, refused: [{ reason: 'needs-a-card' }] },
    });
  });

  it.each([{ canCredit: true }, { held: { holderId: 'h', couponIds: ['a', 'b'] } }])(
    'prices what is credited later together with what the till takes off, and tells them apart: %j',
    (asked) => {
      const [credit, till] = [aQuarterOff({ settledBy: 'statement-credit' }), aQuarterOff()];
      const plan = planReservation(aReserve(asked), input([coupon('a', credit), coupon('b', till)]));

      const { discount, coupons } = plan.answer;
      const credited = coupons.filter(({ settledBy }) => settledBy === 'statement-credit');
      expect(credited.map(({ couponId }) => couponId)).toEqual(['a']);
      expect(coupons.find(({ couponId }) => couponId === 'b')).toMatchObject({ discount });
      expect(plan.uses).toHaveLength(2);
    },
  );

  it('never gives more than the price, off and credited together', () => {
    const free = { requires: [], reward: { kind: 'amount-off' as const, amount: 300n } };
    const credit = aCachedOffer({ terms: free, conditions: { settledBy: 'statement-credit' } });
    const held = [coupon('a', credit), coupon('b', aCachedOffer({ terms: free }))];
    const { coupons } = planReservation(aReserve({ canCredit: true }), input(held)).answer;

    expect(coupons.reduce((sum, { discount }) => sum + discount, 0n)).toBeLessThanOrEqual(386n);
  });

  it('drops the offers whose limit refused, and says so', () => {
    const limited = aCachedOffer({ terms: { reward: { kind: 'amount-off', amount: 300n } } });
    const candidates = [coupon('a', limited), coupon('b')];
    const plan = planReservation(
      aReserve(),
      input(candidates, { droppedOffers: new Set([limited.offerId]) }),
    );

    expect(plan.answer.coupons.map(({ couponId }) => couponId)).toEqual(['b']);
    expect(plan.answer.refused).toEqual([
      { couponId: 'a', offerId: limited.offerId, reason: 'limit-reached' },
    ]);
  });

  it('tells why a coupon may not be used here, but not that it is over', () => {
    const rental = aCachedOffer({ conditions: { purposes: ['rental'] } });
    const over = aCachedOffer({ conditions: { validTo: '2026-05-02T00:00:00Z' } });
    const plan = planReservation(aReserve(), input([coupon('a', rental), coupon('b', over)]));

    expect(plan.answer).toMatchObject({ couponSearch: 'none', discount: 0n, coupons: [] });
    expect(plan.answer.refused).toEqual([
      { couponId: 'a', offerId: rental.offerId, reason: 'purpose-differs' },
    ]);
  });

  describe('of a sale that is not told by its lines', () => {
    const untold = (amount: bigint) => aReserve({ lines: [], amount });
    const onOrder = (reward: OfferTerms['reward'], terms: Partial<OfferTerms> = {}) =>
      aCachedOffer({ terms: { requires: [], reward, ...terms } });

    it('takes off the amount what needs no basket, and lists no lines', () => {
      const ten = onOrder({ kind: 'percent-off', rateBps: 1_000 });
      const plan = planReservation(untold(1_250n), input([coupon('a', ten), coupon('b')]));

      expect(plan.answer).toMatchObject({
        couponSearch: 'found',
        discount: 125n,
        coupons: [{ couponId: 'a', discount: 125n, lines: [], funding: [{ amount: 125n }] }],
        refused: [],
      });
      expect(plan.uses).toMatchObject([{ candidate: { couponId: 'a' }, discount: 125n }]);
    });

    it.each<{ title: string; terms: Partial<OfferTerms> }>([
      { title: 'on single pieces', terms: { reward: aDollar({ target: 'lines', allocation: 'each-unit' }) } },
      { title: 'on dear products', terms: { reward: aDollar({ select: { unitPriceMin: 100n } }) } },
      { title: 'from two pieces', terms: { conditions: [{ kind: 'min-quantity', quantity: 1 }] } },
      { title: 'a free item', terms: { reward: { kind: 'free-item', quantity: 1 } } },
    ])('leaves alone what only lines can tell: $title', ({ terms }) => {
      const offer = onOrder({ kind: 'amount-off', amount: 100n }, terms);
      expect(planReservation(untold(1_250n), input([coupon('a', offer)])).uses).toEqual([]);
    });

    it('knows what it costs together', () => {
      const from = onOrder(
        { kind: 'amount-off', amount: 100n },
        { conditions: [{ kind: 'min-subtotal', amount: 1_000n }] },
      );
      const discountOf = (amount: bigint) =>
        planReservation(untold(amount), input([coupon('a', from)])).answer.discount;
      expect([discountOf(999n), discountOf(1_000n)]).toEqual([0n, 100n]);
    });

    it('never takes off more than the amount', () => {
      const reward = fc.oneof(
        fc.record({ kind: fc.constant('amount-off' as const), amount: fc.bigInt(0n, 500n) }),
        fc.record({ kind: fc.constant('percent-off' as const), rateBps: fc.nat(10_000) }),
      );
      fc.assert(
        fc.property(fc.bigInt(0n, 800n), fc.array(reward, { maxLength: 5 }), (amount, rewards) => {
          const held = rewards.map((one, n) => coupon(`${n}`, onOrder(one)));
          const { discount, coupons } = planReservation(untold(amount), input(held)).answer;
          expect(discount).toBeLessThanOrEqual(amount);
          expect(coupons.reduce((sum, one) => sum + one.discount, 0n)).toBe(discount);
        }),
      );
    });
  });
});

function aQuarterOff(conditions: Partial<OfferConditions> = {}) {
  const reward = { kind: 'percent-off' as const, rateBps: 2_500 };
  return aCachedOffer({ terms: { requires: [], reward }, conditions });
}

function aDollar(on: Partial<LineScope>): OfferTerms['reward'] {
  return {
    kind: 'amount-off',
    amount: 100n,
    on: { kind: 'lines', target: 'order', allocation: 'across', ...on },
  };
}
