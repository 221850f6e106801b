import type { Journey, Receipt, ReceiptLine } from '../journey/types.ts';
import { offerIdOf, planOffers, RETAILER } from '../plan/offers.ts';
import type { Settled, SettleReply } from '../replay/settled.ts';
import { compareRecorded } from './recorded.ts';

const SOAP = '53620012350'; // 50 cents off one.
const TWO_SOAPS = '53620012333'; // A dollar off two.

const line = (recorded: [bigint, bigint], quantity = '1'): ReceiptLine => ({
  lineId: '1',
  productId: '77',
  quantity,
  amount: 300n,
  recorded: { manufacturer: recorded[0], store: recorded[1] },
});
const receipt = (basketId: string, at: string, ...lines: ReceiptLine[]): Receipt => ({
  basketId,
  householdId: '2',
  storeId: '1',
  at: new Date(at),
  lines,
});
const journeyOf = (redemptions: [upc: string, day: string][], receipts: Receipt[]): Journey => ({
  products: new Map(),
  campaigns: new Map([['1', { campaignId: '1', type: 'A', firstDay: '2017-03-03', lastDay: '2017-04-09' }]]),
  coupons: [SOAP, TWO_SOAPS].map((upc) => ({ upc, campaignId: '1', productIds: ['77'] })),
  targets: [],
  redemptions: redemptions.map(([upc, day]) => ({ householdId: '2', upc, campaignId: '1', day })),
  demographics: new Map(),
  receipts,
});
const settledWith = (
  one: Receipt,
  ...coupons: [upc: string, manufacturer: bigint, store: bigint][]
): Settled => ({
  receipt: one,
  attemptId: one.basketId,
  latencyMs: 1,
  answer: {
    kind: 'reply',
    reply: {
      outcome: 'approved',
      couponSearch: coupons.length > 0 ? 'found' : 'none',
      coupons: coupons.map(([upc, manufacturer, store]) => ({
        offerId: offerIdOf({ upc, campaignId: '1' }),
        lines: [{ lineId: '1', discount: manufacturer + store }],
        funding: [
          { party: 'manufacturer:36200', amount: manufacturer },
          { party: RETAILER, amount: store },
        ],
      })),
    } as unknown as SettleReply,
  },
});
const compare = (journey: Journey, settled: Settled[]) =>
  compareRecorded(journey, planOffers(journey, { storeMatchUpTo: 100n }), settled);

describe('recorded redemptions beside the replay', () => {
  it('agree to the cent, also on the evening that is the next day in UTC', () => {
    const one = receipt('b', '2017-03-06T01:30:00Z', line([50n, 50n]));
    const comparison = compare(journeyOf([[SOAP, '2017-03-05']], [one]), [
      settledWith(one, [SOAP, 50n, 50n]),
    ]);
    expect(comparison).toMatchObject({ matched: 1, agree: 1, share: 1, causes: {} });
    expect(comparison.rows[0]).toMatchObject({
      recorded: { manufacturer: 50n, store: 50n },
      computed: { manufacturer: 50n, store: 50n },
    });
  });

  it('do not match lines without a discount, of another day, or of receipts that were not replayed', () => {
    const plain = receipt('plain', '2017-03-05T10:00:00Z', line([0n, 0n]));
    const late = receipt('late', '2017-03-07T10:00:00Z', line([50n, 50n]));
    const journey = journeyOf([[SOAP, '2017-03-05']], [plain, late]);
    expect(compare(journey, [settledWith(plain), settledWith(late)]).matched).toBe(0);
    const good = receipt('good', '2017-03-05T10:00:00Z', line([50n, 50n]));
    expect(compare(journeyOf([[SOAP, '2017-03-05']], [good]), []).matched).toBe(0);
  });

  it('lack pieces that were not sampled', () => {
    const one = receipt('b', '2017-03-05T10:00:00Z', line([100n, 0n]));
    const { causes, share } = compare(journeyOf([[TWO_SOAPS, '2017-03-05']], [one]), [settledWith(one)]);
    expect(causes).toEqual({ 'purchase-requirement-not-in-sample': 1 });
    expect(share).toBe(0);
  });

  it('stand two on one line', () => {
    const one = receipt('b', '2017-03-05T10:00:00Z', line([150n, 50n], '3'));
    const journey = journeyOf(
      [
        [SOAP, '2017-03-05'],
        [TWO_SOAPS, '2017-03-05'],
      ],
      [one],
    );
    const { causes } = compare(journey, [settledWith(one, [SOAP, 50n, 50n], [TWO_SOAPS, 100n, 0n])]);
    expect(causes).toEqual({ 'two-coupons-on-one-line': 2 });
  });

  it('are used on an earlier receipt of the replay', () => {
    const first = receipt('first', '2017-03-05T10:00:00Z', line([0n, 0n]));
    const second = receipt('second', '2017-03-05T18:00:00Z', line([50n, 50n]));
    const journey = journeyOf([[SOAP, '2017-03-05']], [first, second]);
    const { causes } = compare(journey, [settledWith(first, [SOAP, 50n, 50n]), settledWith(second)]);
    expect(causes).toEqual({ 'used-on-an-earlier-receipt': 1 });
  });

  it('stay unexplained where no rule fits', () => {
    const one = receipt('b', '2017-03-05T10:00:00Z', line([50n, 50n]));
    const { causes } = compare(journeyOf([[SOAP, '2017-03-05']], [one]), [settledWith(one)]);
    expect(causes).toEqual({ unexplained: 1 });
  });
});
