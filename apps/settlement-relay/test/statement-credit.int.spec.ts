import { v7 as uuidv7 } from 'uuid';
import type { Body } from './fake-relay.ts';
import { eventually, found, gate, startStand, type Reserve, type Shop, type Stand } from './stand.ts';

let stand: Stand;
beforeAll(async () => {
  stand = await startStand({
    ...{ SEARCH_DEADLINE_MS: '5000', ATTEMPT_DEADLINE_MS: '12000', SWEEP_MS: '50', QUEUE_POLL_MS: '50' },
    ...{ QUEUE_BACKOFF_MS_MIN: '5', QUEUE_BACKOFF_MS_MAX: '20' },
  });
}, 60_000);
afterAll(() => stand.stop());

/** Coupons of these worths on the first line: the first is taken off at the till, the second is credited. */
function coupons({ till = 0, credit = 100 }): Reserve {
  const one = (discount: number, settledBy?: string) => ({
    ...{ couponId: uuidv7(), offerId: uuidv7(), title: 'Worth it', discount, settledBy },
    lines: [{ lineId: '1', discount }],
    funding: [{ party: 'manufacturer:36200', amount: discount }],
  });
  const all = [...(till > 0 ? [one(till)] : []), one(credit, 'statement-credit')];
  return ({ settlementId }) => ({
    ...{ settlementId, couponSearch: 'found', discount: till, coupons: all, refused: [] },
  });
}

/** A sale of 386, in two lines of 300 and 86, in which the coupons are on the first. */
async function sell(shop: Shop, change: Body = {}) {
  const line = { unit: 'each', quantity: '1', discountable: true };
  const basket = shop.basket({
    lines: [
      { ...line, lineId: '1', productId: 'cereal', amount: 300 },
      { ...line, lineId: '2', productId: 'milk', amount: 86 },
    ],
    ...change,
  });
  const reply = await shop.ask('settle', basket);
  return { basket, reply, settlementId: reply['settlementId'] as string };
}

const refundsOf = async (shop: Shop, { attemptId }: { attemptId: string }): Promise<Body[]> =>
  ((await shop.ask('status', { attemptId }))['refunds'] as Body[] | undefined) ?? [];

const credited = (shop: Shop, attempt: { attemptId: string }) =>
  eventually(async () =>
    expect(await refundsOf(shop, attempt)).toMatchObject([{ amount: 100, cardAmount: 100, state: 'done' }]),
  );

const factsOf = (shop: Shop, settlementId: string) => shop.events(settlementId).map(({ fact }) => fact);

