import { eventually, found, gate, none, startStand, type Stand } from './stand.ts';

let stand: Stand;
beforeAll(async () => {
  stand = await startStand({
    ...{ SEARCH_DEADLINE_MS: '300', ATTEMPT_DEADLINE_MS: '1000', RESERVATION_DEADLINE_MS: '2000' },
    ...{ CLOCK_SKEW_MS: '100', CONFIRM_DEADLINE_MS: '300' },
    ...{
      QUEUE_TIMEOUT_MS: '100',
      QUEUE_BACKOFF_MS_MIN: '20',
      QUEUE_BACKOFF_MS_MAX: '50',
      QUEUE_POLL_MS: '50',
      SWEEP_MS: '50',
    },
  });
}, 60_000);
afterAll(() => stand.stop());

it('a search that is late does not fail the sale, and its coupon is released by the grant without it', async () => {
  const shop = stand.shop(() => undefined);
  const basket = shop.basket();

  const reply = await shop.ask('settle', basket);

  expect(reply).toMatchObject({ outcome: 'approved', amount: 386, couponSearch: 'late', coupons: [] });
  await eventually(() =>
    expect(shop.events(reply['settlementId'])[0]).toMatchObject({
      fact: 'settlement-granted',
      body: { coupons: [] },
    }),
  );
});

it('F9: no answer in time: unknown, so the whole hold is reversed until that is acknowledged, and nothing is asked again', async () => {
  const shop = stand.shop(found(100));
  shop.relay.on('authorize', (_body, answer) => void answer()); // Approved, and the answer is lost.
  let refusals = 3;
  shop.relay.on('reverse', (_body, answer) => (refusals-- > 0 ? undefined : answer()));
  const basket = shop.basket();

  const reply = await shop.ask('settle', basket);

  expect(reply).toMatchObject({ outcome: 'declined', declineReason: 'timeout' });
  await shop.rest(basket.attemptId, 'abandoned', 'reversed');
  expect(shop.relay.heldFor(reply['settlementId'] as string)).toBe(0);
  expect(shop.relay.calls('authorize')).toHaveLength(1);
  const requests = shop.relay.calls('reverse').map(({ requestId }) => requestId);
  expect(requests.length).toBeGreaterThan(3);
  expect(new Set(requests).size).toBe(1);
});

it('F10, counterexample 2: an approval after the deadline is never resurrected: the reversal that overtook it refuses it', async () => {
  const shop = stand.shop(found(100));
  const late = gate();
  const approved = gate<unknown>();
  shop.relay.on('authorize', async (_body, answer) => {
    await late.opened;
    const reply = answer();
    approved.open(reply);
    return reply;
  });
  const basket = shop.basket();

  const reply = await shop.ask('settle', basket);
  expect(reply).toMatchObject({ outcome: 'declined', declineReason: 'timeout' });
  await shop.rest(basket.attemptId, 'abandoned', 'reversed');
  late.open();

  expect(await approved.opened).toMatchObject({ outcome: 'declined', reason: 'reversed' });
  expect(shop.relay.heldFor(reply['settlementId'] as string)).toBe(0);
  expect(await shop.ask('settle', basket)).toMatchObject({ outcome: 'declined', declineReason: 'timeout' });
});

it('F20: a network that cannot remember what it never saw is asked again until nothing can begin to hold, then a person looks', async () => {
  const shop = stand.shop(none);
  shop.relay.on('authorize', () => undefined);
  shop.relay.on('reverse', () => ({ outcome: 'unknown-authorization' }));
  const basket = shop.basket();

  const settling = shop.ask('settle', basket);
  await eventually(() => expect(shop.relay.calls('authorize')).toHaveLength(1));
  await shop.ask('cancel', { attemptId: basket.attemptId }); // Long before the authorize expires.
  const { settlementId } = await settling;

  await shop.rest(basket.attemptId, 'abandoned', 'reversed');
  const { rows } = await stand.pool.query(
    `SELECT p.attention, c.changed_at > c.expires_at AS proven
     FROM for_a_person p JOIN card_authorization c ON c.authorization_id = p.case_id WHERE p.settlement_id = $1`,
    [settlementId],
  );
  expect(rows).toEqual([{ attention: expect.stringContaining('reconcile'), proven: true }]);
});

it('F3: the adjustment is not answered: repeated with the same id until it is, then captured at the discounted price', async () => {
  const shop = stand.shop(found(100));
  let lost = 2;
  shop.relay.on('adjust', (_body, answer) => {
    if (lost === 2) return void lost--; // Lost on its way there, then on its way back.
    const reply = answer();
    return lost-- > 0 ? undefined : reply;
  });
  const basket = shop.basket();

  const reply = await shop.ask('settle', basket);

  await shop.rest(basket.attemptId, 'granted', 'captured');
  const ids = shop.relay.calls('adjust').map(({ requestId }) => requestId);
  expect([ids.length, new Set(ids).size]).toEqual([3, 1]);
  expect(shop.relay.of(reply['settlementId'] as string)).toMatchObject([{ captured: 286, held: 0 }]);
  expect(shop.relay.liveHoldsMax).toBe(1);
});

it('six tries without an answer are shown to a person, and it is still tried', async () => {
  const shop = stand.shop(none);
  shop.relay.on('capture', () => undefined);
  const basket = shop.basket();
  const { settlementId } = await shop.ask('settle', basket);

  const listed = async () =>
    (
      await stand.pool.query('SELECT state, attention FROM for_a_person WHERE settlement_id = $1', [
        settlementId,
      ])
    ).rows;
  await eventually(async () =>
    expect(await listed()).toEqual([{ state: 'live', attention: expect.stringContaining('tries') }]),
  );
  shop.relay.heal();

  await shop.rest(basket.attemptId, 'granted', 'captured');
  expect(await listed()).toEqual([]);
});

it('a network that says pending is asked again with the same id', async () => {
  const shop = stand.shop(none);
  let pending = 2;
  shop.relay.on('capture', (_body, answer) => (pending-- > 0 ? { outcome: 'pending' } : answer()));
  const basket = shop.basket();
  await shop.ask('settle', basket);

  await shop.rest(basket.attemptId, 'granted', 'captured');
  expect(new Set(shop.relay.calls('capture').map(({ requestId }) => requestId)).size).toBe(1);
});

it('on-confirm without a confirm voids by itself at its deadline', async () => {
  const shop = stand.shop(found(100));
  const basket = shop.basket({ capture: 'on-confirm' });
  const { settlementId } = await shop.ask('settle', basket);

  await shop.rest(basket.attemptId, 'cancelled', 'reversed');
  expect(await shop.ask('confirm', { attemptId: basket.attemptId })).toMatchObject({ outcome: 'voided' });
  await eventually(() =>
    expect(shop.events(settlementId)).toContainEqual(
      expect.objectContaining({ body: expect.objectContaining({ reason: 'confirm-deadline' }) }),
    ),
  );
});

it('a relay that never tells what its rail can do is settled at the full price', async () => {
  const shop = stand.shop(found(100));
  shop.relay.on('capabilities', () => undefined);

  expect(await shop.ask('settle', shop.basket())).toMatchObject({
    outcome: 'approved',
    amount: 386,
    coupons: [],
  });
});
