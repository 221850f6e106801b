import { eventually, found, gate, none, startStand, type Stand } from './stand.ts';

let stand: Stand;
beforeAll(async () => {
  stand = await startStand({ SEARCH_DEADLINE_MS: '5000', ATTEMPT_DEADLINE_MS: '12000' });
}, 60_000);
afterAll(() => stand.stop());

it('F1: approved, no coupon: captures the full price', async () => {
  const shop = stand.shop(none);
  const basket = shop.basket();

  const reply = await shop.ask('settle', basket);

  expect(reply).toMatchObject({
    outcome: 'approved',
    amount: 386,
    discount: 0,
    coupons: [],
    couponSearch: 'none',
  });
  await shop.rest(basket.attemptId, 'granted', 'captured');
  expect(shop.relay.of(reply['settlementId'] as string)).toEqual([
    { state: 'captured', held: 0, captured: 386, refunded: 0 },
  ]);
  expect(shop.relay.calls('adjust')).toHaveLength(0);
  await eventually(() =>
    expect(
      shop
        .events(reply['settlementId'])
        .map(({ fact }) => fact)
        .sort(),
    ).toEqual(['settlement-captured', 'settlement-granted']),
  );
});

it('F2: approved, coupon: the hold is lowered to the discounted price, which is captured', async () => {
  const shop = stand.shop(found(100));
  const basket = shop.basket();

  const reply = await shop.ask('settle', basket);

  expect(reply).toMatchObject({
    ...{ outcome: 'approved', originalAmount: 386, discount: 100, amount: 286, couponSearch: 'found' },
    authorization: { approvalCode: 'A1B2C3', strategy: 'shrink' },
  });
  await shop.rest(basket.attemptId, 'granted', 'captured');
  expect(shop.relay.calls('adjust')).toMatchObject([{ amount: 286 }]);
  expect(shop.relay.calls('capture')).toMatchObject([{ amount: 286 }]);
  expect(shop.relay.liveHoldsMax).toBe(1);
  await eventually(() =>
    expect(shop.events(reply['settlementId']).map(({ body }) => body)).toContainEqual(
      expect.objectContaining({
        amount: 286,
        discount: 100,
        coupons: reply['coupons'],
        lines: basket['lines'],
      }),
    ),
  );
});

it('[000-9] [000-19] authorizes and searches at the same time: each answer waits until the other request was seen', async () => {
  const [authorizeSeen, reserveSeen] = [gate(), gate()];
  const shop = stand.shop(async (body) => {
    reserveSeen.open();
    await authorizeSeen.opened;
    return found(100)(body);
  });
  shop.relay.on('authorize', async (_body, answer) => {
    authorizeSeen.open();
    await reserveSeen.opened;
    return answer();
  });

  const reply = await shop.ask('settle', shop.basket());

  expect(reply).toMatchObject({ outcome: 'approved', amount: 286, couponSearch: 'found' });
});

it('the reply does not wait for the rest of the card network', async () => {
  const shop = stand.shop(found(100));
  const answered = gate();
  shop.relay.on('adjust', async (_body, answer) => {
    await answered.opened;
    return answer();
  });
  const basket = shop.basket();

  const reply = await shop.ask('settle', basket);
  expect(reply).toMatchObject({ outcome: 'approved', amount: 286 });
  answered.open();

  await shop.rest(basket.attemptId, 'granted', 'captured');
});

it('F6: short of funds at the full price, coupon in hand: asked once more at the discounted price', async () => {
  const shop = stand.shop(found(100));
  shop.relay.balance = 300;
  const basket = shop.basket();

  const reply = await shop.ask('settle', basket);

  expect(reply).toMatchObject({ outcome: 'approved', amount: 286, authorization: { strategy: 'none' } });
  await shop.rest(basket.attemptId, 'granted', 'declined', 'captured');
  expect(shop.relay.calls('authorize')).toMatchObject([{ amount: 386 }, { amount: 286 }]);
  expect(shop.relay.calls('adjust')).toHaveLength(0);
  expect(shop.relay.liveHoldsMax).toBe(1);
});

it('F6: still short of funds at the discounted price: declined, the coupon goes back, and no third try', async () => {
  const shop = stand.shop(found(100));
  shop.relay.balance = 200;
  const basket = shop.basket();

  const reply = await shop.ask('settle', basket);

  expect(reply).toMatchObject({ outcome: 'declined', declineReason: 'insufficient-funds' });
  await shop.rest(basket.attemptId, 'abandoned', 'declined', 'declined');
  expect(shop.relay.calls('authorize')).toHaveLength(2);
  await eventually(() =>
    expect(shop.events(reply['settlementId'])).toMatchObject([{ fact: 'settlement-abandoned' }]),
  );
});