describe('[003-82] a coupon that is credited after the sale', () => {
  it('leaves the price, is used with the sale, and comes back on the same card after the capture', async () => {
    const shop = stand.shop(coupons({}));
    const { basket, reply, settlementId } = await sell(shop);

    expect(reply).toMatchObject({ outcome: 'approved', discount: 0, amount: 386, credit: 100 });
    expect(reply).toMatchObject({ coupons: [{ discount: 100, settledBy: 'statement-credit' }] });
    expect(reply).toMatchObject({ authorization: { strategy: 'none' } });
    await credited(shop, basket);
    expect(shop.relay.of(settlementId)).toMatchObject([{ captured: 386, refunded: 100, held: 0 }]);
    const asked = shop.relay.asked.map(({ verb }) => verb).filter((verb) => verb !== 'capabilities');
    expect(asked).toEqual(['authorize', 'capture', 'refund']);
    expect(await shop.ask('settle', basket)).toMatchObject({ amount: 386, credit: 100 });
  });

  it('is told with the grant, when it is owed, and when it is paid', async () => {
    const shop = stand.shop(coupons({}));
    const { settlementId } = await sell(shop);

    await eventually(() =>
      expect(factsOf(shop, settlementId)).toEqual([
        ...['settlement-granted', 'settlement-refunded', 'settlement-captured', 'settlement-credited'],
      ]),
    );
    const [granted, owed, , paid] = shop.events(settlementId).map(({ body }) => body);
    const [couponId] = (granted?.['coupons'] as Body[]).map((one) => one['couponId']);
    expect(granted).toMatchObject({ discount: 0, amount: 386, cardAmount: 386, credit: 100 });
    expect(owed).toMatchObject({ amount: 100, cardAmount: 100, couponIds: [], discounts: [] });
    expect(paid).toMatchObject({ refundId: owed?.['refundId'], amount: 100, couponIds: [couponId] });
  });

  it('is told apart from other refunds at the end of the day', async () => {
    const shop = stand.shop(coupons({}));
    const { basket } = await sell(shop);
    await credited(shop, basket);
    await shop.ask('refund', { attemptId: basket.attemptId, refundId: uuidv7(), lines: [{ lineId: '2' }] });
    await eventually(async () =>
      expect(await refundsOf(shop, basket)).toMatchObject([{}, { state: 'done' }]),
    );

    const [from, to] = [-60_000, 60_000].map((ms) => new Date(Date.now() + ms).toISOString());
    const { ends, totals } = await shop.ask('end-of-day', { from, to });

    expect(ends).toEqual([{ end: 'captured', attempts: 1 }]);
    expect(totals).toMatchObject([{ captured: 386, refunded: 186, credited: 100 }]);
  });

  it('stands beside what the till takes off', async () => {
    const shop = stand.shop(coupons({ till: 50 }));
    const { basket, reply, settlementId } = await sell(shop);

    expect(reply).toMatchObject({ discount: 50, amount: 336, credit: 100 });
    await credited(shop, basket);
    expect(shop.relay.of(settlementId)).toMatchObject([{ captured: 336, refunded: 100, held: 0 }]);
  });

  it('is owed from the confirm on, and not at all after a void', async () => {
    const shop = stand.shop(coupons({}));
    const [kept, undone] = [
      await sell(shop, { capture: 'on-confirm' }),
      await sell(shop, { capture: 'on-confirm' }),
    ];
    expect(await refundsOf(shop, kept.basket)).toEqual([]);

    await shop.ask('confirm', { attemptId: kept.basket.attemptId });
    await shop.ask('void', { attemptId: undone.basket.attemptId });

    await credited(shop, kept.basket);
    await shop.rest(undone.basket.attemptId, 'cancelled', 'reversed');
    expect(await refundsOf(shop, undone.basket)).toEqual([]);
    await eventually(() =>
      expect(factsOf(shop, undone.settlementId)).toEqual(['settlement-granted', 'settlement-rolled-back']),
    );
  });
});

