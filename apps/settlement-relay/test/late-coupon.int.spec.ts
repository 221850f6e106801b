import { eventually, found, gate, none, startStand, type Stand } from './stand.ts';

let stand: Stand;
beforeAll(async () => {
  stand = await startStand({ SEARCH_DEADLINE_MS: '100', LATE_COUPONS: 'refund' });
}, 60_000);
afterAll(() => stand.stop());

/** Found, but only after the sale was settled without it. */
async function settledLate(shop: ReturnType<Stand['shop']>, answer: { open: () => void }) {
  const basket = shop.basket();
  const reply = await shop.ask('settle', basket);
  expect(reply).toMatchObject({ outcome: 'approved', amount: 386, couponSearch: 'late' });
  answer.open();
  return { attemptId: basket.attemptId, settlementId: reply['settlementId'] };
}

function lateShop(coupon = found(100)) {
  const answer = gate();
  const shop = stand.shop(async (body) => {
    await answer.opened;
    return coupon(body);
  });
  return { shop, answer };
}

it('F5: by policy, the discount of a coupon that came after the sale is refunded, and the coupon used up by a credit', async () => {
  const { shop, answer } = lateShop();
  const { attemptId, settlementId } = await settledLate(shop, answer);

  await eventually(async () => {
    const { refunds } = await shop.ask('status', { attemptId });
    expect(refunds).toMatchObject([{ amount: 100, cardAmount: 100, state: 'done' }]);
  });
  expect(shop.relay.of(settlementId as string)).toMatchObject([{ captured: 386, refunded: 100, held: 0 }]);
  const [, again] = shop.searches;
  await eventually(() =>
    expect(shop.events(again?.['settlementId'])).toMatchObject([
      { fact: 'settlement-granted', body: { originalAmount: 100, discount: 100, amount: 0, cardAmount: 0 } },
      { fact: 'settlement-credited', body: { amount: 100 } },
    ]),
  );
});

it('F5: afterwards lines go back at the price that the late discount left, and a cancel gives its coupon back', async () => {
  const { shop, answer } = lateShop();
  const { attemptId, settlementId } = await settledLate(shop, answer);
  await eventually(async () =>
    expect(await shop.ask('status', { attemptId })).toMatchObject({ refunds: [{ state: 'done' }] }),
  );

  await shop.ask('cancel', { attemptId });

  await shop.rest(attemptId, 'cancelled', 'refunded');
  expect(shop.relay.of(settlementId as string)).toMatchObject([{ captured: 386, refunded: 386 }]);
  const [, again] = shop.searches;
  await eventually(() =>
    expect(shop.events(again?.['settlementId']).map(({ fact }) => fact)).toContain('settlement-rolled-back'),
  );
});

it('F5: as long as the sale still holds it, the coupon is asked for again, each time for another settlement', async () => {
  const coupon = found(100);
  const answer = gate();
  let asked = 0;
  const shop = stand.shop(async (body) => {
    await answer.opened;
    return ++asked === 2 ? none(body) : coupon(body);
  });
  const { attemptId, settlementId } = await settledLate(shop, answer);

  await eventually(async () => {
    const { refunds } = await shop.ask('status', { attemptId });
    expect(refunds).toMatchObject([{ amount: 100, cardAmount: 100, state: 'done' }]);
  });
  expect(shop.relay.of(settlementId as string)).toMatchObject([{ captured: 386, refunded: 100, held: 0 }]);
  expect(new Set(shop.searches.map((search) => search['settlementId'])).size).toBe(3);
});

it('F5: a sale that was cancelled meanwhile takes no late discount', async () => {
  const { shop, answer } = lateShop();
  const basket = shop.basket();
  await shop.ask('settle', basket);
  await shop.ask('cancel', { attemptId: basket.attemptId });
  answer.open();

  await eventually(() => expect(shop.searches).toHaveLength(2));
  await shop.rest(basket.attemptId, 'cancelled', 'refunded');
  const { refunds } = await shop.ask('status', { attemptId: basket.attemptId });
  expect(refunds).toMatchObject([{ amount: 386, state: 'done' }]);
});

it('F5, F8: while part of the price is due by another tender there is no late discount, so that it can be paid', async () => {
  const { shop, answer } = lateShop();
  Object.assign(shop.relay, { balance: 200, approvesInPart: true });
  const basket = shop.basket({ acceptPartialApproval: true });
  const { amountDue } = await shop.ask('settle', basket);
  answer.open();
  await eventually(() => expect(shop.searches).toHaveLength(2));

  const rest = shop.basket({ amount: amountDue, lines: [], continues: basket.attemptId });
  expect(await shop.ask('settle', rest)).toMatchObject({ outcome: 'approved', amount: 186 });
});