it('F7: declined for another reason: the search is not waited for, and its coupon goes back', async () => {
  const shop = stand.shop(() => new Promise(() => undefined));
  shop.relay.on('authorize', () => ({ outcome: 'declined', reason: 'do-not-honour' }));
  const basket = shop.basket();

  const reply = await shop.ask('settle', basket);

  expect(reply).toMatchObject({ outcome: 'declined', declineReason: 'do-not-honour', discount: 0 });
  await shop.rest(basket.attemptId, 'abandoned', 'declined');
  expect(shop.relay.calls('reverse')).toHaveLength(0);
  await eventually(() =>
    expect(shop.events(reply['settlementId'])).toMatchObject([{ fact: 'settlement-abandoned' }]),
  );
});

it('F7: declined for another reason with a coupon in hand: the card is not asked again', async () => {
  const searched = gate();
  const shop = stand.shop((body) => {
    setImmediate(() => searched.open());
    return found(100)(body);
  });
  shop.relay.on('authorize', async () => {
    await searched.opened;
    return { outcome: 'declined', reason: 'lost-card' };
  });
  const basket = shop.basket();

  expect(await shop.ask('settle', basket)).toMatchObject({ declineReason: 'lost-card', coupons: [] });

  await shop.rest(basket.attemptId, 'abandoned', 'declined');
  expect(shop.relay.calls('authorize')).toHaveLength(1);
});

it('F11: nobody listens at the relay: never sent, nothing to reverse', async () => {
  const shop = stand.shop(none);
  const basket = shop.basket();

  const reply = await shop.ask('settle', basket, 'nowhere');

  expect(reply).toMatchObject({ outcome: 'declined', declineReason: 'network-unavailable' });
  await shop.rest(basket.attemptId, 'abandoned', 'never-sent');
});

it('F17: a repeat gets the journalled answer, another body a conflict, another relay an attempt of its own', async () => {
  const shop = stand.shop(found(100));
  const basket = shop.basket();
  const reply = await shop.ask('settle', basket);

  const reordered = Object.fromEntries(Object.entries(basket).reverse());
  expect(await shop.ask('settle', reordered)).toEqual(reply);
  expect(await shop.ask('settle', { ...basket, terminalId: '5' })).toMatchObject({
    code: 'attempt-conflict',
  });
  expect(shop.relay.calls('authorize')).toHaveLength(1);

  const other = stand.shop(none);
  const theirs = await other.ask('settle', basket);
  expect(theirs).toMatchObject({ outcome: 'approved', attemptId: basket.attemptId });
  expect(theirs['settlementId']).not.toBe(reply['settlementId']);
});

it('two repeats at once authorize once: the other is told that the attempt is running', async () => {
  const shop = stand.shop(none);
  const told = gate();
  shop.relay.on('authorize', async (_body, answer) => {
    await told.opened;
    return answer();
  });
  const basket = shop.basket();

  const both = [shop.ask('settle', basket), shop.ask('settle', basket)];
  expect(await Promise.race(both)).toMatchObject({ code: 'attempt-in-progress', retryable: true });
  told.open();

  expect(await Promise.all(both)).toContainEqual(expect.objectContaining({ outcome: 'approved' }));
  expect(shop.relay.calls('authorize')).toHaveLength(1);
  expect(await shop.ask('settle', basket)).toMatchObject({ outcome: 'approved' });
});

it('without a payment nothing is authorized, and the discount is granted on the spot', async () => {
  const shop = stand.shop(found(100));
  const media = [{ kind: 'point-card', scheme: 'grocer', id: '2261' }];
  const basket = shop.basket({ payment: undefined, media });

  const reply = await shop.ask('settle', basket);

  expect(reply).toMatchObject({ outcome: 'approved', amount: 286, discount: 100 });
  expect(reply).not.toHaveProperty('authorization');
  await shop.rest(basket.attemptId, 'granted');
  expect(shop.relay.asked.filter(({ verb }) => verb !== 'capabilities')).toHaveLength(0);
});