describe('what comes back of a sale that was credited', () => {
  it('is by a cancel the price less the credit, and the coupon', async () => {
    const shop = stand.shop(coupons({}));
    const { basket, settlementId } = await sell(shop);
    await credited(shop, basket);

    await shop.ask('cancel', { attemptId: basket.attemptId });

    await shop.rest(basket.attemptId, 'cancelled', 'refunded');
    expect(shop.relay.of(settlementId)).toMatchObject([{ captured: 386, refunded: 386 }]);
    expect(await refundsOf(shop, basket)).toMatchObject([{ amount: 100 }, { amount: 286, state: 'done' }]);
    await eventually(() => {
      const rolledBack = shop.events(settlementId).find(({ fact }) => fact === 'settlement-rolled-back');
      expect(rolledBack?.body['couponIds']).toHaveLength(1);
    });
  });

  it('is by a cancel that overtakes the credit the price all the same, and no more', async () => {
    const shop = stand.shop(coupons({}));
    shop.relay.on('capture', () => undefined);
    const { basket, settlementId } = await sell(shop);
    await shop.ask('cancel', { attemptId: basket.attemptId });
    shop.relay.heal();

    await shop.rest(basket.attemptId, 'cancelled', 'refunded');
    expect(shop.relay.of(settlementId)).toMatchObject([{ captured: 386, refunded: 386 }]);
  });

  it('is line by line what it was sold at less its credit; the coupon goes back with its line', async () => {
    const shop = stand.shop(coupons({}));
    const { basket, settlementId } = await sell(shop);
    await credited(shop, basket);
    const giveBack = (lineId: string) =>
      shop.ask('refund', { attemptId: basket.attemptId, refundId: uuidv7(), lines: [{ lineId }] });

    expect(await giveBack('2')).toMatchObject({ amount: 86, cardAmount: 86, couponIds: [] });
    const reply = await giveBack('1');

    expect(reply).toMatchObject({ amount: 200, cardAmount: 200, lines: [{ amount: 300, discount: 100 }] });
    expect(reply['couponIds']).toHaveLength(1);
    await shop.rest(basket.attemptId, 'granted', 'refunded');
    expect(shop.relay.of(settlementId)).toMatchObject([{ captured: 386, refunded: 386 }]);
  });

  it('is of a sale without lines all but the credit', async () => {
    const shop = stand.shop(coupons({}));
    const { basket, settlementId } = await sell(shop, { lines: [] });
    await credited(shop, basket);
    const all = { attemptId: basket.attemptId, refundId: uuidv7() };

    expect(await shop.ask('refund', all)).toMatchObject({ amount: 286, cardAmount: 286 });
    await shop.rest(basket.attemptId, 'granted', 'refunded');
    expect(shop.relay.of(settlementId)).toMatchObject([{ captured: 386, refunded: 386 }]);
  });

  it('is listed for a person when the network refuses the credit, and asked anew by them', async () => {
    const shop = stand.shop(coupons({}));
    shop.relay.on('refund', () => ({ outcome: 'refused' }));
    const { basket, settlementId } = await sell(shop);
    await shop.rest(basket.attemptId, 'granted', 'listed');
    expect(factsOf(shop, settlementId)).not.toContain('settlement-credited');
    shop.relay.heal();

    const { cases } = await shop.ask('list-cases', {}, 'operator');
    const listed = (cases as Body[]).find((one) => one['settlementId'] === settlementId);
    expect(listed).toMatchObject({ attention: 'refund refused', actions: ['retry', 'cancel', 'settled'] });
    const decision = { caseId: listed?.['caseId'], action: { kind: 'retry' }, by: 'ann', note: 'again' };
    await shop.ask('close-case', decision, 'operator');

    await credited(shop, basket);
    await eventually(() => expect(factsOf(shop, settlementId)).toContain('settlement-credited'));
  });

  it('is told as paid when a person gave the credit by hand', async () => {
    const shop = stand.shop(coupons({}));
    shop.relay.on('refund', () => ({ outcome: 'refused' }));
    const { basket, settlementId } = await sell(shop);
    await shop.rest(basket.attemptId, 'granted', 'listed');

    const { cases } = await shop.ask('list-cases', {}, 'operator');
    const caseId = (cases as Body[]).find((one) => one['settlementId'] === settlementId)?.['caseId'];
    const action = { kind: 'settled', as: 'refunded' };
    await shop.ask('close-case', { caseId, action, by: 'ann', note: 'by hand' }, 'operator');

    await shop.rest(basket.attemptId, 'granted', 'captured');
    await eventually(() => expect(factsOf(shop, settlementId)).toContain('settlement-credited'));
  });
});

