import { v7 as uuidv7 } from 'uuid';
import type { Body } from './fake-relay.ts';
import { eventually, found, gate, none, startStand, type Reserve, type Shop, type Stand } from './stand.ts';

let stand: Stand;
/** Where a coupon that was used stays used. */
let keeping: Stand;
beforeAll(async () => {
  const quick = { QUEUE_POLL_MS: '50', QUEUE_BACKOFF_MS_MIN: '20', QUEUE_BACKOFF_MS_MAX: '50' };
  [stand, keeping] = await Promise.all([startStand(quick), startStand({ ...quick, COUPON_RETURN: 'never' })]);
}, 60_000);
afterAll(() => Promise.all([stand.stop(), keeping.stop()]));

const [APPLES, SALT] = ['1', '2'];
const COUPON = uuidv7();
/** 3 apples for 299 with 100 off, and salt for 87 with nothing off: 286. */
const LINES = [
  { lineId: APPLES, productId: 'a', quantity: '3', unit: 'each', amount: 299, discountable: true },
  { lineId: SALT, productId: 's', quantity: '1', unit: 'each', amount: 87, discountable: true },
];

describe('F19: a refund', () => {
  it.each<[string, Body[][], number[]]>([
    ['one line after the other', [[{ lineId: APPLES }], [{ lineId: SALT }]], [199, 87]],
    ['the line without a discount', [[{ lineId: SALT }]], [87]],
    ['both at once', [[{ lineId: APPLES }, { lineId: SALT }]], [286]],
    [
      'an apple at a time: no cent more or less',
      [1, 2, 3].map(() => [{ lineId: APPLES, quantity: '1' }]),
      [66, 67, 66],
    ],
  ])('F19: %s gives back exactly what was paid for it', async (_title, asked, amounts) => {
    const { shop, attemptId, settlementId } = await sale();

    const given = [];
    for (const lines of asked) given.push(await refund(shop, attemptId, lines));

    expect(given.map(({ amount }) => amount)).toEqual(amounts);
    const sum = amounts.reduce((total, amount) => total + amount, 0);
    await eventually(() =>
      expect(shop.relay.of(settlementId)).toMatchObject([{ captured: 286, refunded: sum }]),
    );
    await shop.rest(attemptId, 'granted', sum === 286 ? 'refunded' : 'captured');
    await eventually(() => {
      const told = shop.events(settlementId).filter(({ fact }) => fact === 'settlement-refunded');
      expect(told.map(({ body }) => body['amount'])).toEqual(amounts);
    });
  });

  it('F19: the coupon goes back with the last of what it discounted, and not before', async () => {
    const { shop, attemptId } = await sale();

    const first = await refund(shop, attemptId, [{ lineId: APPLES, quantity: '2' }, { lineId: SALT }]);
    const last = await refund(shop, attemptId, [{ lineId: APPLES }]);

    expect([first['couponIds'], last['couponIds']]).toEqual([[], [COUPON]]);
  });

  it('F19: where coupons stay used up, neither a refund nor a cancel gives one back', async () => {
    const { shop, attemptId, settlementId } = await sale(keeping.shop(offApples));
    expect(await refund(shop, attemptId, [{ lineId: APPLES }])).toMatchObject({ couponIds: [] });

    await shop.ask('cancel', { attemptId });

    await eventually(() =>
      expect(shop.events(settlementId)).toContainEqual({
        fact: 'settlement-rolled-back',
        body: expect.objectContaining({ couponIds: [], keptCouponIds: [COUPON] }),
      }),
    );
  });

  it('F19: the same refund twice, also at once, is given once; other lines by its id are refused', async () => {
    const { shop, attemptId, settlementId } = await sale();
    const refundId = uuidv7();
    const again = (lines: Body[]) => shop.ask('refund', { attemptId, refundId, lines });
    const one = [{ lineId: APPLES, quantity: '1' }];

    const [first, second] = await Promise.all([again(one), again(one)]);

    expect([first?.['amount'], second?.['amount']]).toEqual([66, 66]);
    expect(await again([{ lineId: APPLES, quantity: '1.00' }])).toMatchObject({ amount: 66 });
    for (const other of [[{ lineId: SALT }], [{ lineId: APPLES, quantity: '2' }]])
      expect((await again(other))['code']).toMatch(/conflict/);
    await eventually(() => expect(shop.relay.of(settlementId)).toMatchObject([{ refunded: 66 }]));
    const { refunds } = await shop.ask('status', { attemptId });
    expect(refunds).toHaveLength(1);
  });

  it('F19: two at once, for the same line, give it back once', async () => {
    const { shop, attemptId, settlementId } = await sale();

    const both = await Promise.all([1, 2].map(() => refund(shop, attemptId, [{ lineId: SALT }])));

    expect(both.filter(({ code }) => code === 'invalid-request')).toHaveLength(1);
    await shop.rest(attemptId, 'granted', 'captured');
    await eventually(() => expect(shop.relay.of(settlementId)).toMatchObject([{ refunded: 87 }]));
  });

  it.each<[string, Body[], string]>([
    ['a line that was not sold', [{ lineId: '9' }], 'lines[0]'],
    ['a line twice', [{ lineId: SALT }, { lineId: SALT }], 'lines[0]'],
    ['more than was sold', [{ lineId: APPLES, quantity: '4' }], 'lines[0]'],
    ['nothing of a line', [{ lineId: APPLES, quantity: '0' }], 'lines[0]'],
  ])('F19: of %s is refused', async (_title, lines, field) => {
    const { shop, attemptId } = await sale();
    expect(await refund(shop, attemptId, lines)).toMatchObject({
      ...{ code: 'invalid-request', errors: [{ field }] },
    });
  });

  it('F19: before the capture waits for it', async () => {
    const { shop, attemptId, settlementId, captures } = await sale(undefined, 'slowly');

    expect(await refund(shop, attemptId, [{ lineId: SALT }])).toMatchObject({ amount: 87, state: 'due' });
    expect(shop.relay.calls('refund')).toHaveLength(0);
    captures.open();

    await eventually(() =>
      expect(shop.relay.of(settlementId)).toMatchObject([{ captured: 286, refunded: 87 }]),
    );
    await eventually(async () =>
      expect(await shop.ask('status', { attemptId })).toMatchObject({ refunds: [{ state: 'done' }] }),
    );
  });

  it('F19: and a cancel of the rest, before the capture: captured, then both given back', async () => {
    const { shop, attemptId, settlementId, captures } = await sale(undefined, 'slowly');
    await Promise.all([
      refund(shop, attemptId, [{ lineId: SALT }]),
      shop.ask('cancel', { attemptId }),
      refund(shop, attemptId, [{ lineId: APPLES }]),
    ]);
    captures.open();

    await shop.rest(attemptId, 'cancelled', 'refunded');
    expect(shop.relay.of(settlementId)).toMatchObject([{ captured: 286, refunded: 286, held: 0 }]);
    expect(shop.relay.calls('reverse')).toHaveLength(0);
  });

  it('F19: a cancel after a refund of a part gives back the rest', async () => {
    const { shop, attemptId, settlementId } = await sale();
    await refund(shop, attemptId, [{ lineId: APPLES }]);

    await shop.ask('cancel', { attemptId });

    await shop.rest(attemptId, 'cancelled', 'refunded');
    expect(shop.relay.calls('refund').map(({ amount }) => amount)).toEqual([199, 87]);
    expect(shop.relay.of(settlementId)).toMatchObject([{ captured: 286, refunded: 286 }]);
    await eventually(() =>
      expect(shop.events(settlementId)).toContainEqual({
        fact: 'settlement-rolled-back',
        body: expect.objectContaining({ couponIds: [] }), // It went back with the apples.
      }),
    );
    expect(await refund(shop, attemptId)).toMatchObject({ code: 'conflict' });
  });

  it('F19: of a sale without lines is of all of it, once', async () => {
    const { shop, attemptId } = await sale(stand.shop(none), 'at once', { lines: [] });

    expect(await refund(shop, attemptId, [{ lineId: '1' }])).toMatchObject({ code: 'conflict' });
    expect(await refund(shop, attemptId)).toMatchObject({ amount: 386, cardAmount: 386, lines: [] });
    expect(await refund(shop, attemptId)).toMatchObject({ code: 'conflict' });
    await shop.rest(attemptId, 'granted', 'refunded');
  });

  it('F19: of a sale that no card paid is given back by hand, and its coupon goes back', async () => {
    const media = [{ kind: 'point-card', scheme: 'grocer', id: '2261' }];
    const { shop, attemptId } = await sale(undefined, 'at once', { payment: undefined, media });

    expect(await refund(shop, attemptId)).toMatchObject({
      ...{ amount: 286, cardAmount: 0, state: 'done', couponIds: [COUPON] },
    });
    expect(shop.relay.calls('refund')).toHaveLength(0);
  });

  it('F19: of what was not confirmed is refused: there is nothing to give back', async () => {
    const { shop, attemptId } = await sale(undefined, 'at once', { capture: 'on-confirm' });
    expect(await refund(shop, attemptId)).toMatchObject({ code: 'conflict' });
    expect(await refund(shop, uuidv7())).toMatchObject({ code: 'not-found' });
  });

  it('F19: gives the card what the card paid, and the rest by hand', async () => {
    const shop = stand.shop(offApples);
    Object.assign(shop.relay, { balance: 200, approvesInPart: true });
    const { attemptId } = await sale(shop, 'at once', { acceptPartialApproval: true });

    expect(await refund(shop, attemptId)).toMatchObject({ amount: 286, cardAmount: 200 });

    await shop.rest(attemptId, 'granted', 'refunded');
  });
});

const offApples: Reserve = (body) => found(100, COUPON)(body);

async function sale(
  shop = stand.shop(offApples),
  capture: 'at once' | 'slowly' = 'at once',
  change: Body = {},
) {
  const captures = gate();
  if (capture === 'slowly')
    shop.relay.on('capture', async (_body, answer) => {
      await captures.opened;
      return answer();
    });
  const basket = shop.basket({ lines: LINES, ...change });
  const reply = await shop.ask('settle', basket);
  expect(reply).toMatchObject({ outcome: 'approved' });
  return { shop, captures, attemptId: basket.attemptId, settlementId: reply['settlementId'] as string };
}

const refund = (shop: Shop, attemptId: string, lines?: Body[]): Promise<Body> =>
  shop.ask('refund', { attemptId, refundId: uuidv7(), ...(lines && { lines }) });
