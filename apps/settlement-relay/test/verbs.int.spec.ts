import { v7 as uuidv7 } from 'uuid';
import { eventually, found, gate, none, startStand, type Stand } from './stand.ts';

let stand: Stand;
beforeAll(async () => {
  stand = await startStand({ SEARCH_DEADLINE_MS: '5000', ATTEMPT_DEADLINE_MS: '12000' });
}, 60_000);
afterAll(() => stand.stop());

describe('cancel', () => {
  it('counterexample 3: before settle: the later settle is declined and charges nothing', async () => {
    const shop = stand.shop(found(100));
    const basket = shop.basket();
    const { attemptId } = basket;

    expect(await shop.ask('cancel', { attemptId })).toEqual({ attemptId, outcome: 'cancelled' });
    const reply = await shop.ask('settle', basket);

    expect(reply).toMatchObject({ outcome: 'declined', declineReason: 'cancelled', originalAmount: 386 });
    expect(shop.relay.calls('authorize')).toHaveLength(0);
    expect(shop.searches).toHaveLength(0);
    await eventually(() =>
      expect(shop.events(reply['settlementId'])).toMatchObject([{ fact: 'settlement-abandoned' }]),
    );
  });

  it('F19, counterexample 7: after the grant of an immediate capture: captured first, then refunded, never reversed', async () => {
    const shop = stand.shop(found(100));
    const [captureSeen, cancelled] = [gate(), gate()];
    shop.relay.on('capture', async (_body, answer) => {
      captureSeen.open();
      await cancelled.opened;
      return answer();
    });
    const basket = shop.basket();
    const { settlementId } = await shop.ask('settle', basket);
    await captureSeen.opened;

    expect(await shop.ask('cancel', { attemptId: basket.attemptId })).toMatchObject({ outcome: 'cancelled' });
    cancelled.open();

    await shop.rest(basket.attemptId, 'cancelled', 'refunded');
    expect(shop.relay.of(settlementId as string)).toMatchObject([{ captured: 286, refunded: 286, held: 0 }]);
    expect(shop.relay.calls('reverse')).toHaveLength(0);
    await eventually(() =>
      expect(shop.events(settlementId).map(({ fact }) => fact)).toContain('settlement-rolled-back'),
    );
  });

  it('counterexample 4: a repeat after it is answered from the present state', async () => {
    const shop = stand.shop(found(100));
    const basket = shop.basket();
    expect(await shop.ask('settle', basket)).toMatchObject({ outcome: 'approved' });
    await shop.ask('cancel', { attemptId: basket.attemptId });

    expect(await shop.ask('settle', basket)).toMatchObject({
      outcome: 'declined',
      declineReason: 'cancelled',
      discount: 0,
    });
    expect(await shop.ask('status', { attemptId: basket.attemptId })).toMatchObject({ state: 'cancelled' });
  });

  it('counterexample 9: while the card is out: the late approval is reversed, and settle tells what is', async () => {
    const shop = stand.shop(none);
    const [authorizeSeen, cancelled] = [gate(), gate()];
    shop.relay.on('authorize', async (_body, answer) => {
      authorizeSeen.open();
      await cancelled.opened;
      return answer();
    });
    const basket = shop.basket();
    const settling = shop.ask('settle', basket);
    await authorizeSeen.opened;

    await shop.ask('cancel', { attemptId: basket.attemptId });
    cancelled.open();

    const reply = await settling;
    expect(reply).toMatchObject({ outcome: 'declined', declineReason: 'cancelled' });
    await shop.rest(basket.attemptId, 'abandoned', 'reversed');
    expect(shop.relay.heldFor(reply['settlementId'] as string)).toBe(0);
  });

  it('counterexample 8: while short of funds and searching: the card is not asked again for a sale that has ended', async () => {
    const [searched, cancelled] = [gate(), gate()];
    const shop = stand.shop(async (body) => {
      searched.open();
      await cancelled.opened;
      return found(100)(body);
    });
    shop.relay.balance = 300;
    const basket = shop.basket();
    const settling = shop.ask('settle', basket);
    await searched.opened;

    await shop.ask('cancel', { attemptId: basket.attemptId });
    cancelled.open();

    expect(await settling).toMatchObject({ outcome: 'declined', declineReason: 'cancelled' });
    await shop.rest(basket.attemptId, 'abandoned', 'reversed');
    expect(shop.relay.calls('authorize')).toHaveLength(1);
  });

  it('F18, counterexample 5: a refused capture goes to a person and the grant stands, until a cancel frees the hold', async () => {
    const shop = stand.shop(found(100));
    shop.relay.on('capture', () => ({ outcome: 'refused', reason: 'closed' }));
    const basket = shop.basket();
    const { settlementId } = await shop.ask('settle', basket);
    await shop.rest(basket.attemptId, 'granted', 'listed');
    const { rows } = await stand.pool.query('SELECT attention FROM for_a_person WHERE settlement_id = $1', [
      settlementId,
    ]);
    expect(rows).toEqual([{ attention: 'capture refused' }]);
    expect(await shop.ask('settle', basket)).toMatchObject({ outcome: 'approved' });

    await shop.ask('cancel', { attemptId: basket.attemptId });

    await shop.rest(basket.attemptId, 'cancelled', 'reversed');
    expect(shop.relay.heldFor(settlementId as string)).toBe(0);
  });
});

