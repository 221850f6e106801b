import { eventually, found, none, startStand, type Shop, type Stand } from './stand.ts';

let stand: Stand;
beforeAll(async () => {
  stand = await startStand({ SWEEP_MS: '50', SEARCH_DEADLINE_MS: '5000', ATTEMPT_DEADLINE_MS: '12000' });
}, 60_000);
afterAll(() => stand.stop());

/** Every card of this shop has that much, and is approved for it. */
function shopWith(balance: number, reserve = none): Shop {
  const shop = stand.shop(reserve);
  Object.assign(shop.relay, { balance, approvesInPart: true });
  return shop;
}

it('F8: approved for less than the price but not less than the discounted one: the hold shrinks to it', async () => {
  const shop = shopWith(300, found(100));
  const basket = shop.basket();

  const reply = await shop.ask('settle', basket);

  expect(reply).toMatchObject({ outcome: 'approved', amount: 286, authorization: { strategy: 'shrink' } });
  expect(reply).not.toHaveProperty('amountDue');
  await shop.rest(basket.attemptId, 'granted', 'captured');
  expect(shop.relay.of(reply['settlementId'] as string)).toMatchObject([{ captured: 286, held: 0 }]);
});

it('F8: approved for less than the discounted price, to a terminal that takes no parts: reversed whole', async () => {
  const shop = shopWith(200, found(100));
  const basket = shop.basket();

  const reply = await shop.ask('settle', basket);

  expect(reply).toMatchObject({ outcome: 'declined', declineReason: 'partial-approval' });
  await shop.rest(basket.attemptId, 'abandoned', 'reversed');
  expect(shop.relay.heldFor(reply['settlementId'] as string)).toBe(0);
  await eventually(() =>
    expect(shop.events(reply['settlementId'])).toMatchObject([{ fact: 'settlement-abandoned' }]),
  );
});

it('F8: the rest is paid by another card, once, to the last unit, and searches no coupons again', async () => {
  const shop = shopWith(200, found(100));
  const { first, rest, settlementId } = await sellInParts(shop);

  expect(await shop.ask('settle', { ...rest(), amount: 85 })).toMatchObject({ code: 'conflict' });
  expect(await shop.ask('settle', { ...rest(), currency: 'EUR' })).toMatchObject({ code: 'conflict' });
  const second = rest();
  const [one, other] = await Promise.all([shop.ask('settle', second), shop.ask('settle', rest())]);

  expect([one?.['code'], other?.['code']].filter(Boolean)).toEqual(['conflict']);
  expect(shop.searches).toHaveLength(1);
  const taken = () =>
    [...shop.relay.authorizations.values()].reduce((sum, { captured }) => sum + captured, 0);
  await eventually(() => expect(taken()).toBe(286));
  expect(shop.relay.of(settlementId)).toMatchObject([{ captured: 200, held: 0 }]);
  expect(await shop.ask('settle', first)).toMatchObject({ approvedAmount: 200, amountDue: 86 });
});

it('F8: a cancel of the sale gives back both cards, and a repeat of either is answered: cancelled', async () => {
  const shop = shopWith(200, found(100));
  const { first, rest } = await sellInParts(shop);
  const second = rest();
  expect(await shop.ask('settle', second)).toMatchObject({ outcome: 'approved', amount: 86 });

  await shop.ask('cancel', { attemptId: first.attemptId });

  await shop.rest(first.attemptId, 'cancelled', 'refunded');
  await shop.rest(second.attemptId, 'cancelled', 'refunded');
  const all = [...shop.relay.authorizations.values()];
  expect(all.map(({ captured, refunded }) => captured - refunded)).toEqual([0, 0]);
  for (const one of [first, second])
    expect(await shop.ask('settle', one)).toMatchObject({ outcome: 'declined', declineReason: 'cancelled' });
  expect(await shop.ask('settle', rest())).toMatchObject({ code: 'conflict' });
});

it('F8: when the other card is declined, a third may pay', async () => {
  const shop = shopWith(200, found(100));
  const { rest } = await sellInParts(shop);
  shop.relay.on('authorize', () => ({ outcome: 'declined', reason: 'do-not-honour' }));
  expect(await shop.ask('settle', rest())).toMatchObject({ outcome: 'declined' });
  shop.relay.heal();

  expect(await shop.ask('settle', rest())).toMatchObject({ outcome: 'approved', amount: 86 });
});

it('F8: nothing is due of a sale that one card paid', async () => {
  const shop = stand.shop(none);
  const basket = shop.basket();
  await shop.ask('settle', basket);

  const rest = shop.basket({ amount: 386, lines: [], continues: basket.attemptId });
  expect(await shop.ask('settle', rest)).toMatchObject({ code: 'conflict' });
});

async function sellInParts(shop: Shop) {
  const first = shop.basket({ acceptPartialApproval: true });
  const reply = await shop.ask('settle', first);
  expect(reply).toMatchObject({ outcome: 'approved', amount: 286, approvedAmount: 200, amountDue: 86 });
  const rest = () => shop.basket({ amount: 86, lines: [], continues: first.attemptId });
  return { first, rest, settlementId: reply['settlementId'] as string };
}