it('a coupon that pays all leaves no hold and captures nothing', async () => {
  const shop = stand.shop(found(386));
  const basket = shop.basket();

  const reply = await shop.ask('settle', basket);

  expect(reply).toMatchObject({ outcome: 'approved', amount: 0, discount: 386 });
  await shop.rest(basket.attemptId, 'granted', 'reversed');
  expect(shop.relay.calls('capture')).toHaveLength(0);
});

it.each(['unavailable', 'overloaded', 'internal'])(
  'a registry that answers %s does not fail the sale',
  async (code) => {
    const shop = stand.shop(() => ({ code, type: `urn:couplet:problem:${code}` }));

    const reply = await shop.ask('settle', shop.basket());

    expect(reply).toMatchObject({
      outcome: 'approved',
      amount: 386,
      discount: 0,
      couponSearch: 'unavailable',
    });
  },
);

it('a coupon answer that exceeds the price is not believed', async () => {
  const shop = stand.shop(found(387));

  expect(await shop.ask('settle', shop.basket())).toMatchObject({
    outcome: 'approved',
    amount: 386,
    coupons: [],
  });
});

it('a rail that can do nothing but hold and capture is settled at the full price, and the coupon goes back', async () => {
  const shop = stand.shop(found(100));
  const nothing = { shrink: false, finalPartialCapture: false, secondAuthorization: false };
  shop.relay.capabilities = { ...shop.relay.capabilities, ...nothing };
  const basket = shop.basket();

  const reply = await shop.ask('settle', basket);

  expect(reply).toMatchObject({ outcome: 'approved', amount: 386, coupons: [], couponSearch: 'found' });
  await shop.rest(basket.attemptId, 'granted', 'captured');
  await eventually(() =>
    expect(shop.events(reply['settlementId'])[0]).toMatchObject({
      fact: 'settlement-granted',
      body: { coupons: [] },
    }),
  );
});

it('a rail that cannot shrink but captures less for good keeps the hold, captures, and proves the rest free', async () => {
  const shop = stand.shop(found(100));
  shop.relay.capabilities = { ...shop.relay.capabilities, shrink: false };
  const basket = shop.basket();

  const reply = await shop.ask('settle', basket);

  expect(reply).toMatchObject({ amount: 286, authorization: { strategy: 'final-capture' } });
  await shop.rest(basket.attemptId, 'granted', 'captured');
  expect(shop.relay.of(reply['settlementId'] as string)).toMatchObject([{ captured: 286, held: 0 }]);
  expect(shop.relay.asked.map(({ verb }) => verb)).toEqual(
    expect.arrayContaining(['capture', 'inspect', 'adjust']),
  );
});

it('F4, counterexample 11: the adjustment is refused: captured less, and the rest is released', async () => {
  const shop = stand.shop(found(100));
  shop.relay.on('adjust', ({ authorizationId }, answer) =>
    shop.relay.authorizations.get(authorizationId as string)?.state === 'captured'
      ? answer()
      : { outcome: 'refused' },
  );
  const basket = shop.basket();

  const reply = await shop.ask('settle', basket);

  await shop.rest(basket.attemptId, 'granted', 'captured');
  expect(shop.relay.of(reply['settlementId'] as string)).toMatchObject([{ captured: 286, held: 0 }]);
});

it('F4: a release that was refused is asked for anew, since a network gives the same request the same answer', async () => {
  const shop = stand.shop(found(100));
  let refusedOnce: unknown;
  shop.relay.on('adjust', ({ requestId, authorizationId }, answer) => {
    if (shop.relay.authorizations.get(authorizationId as string)?.state !== 'captured')
      return { outcome: 'refused' };
    refusedOnce ??= requestId;
    return requestId === refusedOnce ? { outcome: 'refused' } : answer();
  });
  const basket = shop.basket();

  const reply = await shop.ask('settle', basket);

  await shop.rest(basket.attemptId, 'granted', 'captured');
  expect(shop.relay.of(reply['settlementId'] as string)).toMatchObject([{ captured: 286, held: 0 }]);
});

it('a number that cannot be a card is refused before anything is written', async () => {
  const shop = stand.shop(none);
  const basket = shop.basket({ payment: { kind: 'credit-card', id: '4111111111111112' } });

  const reply = await shop.ask('settle', basket);

  expect(reply).toMatchObject({ code: 'invalid-request', errors: [{ field: 'payment.id' }] });
  expect(JSON.stringify(reply)).not.toContain('4111111111111112');
  expect(await shop.ask('status', { attemptId: basket.attemptId })).toMatchObject({ state: 'unknown' });
});
