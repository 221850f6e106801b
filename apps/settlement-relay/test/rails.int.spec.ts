import { eventually, found, gate, none, startStand, type Shop, type Stand } from './stand.ts';

const QUICK = {
  ...{ SEARCH_DEADLINE_MS: '300', ATTEMPT_DEADLINE_MS: '1000', RESERVATION_DEADLINE_MS: '2000' },
  ...{ CLOCK_SKEW_MS: '100', QUEUE_TIMEOUT_MS: '100', SWEEP_MS: '50', QUEUE_POLL_MS: '50' },
  ...{ QUEUE_BACKOFF_MS_MIN: '20', QUEUE_BACKOFF_MS_MAX: '50' },
};
let stand: Stand;
/** Holds the first authorize back for its coupons, and waits for the adjustment. */
let patient: Stand;
beforeAll(async () => {
  const waits = { EARLY_SWAP_MS: '200', AWAIT_ADJUST_MS: '5000', CAPABILITIES_TTL_MS: '60000' };
  [stand, patient] = await Promise.all([startStand(QUICK), startStand({ ...QUICK, ...waits })]);
}, 60_000);
afterAll(() => Promise.all([stand.stop(), patient.stop()]));

/** A rail that takes what it holds or nothing. */
function amexLike(reserve = found(100)): Shop {
  const shop = stand.shop(reserve);
  shop.relay.capabilities = { ...shop.relay.capabilities, shrink: false, finalPartialCapture: false };
  return shop;
}

it('F5: a coupon that comes after the card, and before granted, still applies', async () => {
  const authorized = gate();
  const shop = stand.shop(async (body) => {
    await authorized.opened;
    return found(100)(body);
  });
  shop.relay.on('authorize', (_body, answer) => {
    setImmediate(() => authorized.open());
    return answer();
  });

  expect(await shop.ask('settle', shop.basket())).toMatchObject({ amount: 286, couponSearch: 'found' });
});

it('F5, counterexamples 1 and 6: after granted it is ignored, and the grant without it releases it', async () => {
  const late = gate();
  const shop = stand.shop(async (body) => {
    await late.opened;
    return found(100)(body);
  });
  const [captureSeen, captures] = [gate(), gate()];
  shop.relay.on('capture', async (_body, answer) => {
    captureSeen.open();
    await captures.opened;
    return answer();
  });
  const basket = shop.basket();
  const reply = await shop.ask('settle', basket);
  expect(reply).toMatchObject({ amount: 386, couponSearch: 'late' });
  await captureSeen.opened;
  late.open(); // Before the capture.
  await shop.ask('status', { attemptId: basket.attemptId });
  captures.open();

  await shop.rest(basket.attemptId, 'granted', 'captured');
  expect(await shop.ask('settle', basket)).toEqual(reply);
  expect(shop.relay.of(reply['settlementId'] as string)).toMatchObject([{ captured: 386 }]);
  expect(shop.searches).toHaveLength(1); // Nor is it asked for by the back door.
  await eventually(() =>
    expect(shop.events(reply['settlementId'])).toContainEqual({
      fact: 'settlement-granted',
      body: expect.objectContaining({ amount: 386, coupons: [] }),
    }),
  );
});

it('S3: reverses, and asks at the discounted price only when that is acknowledged', async () => {
  const shop = amexLike();
  shop.relay.on('reverse', async (_body, answer) => {
    expect(shop.relay.calls('authorize')).toHaveLength(1);
    return answer();
  });
  const basket = shop.basket();

  const reply = await shop.ask('settle', basket);

  expect(reply).toMatchObject({ amount: 286, authorization: { strategy: 'reverse-then-authorize' } });
  await shop.rest(basket.attemptId, 'granted', 'reversed', 'captured');
  expect(shop.relay.asked.map(({ verb }) => verb).filter((verb) => verb !== 'capabilities')).toEqual([
    ...['authorize', 'reverse', 'authorize', 'capture'],
  ]);
  expect(shop.relay.liveHoldsMax).toBe(1);
});

it('S3: a reversal that is pending is asked for again with the same id', async () => {
  const shop = amexLike();
  let pending = 2;
  shop.relay.on('reverse', (_body, answer) => (pending-- > 0 ? { outcome: 'pending' } : answer()));

  expect(await shop.ask('settle', shop.basket())).toMatchObject({ amount: 286 });

  const ids = shop.relay.calls('reverse').map(({ requestId }) => requestId);
  expect([ids.length, new Set(ids).size]).toEqual([3, 1]);
});