describe('where the card is no way back', () => {
  it.each([
    [
      'a sale without a card',
      { payment: undefined, media: [{ kind: 'point-card', scheme: 's', id: '1' }] },
      {},
    ],
    ['a rail that pays nothing back', {}, { refund: false }],
  ])('%s: the registry is told so, and what it finds all the same is not used', async (_, change, rail) => {
    const shop = stand.shop(coupons({ till: 50 }));
    Object.assign(shop.relay.capabilities, rail);
    await sell(shop, change);
    const { reply } = await sell(shop, change);

    expect(shop.searches.at(-1)).toMatchObject({ canCredit: false });
    expect(reply).toMatchObject({ discount: 50, amount: 336 });
    expect(reply).not.toHaveProperty('credit');
    expect(reply['coupons']).toHaveLength(1);
  });

  it('a card that pays as much as is credited: it gets that, and another card pays the rest', async () => {
    const shop = shopWith(150);
    const { basket, reply } = await sell(shop, { acceptPartialApproval: true });
    expect(reply).toMatchObject({ amount: 386, credit: 100, approvedAmount: 150, amountDue: 236 });
    await credited(shop, basket);

    shop.relay.balance = 386;
    const rest = shop.basket({ amount: 236, lines: [], continues: basket.attemptId });
    expect(await shop.ask('settle', rest)).toMatchObject({ outcome: 'approved', amount: 236 });
    const back = await shop.ask('refund', { attemptId: basket.attemptId, refundId: uuidv7() });

    expect(back).toMatchObject({ amount: 286, cardAmount: 50, otherCards: [{ cardAmount: 236 }] });
    const all = () => [...shop.relay.authorizations.values()];
    await eventually(() =>
      expect(all().map(({ captured, refunded }) => captured - refunded)).toEqual([0, 0]),
    );
  });

  it('a card that pays less than is credited: the coupon stays with its holder', async () => {
    const shop = shopWith(60);
    const { reply, settlementId } = await sell(shop, { acceptPartialApproval: true });

    expect(reply).toMatchObject({ amount: 386, approvedAmount: 60, amountDue: 326, coupons: [] });
    expect(reply).not.toHaveProperty('credit');
    await eventually(() => expect(shop.events(settlementId)).toMatchObject([{ body: { coupons: [] } }, {}]));
  });

  it('makes nothing payable: a card that is short of the full price is declined, and asked once', async () => {
    const shop = stand.shop(coupons({}));
    shop.relay.balance = 300;
    const { reply } = await sell(shop);

    expect(reply).toMatchObject({ outcome: 'declined', declineReason: 'insufficient-funds' });
    expect(shop.relay.calls('authorize')).toHaveLength(1);
  });
});

function shopWith(balance: number): Shop {
  const shop = stand.shop(coupons({}));
  Object.assign(shop.relay, { balance, approvesInPart: true });
  return shop;
}

describe('F5: found after the sale, where late coupons are released', () => {
  let hasty: Stand;
  beforeAll(async () => {
    hasty = await startStand({ SEARCH_DEADLINE_MS: '100', LATE_COUPONS: 'release' });
  }, 60_000);
  afterAll(() => hasty.stop());

  it('what is credited is given all the same, and no discount of the till', async () => {
    const answer = gate();
    const reserve = coupons({ till: 50 });
    const shop = hasty.shop((body) => answer.opened.then(() => reserve(body)));
    const { basket, reply, settlementId } = await sell(shop);
    expect(reply).toMatchObject({ amount: 386, couponSearch: 'late' });
    answer.open();

    await credited(shop, basket);
    expect(shop.relay.of(settlementId)).toMatchObject([{ captured: 386, refunded: 100 }]);
    const [, again] = shop.searches;
    const late = again?.['settlementId'];
    const granted = { originalAmount: 0, discount: 0, amount: 0, credit: 100 };
    await eventually(() =>
      expect(shop.events(late)).toMatchObject([
        { fact: 'settlement-granted', body: { ...granted, coupons: [{ discount: 100 }] } },
        { fact: 'settlement-credited', body: { amount: 100 } },
      ]),
    );
  });

  it('till coupons are not', async () => {
    const answer = gate();
    const shop = hasty.shop((body) => answer.opened.then(() => found(100)(body)));
    const { basket } = await sell(shop);
    answer.open();

    await shop.rest(basket.attemptId, 'granted', 'captured');
    expect(shop.searches).toHaveLength(1);
    expect(await refundsOf(shop, basket)).toEqual([]);
  });
});

it('till coupons alone owe nothing after the sale', async () => {
  const shop = stand.shop(found(100));
  const { basket } = await sell(shop);
  await shop.rest(basket.attemptId, 'granted', 'captured');
  expect(await refundsOf(shop, basket)).toEqual([]);
});
