import type { Receipt } from '../journey/types.ts';
import type { Settled, SettleReply } from '../replay/settled.ts';
import { tallyOf } from './tally.ts';

const receipt: Receipt = { basketId: 'b', householdId: '2', storeId: '1', at: new Date(0), lines: [] };
const settled = (latencyMs: number, answer: Settled['answer']): Settled => ({
  receipt,
  attemptId: 'a',
  latencyMs,
  answer,
});
const reply = (changes: Partial<SettleReply>): Settled['answer'] => ({
  kind: 'reply',
  reply: {
    attemptId: 'a',
    settlementId: 's',
    outcome: 'approved',
    currency: 'USD',
    originalAmount: 386n,
    discount: 0n,
    amount: 386n,
    coupons: [],
    benefits: [],
    couponSearch: 'none',
    ...changes,
  },
});
const coupon = (...funding: { party: string; amount: bigint }[]): SettleReply['coupons'][number] => ({
  couponId: 'c',
  offerId: 'o',
  title: '',
  discount: 100n,
  lines: [],
  funding,
});

it('counts answers, discounts by party and the pace', () => {
  const tally = tallyOf(
    [
      settled(5, reply({})),
      settled(
        10,
        reply({
          couponSearch: 'found',
          discount: 100n,
          coupons: [
            coupon({ party: 'manufacturer:1', amount: 55n }, { party: 'retailer:grocer', amount: 45n }),
          ],
        }),
      ),
      settled(
        7,
        reply({
          outcome: 'declined',
          couponSearch: 'late',
          originalAmount: 900n,
          coupons: [coupon({ party: 'x', amount: 1n })],
        }),
      ),
      settled(400, { kind: 'failed', problem: 'no-answer' }),
    ],
    2_000,
  );
  expect(tally).toEqual({
    baskets: 4,
    outcomes: { approved: 2, declined: 1, failed: 1 },
    couponSearch: { found: 1, none: 1, late: 1, unavailable: 0 },
    originalAmount: 772n,
    discount: 100n,
    coupons: 1,
    discountByParty: { 'manufacturer:1': 55n, 'retailer:grocer': 45n },
    latencyMs: { p50: 7, p99: 400, max: 400 },
    settlementsPerSecond: 2,
    problems: { 'no-answer': 1 },
  });
});