it('F15: declined at the discounted price after the reversal: no hold, the coupon goes back', async () => {
  const shop = amexLike();
  shop.relay.on('authorize', ({ amount }, answer) =>
    amount === 386 ? answer() : { outcome: 'declined', reason: 'do-not-honour' },
  );
  const basket = shop.basket();

  const reply = await shop.ask('settle', basket);

  expect(reply).toMatchObject({ outcome: 'declined', declineReason: 'do-not-honour' });
  await shop.rest(basket.attemptId, 'abandoned', 'reversed', 'declined');
  expect(shop.relay.heldFor(reply['settlementId'] as string)).toBe(0);
  await eventually(() =>
    expect(shop.events(reply['settlementId'])).toMatchObject([{ fact: 'settlement-abandoned' }]),
  );
});

it('F16: the reversal is not answered: nothing is asked at the discounted price, and it is reversed until it is', async () => {
  const shop = amexLike();
  const healed = gate();
  shop.relay.on('reverse', () => healed.opened.then(() => undefined));
  const basket = shop.basket();

  const reply = await shop.ask('settle', basket);

  expect(reply).toMatchObject({
    outcome: 'declined',
    declineReason: expect.stringMatching(/timeout|reversal-unanswered/),
  });
  await shop.rest(basket.attemptId, 'abandoned', 'reversing');
  shop.relay.heal();
  await shop.rest(basket.attemptId, 'abandoned', 'reversed');
  expect(shop.relay.calls('authorize')).toHaveLength(1);
  expect(shop.relay.heldFor(reply['settlementId'] as string)).toBe(0);
});

it('F16: nor is anything asked when the network does not know what it holds', async () => {
  const shop = amexLike();
  shop.relay.on('reverse', () => ({ outcome: 'unknown-authorization' }));
  const basket = shop.basket();

  expect(await shop.ask('settle', basket)).toMatchObject({ declineReason: 'reversal-unanswered' });

  expect(shop.relay.calls('authorize')).toHaveLength(1);
  shop.relay.heal();
  await shop.rest(basket.attemptId, 'abandoned', 'reversed');
});

it('F16: a refused reversal ends the sale without a second authorize, and a person looks at the hold', async () => {
  const shop = amexLike();
  shop.relay.on('reverse', () => ({ outcome: 'refused' }));
  const basket = shop.basket();

  expect(await shop.ask('settle', basket)).toMatchObject({ declineReason: 'reversal-refused' });

  await shop.rest(basket.attemptId, 'abandoned', 'listed');
  expect(shop.relay.calls('authorize')).toHaveLength(1);
});

it('S4: a relay that waits a moment asks the card once, at the discounted price', async () => {
  const shop = patient.shop(found(100));
  const basket = shop.basket();

  const reply = await shop.ask('settle', basket);

  expect(reply).toMatchObject({ amount: 286, authorization: { strategy: 'early-swap' } });
  await shop.rest(basket.attemptId, 'granted', 'captured');
  expect(shop.relay.calls('authorize')).toMatchObject([{ amount: 286 }]);
  expect(shop.relay.calls('adjust')).toHaveLength(0);
});

it('S4: a search that takes longer than the moment finds the card asked at the full price', async () => {
  const authorized = gate();
  const shop = patient.shop(async (body) => {
    await authorized.opened;
    return found(100)(body);
  });
  shop.relay.on('authorize', (_body, answer) => {
    authorized.open();
    return answer();
  });

  expect(await shop.ask('settle', shop.basket())).toMatchObject({
    ...{ amount: 286, authorization: { strategy: 'shrink' } },
  });
  expect(shop.relay.calls('authorize')).toMatchObject([{ amount: 386 }]);
});

it('awaitAdjustMs: the reply of a granted settlement waits until the hold is down', async () => {
  const authorized = gate();
  const shop = patient.shop(async (body) => {
    await authorized.opened;
    return found(100)(body);
  });
  shop.relay.on('authorize', (_body, answer) => {
    authorized.open();
    return answer();
  });
  let pending = 2;
  shop.relay.on('adjust', (_body, answer) => (pending-- > 0 ? { outcome: 'pending' } : answer()));
  const basket = shop.basket({ capture: 'on-confirm' });

  const reply = await shop.ask('settle', basket);

  expect(shop.relay.heldFor(reply['settlementId'] as string)).toBe(286);
});

it('what a rail can do is asked once, and what it said last stands while it does not answer', async () => {
  const shop = patient.shop(none);
  await shop.ask('settle', shop.basket());
  shop.relay.on('capabilities', () => undefined);

  for (let sale = 0; sale < 3; sale++) await shop.ask('settle', shop.basket());

  expect(shop.relay.calls('capabilities')).toHaveLength(1);
});