describe('on-confirm', () => {
  const onConfirm = { capture: 'on-confirm' };

  it('captures nothing before confirm, and confirm is answered the same for ever', async () => {
    const shop = stand.shop(found(100));
    const basket = shop.basket(onConfirm);
    const { attemptId } = basket;

    const reply = await shop.ask('settle', basket);
    expect(Date.parse(reply['confirmBy'] as string)).toBeGreaterThan(Date.now());
    await shop.rest(attemptId, 'granted', 'shrunk');
    expect(shop.relay.calls('capture')).toHaveLength(0);

    expect(await shop.ask('confirm', { attemptId })).toEqual({ attemptId, outcome: 'confirmed' });
    await shop.rest(attemptId, 'granted', 'captured');
    expect(await shop.ask('confirm', { attemptId })).toEqual({ attemptId, outcome: 'confirmed' });
    expect(await shop.ask('void', { attemptId })).toEqual({ attemptId, outcome: 'confirmed' });
    expect(await shop.ask('status', { attemptId })).toMatchObject({ state: 'confirmed' });
    expect(shop.relay.of(reply['settlementId'] as string)).toMatchObject([{ captured: 286 }]);
  });

  it('counterexample 12: voided before confirm: the confirm is answered voided, and nothing is captured', async () => {
    const shop = stand.shop(found(100));
    const basket = shop.basket(onConfirm);
    const { attemptId } = basket;
    const { settlementId } = await shop.ask('settle', basket);

    expect(await shop.ask('void', { attemptId })).toEqual({ attemptId, outcome: 'voided' });
    expect(await shop.ask('confirm', { attemptId })).toEqual({ attemptId, outcome: 'voided' });

    await shop.rest(attemptId, 'cancelled', 'reversed');
    expect(shop.relay.calls('capture')).toHaveLength(0);
    await eventually(() =>
      expect(shop.events(settlementId)).toContainEqual(
        expect.objectContaining({
          body: expect.objectContaining({ reason: 'voided', couponIds: [expect.any(String)] }),
        }),
      ),
    );
  });

  it('confirm and void at once: one of them wins, and both are told who', async () => {
    const shop = stand.shop(none);
    const basket = shop.basket(onConfirm);
    const { attemptId } = basket;
    await shop.ask('settle', basket);

    const [confirmed, voided] = await Promise.all([
      shop.ask('confirm', { attemptId }),
      shop.ask('void', { attemptId }),
    ]);

    expect(confirmed?.['outcome']).toBe(voided?.['outcome']);
  });

  it('confirm of an attempt nobody has seen is not found', async () => {
    expect(await stand.shop().ask('confirm', { attemptId: uuidv7() })).toMatchObject({ code: 'not-found' });
  });
});

describe('resolve', () => {
  const asRegistry = (settlementId: unknown) =>
    stand.shop().ask('resolve', { settlementId }, 'medium-registry');

  it('ends a settlement nobody knows, and answers for ever the same', async () => {
    const settlementId = uuidv7();

    expect(await asRegistry(settlementId)).toEqual({ settlementId, decision: 'abandoned', couponIds: [] });
    expect(await asRegistry(settlementId)).toEqual({ settlementId, decision: 'abandoned', couponIds: [] });
  });

  it('ends a running one, whose late approval is reversed', async () => {
    const shop = stand.shop(found(100));
    const resolved = gate();
    shop.relay.on('authorize', async (_body, answer) => {
      await resolved.opened;
      return answer();
    });
    const basket = shop.basket();
    const settling = shop.ask('settle', basket);
    await eventually(() => expect(shop.searches).toHaveLength(1));

    expect(await asRegistry(shop.searches[0]?.['settlementId'])).toMatchObject({ decision: 'abandoned' });
    resolved.open();

    expect(await settling).toMatchObject({ outcome: 'declined' });
    await shop.rest(basket.attemptId, 'abandoned', 'reversed');
  });

  it('tells which coupons a sale was granted with, and that it was cancelled', async () => {
    const couponId = uuidv7();
    const shop = stand.shop(found(100, couponId));
    const basket = shop.basket();
    const { settlementId } = await shop.ask('settle', basket);

    expect(await asRegistry(settlementId)).toEqual({
      settlementId,
      decision: 'granted',
      couponIds: [couponId],
    });
    await shop.ask('cancel', { attemptId: basket.attemptId });
    expect(await asRegistry(settlementId)).toMatchObject({ decision: 'cancelled' });
  });

  it('is not for relays', async () => {
    expect(await stand.shop().ask('resolve', { settlementId: uuidv7() })).toMatchObject({
      code: 'caller-not-allowed',
    });
  });
});

it('status only reads: a poll never decides the terminal’s own sale', async () => {
  const shop = stand.shop(none);
  const polled = gate();
  shop.relay.on('authorize', async (_body, answer) => {
    await polled.opened;
    return answer();
  });
  const basket = shop.basket();
  const { attemptId } = basket;
  const settling = shop.ask('settle', basket);

  await eventually(async () =>
    expect(await shop.ask('status', { attemptId })).toEqual({ attemptId, state: 'started' }),
  );
  polled.open();

  const reply = await settling;
  expect(reply).toMatchObject({ outcome: 'approved' });
  expect(await shop.ask('status', { attemptId })).toEqual({ attemptId, state: 'confirmed', reply });
});
