import { v7 as uuidv7 } from 'uuid';
import type { Body, Script } from './fake-relay.ts';
import { eventually, found, none, startStand, type Shop, type Stand } from './stand.ts';

let stand: Stand;
beforeAll(async () => {
  stand = await startStand({
    ...{ SEARCH_DEADLINE_MS: '300', ATTEMPT_DEADLINE_MS: '700', RESERVATION_DEADLINE_MS: '2000' },
    ...{ CLOCK_SKEW_MS: '100', QUEUE_TIMEOUT_MS: '100', SWEEP_MS: '50', QUEUE_POLL_MS: '50' },
    ...{ QUEUE_BACKOFF_MS_MIN: '5', QUEUE_BACKOFF_MS_MAX: '20' },
  });
}, 60_000);
afterAll(() => stand.stop());

const refused: Script = () => ({ outcome: 'refused' });

describe('F18: a capture that is refused for good', () => {
  it('F18: is listed with what is known of it; the grant stands', async () => {
    const { shop, attemptId, settlementId } = await sale('capture');

    expect(await casesOf(shop)).toMatchObject([
      {
        ...{ attemptId, settlementId, settlementState: 'granted', authorizationState: 'listed', held: 386 },
        ...{ amount: 286, attention: 'capture refused', actions: ['retry', 'cancel', 'settled'] },
      },
    ]);
    expect(await shop.ask('status', { attemptId })).toMatchObject({ state: 'confirmed' });
    await eventually(() =>
      expect(shop.events(settlementId).map(({ fact }) => fact)).toEqual(['settlement-granted']),
    );
  });

  it('F18: is asked once more on retry, as a new request', async () => {
    const { shop, attemptId, caseId } = await sale('capture');
    shop.relay.heal();

    expect(await close(shop, caseId, { kind: 'retry' })).toMatchObject({ authorizationState: 'shrunk' });

    await shop.rest(attemptId, 'granted', 'captured');
    expect(new Set(shop.relay.calls('capture').map(({ requestId }) => requestId)).size).toBe(2);
    expect(await casesOf(shop)).toEqual([]);
    expect(await actions(caseId)).toMatchObject([{ by: 'ann', action: { kind: 'retry' }, note: 'why not' }]);
  });

  it('F18: is reversed on cancel, and the coupon goes back', async () => {
    const { shop, attemptId, settlementId, caseId } = await sale('capture');

    expect(await close(shop, caseId, { kind: 'cancel' })).toMatchObject({ settlementState: 'cancelled' });

    await shop.rest(attemptId, 'cancelled', 'reversed');
    expect(shop.relay.heldFor(settlementId)).toBe(0);
    expect(shop.relay.calls('refund')).toHaveLength(0);
    expect(shop.relay.calls('capture')).toHaveLength(1);
    await eventually(() =>
      expect(shop.events(settlementId).map(({ fact }) => fact)).toContain('settlement-rolled-back'),
    );
  });

  it.each(['captured', 'reversed', 'refunded'])('F18: settled by hand as %s is taken so', async (as) => {
    const { shop, attemptId, settlementId, caseId } = await sale('capture');

    expect(await close(shop, caseId, { kind: 'settled', as })).toMatchObject({ authorizationState: as });

    await shop.rest(attemptId, 'granted', as);
    expect(await casesOf(shop)).toEqual([]);
    expect((await close(shop, caseId, { kind: 'retry' }))['code']).toBe('not-found');
    const captures = as === 'captured' ? ['settlement-captured'] : [];
    await eventually(() =>
      expect(
        shop
          .events(settlementId)
          .map(({ fact }) => fact)
          .sort(),
      ).toEqual([...captures, 'settlement-granted']),
    );
  });

  it('F18: closed by two at once, in two ways, ends one way', async () => {
    const { shop, attemptId, caseId } = await sale('capture');

    const both = await Promise.all([
      close(shop, caseId, { kind: 'settled', as: 'captured' }),
      close(shop, caseId, { kind: 'cancel' }),
    ]);

    expect(both.filter(({ code }) => code === undefined)).toHaveLength(1);
    expect(await actions(caseId)).toHaveLength(1);
    const { state } = await shop.journal(attemptId);
    await shop.rest(attemptId, state, state === 'granted' ? 'captured' : 'reversed');
  });
});

describe('a refund that is refused for good', () => {
  it('is listed, and asked on retry as a new request: the network remembers the old one', async () => {
    const { shop, attemptId, caseId } = await refundedInPart();
    const remembered = new Set(shop.relay.calls('refund').map(({ requestId }) => requestId));
    shop.relay.on('refund', ({ requestId }, answer) =>
      remembered.has(requestId) ? { outcome: 'refused' } : answer(),
    );

    await close(shop, caseId, { kind: 'retry' });

    await shop.rest(attemptId, 'granted', 'captured');
    await eventually(async () =>
      expect(await shop.ask('status', { attemptId })).toMatchObject({ refunds: [{ state: 'done' }] }),
    );
  });

  it('given back by hand leaves the rest of the sale refundable, and is captured only once', async () => {
    const { shop, attemptId, settlementId, caseId } = await refundedInPart();
    shop.relay.heal();

    await close(shop, caseId, { kind: 'settled', as: 'refunded' });
    expect(await shop.journal(attemptId)).toMatchObject({ cards: ['captured'] });
    await shop.ask('refund', { attemptId, refundId: uuidv7() });

    await shop.rest(attemptId, 'granted', 'refunded');
    expect(shop.relay.calls('refund').at(-1)).toMatchObject({ amount: 186 });
    await eventually(() => expect(capturesOf(shop, settlementId)).toBe(1));
  });

  it('left to the shop as captured is told as captured only once', async () => {
    const { shop, attemptId, settlementId, caseId } = await refundedInPart();

    await close(shop, caseId, { kind: 'settled', as: 'captured' });

    await shop.rest(attemptId, 'granted', 'captured');
    await eventually(() => expect(shop.events(settlementId).length).toBeGreaterThanOrEqual(3));
    expect(capturesOf(shop, settlementId)).toBe(1);
  });

  /** Line 2 was asked back, and refused. */
  async function refundedInPart() {
    const made = await sale('refund');
    await made.shop.ask('refund', {
      ...{ attemptId: made.attemptId, refundId: uuidv7(), lines: [{ lineId: '2' }] },
    });
    return { ...made, caseId: await caseOf(made.shop) };
  }
});

it('what was not answered six times is seen, stays on the list while the day is closed, and leaves it on retry', async () => {
  const shop = stand.shop(none);
  shop.relay.on('capture', () => undefined);
  const basket = shop.basket();
  await shop.ask('settle', basket);
  const caseId = await caseOf(shop);

  await endOfDay(shop);
  expect(await casesOf(shop)).toHaveLength(1);
  await close(shop, caseId, { kind: 'retry' });
  shop.relay.heal();

  await shop.rest(basket.attemptId, 'granted', 'captured');
  expect(await casesOf(shop)).toEqual([]);
  expect(await actions(caseId)).toMatchObject([{ action: { kind: 'retry' } }]);
});

describe('F21: the end of the day', () => {
  it('F21: every attempt counts once by how it ended, and money sums by what was done', async () => {
    const shop = stand.shop(found(100));
    await sale(undefined, shop);
    const cancelled = await sale(undefined, shop);
    await shop.ask('cancel', { attemptId: cancelled.attemptId });
    await shop.rest(cancelled.attemptId, 'cancelled', 'refunded');
    const refundRefused = await sale('refund', shop);
    await shop.ask('refund', { attemptId: refundRefused.attemptId, refundId: uuidv7() });
    await shop.rest(refundRefused.attemptId, 'granted', 'listed');
    shop.relay.on('authorize', () => ({ outcome: 'declined', reason: 'no' }));
    await shop.ask('settle', shop.basket());
    await shop.ask('cancel', { attemptId: uuidv7() });

    const report = await eventually(async () => {
      const closed = await endOfDay(shop);
      expect(closed).toMatchObject({ attempts: 5, open: [] });
      return closed;
    });
    expect(endsOf(report)).toEqual({ captured: 1, refunded: 1, listed: 1, declined: 1, 'ended-unseen': 1 });
    expect(report['totals']).toEqual([
      { currency: 'USD', granted: 572, discount: 200, captured: 858, refunded: 286 },
    ]);
  });

  it('F21: the rest of a sale, paid by another card, is granted once', async () => {
    const shop = stand.shop(found(100));
    Object.assign(shop.relay, { balance: 200, approvesInPart: true });
    const first = shop.basket({ acceptPartialApproval: true });
    await shop.ask('settle', first);
    const rest = shop.basket({ amount: 86, lines: [], continues: first.attemptId });
    await shop.ask('settle', rest);
    await shop.rest(first.attemptId, 'granted', 'captured');
    await shop.rest(rest.attemptId, 'granted', 'captured');

    expect((await endOfDay(shop))['totals']).toEqual([
      { currency: 'USD', granted: 286, discount: 100, captured: 286, refunded: 0 },
    ]);
  });

  it('F21: what is open is named and tried at once', async () => {
    const slow = await startStand({ QUEUE_BACKOFF_MS_MIN: '3600000', QUEUE_BACKOFF_MS_MAX: '3600000' });
    try {
      const shop = slow.shop(none);
      shop.relay.on('capture', () => ({ outcome: 'pending' }));
      const { attemptId } = await sale(undefined, shop);
      await eventually(() => expect(shop.relay.calls('capture')).toHaveLength(1));
      shop.relay.heal();

      const report = await endOfDay(shop);

      expect(report).toMatchObject({ open: [{ attemptId, state: 'granted' }] });
      await shop.rest(attemptId, 'granted', 'captured');
      expect(endsOf(await endOfDay(shop))).toEqual({ captured: 1 });
    } finally {
      await slow.stop();
    }
  }, 60_000);

  it('F21: a relay sees its own day, whatever it asks for; a span before sees nothing', async () => {
    const [shop, other] = [stand.shop(none), stand.shop(none)];
    await sale(undefined, shop);

    expect(await endOfDay(other, { relay: shop.relay.name })).toMatchObject({ attempts: 0 });
    expect(await endOfDay(shop, { relay: shop.relay.name }, 'operator')).toMatchObject({ attempts: 1 });
    const before = { from: '2017-01-01T00:00:00Z', to: '2017-01-02T00:00:00Z' };
    expect(await endOfDay(shop, before)).toMatchObject({ attempts: 0 });
  });

  const endsOf = ({ ends }: Body) =>
    Object.fromEntries(
      (ends as { end: string; attempts: number }[]).map(({ end, attempts }) => [end, attempts]),
    );
});

/** At 286 of 386, of which the second of two lines is 100; that verb of its network is refused. */
async function sale(refuses?: 'capture' | 'refund', shop = stand.shop(found(100))) {
  if (refuses) shop.relay.on(refuses, refused);
  const line = { productId: 'p', quantity: '1', unit: 'each', discountable: true };
  const lines = [
    { ...line, lineId: '1', amount: 286 },
    { ...line, lineId: '2', amount: 100 },
  ];
  const basket = shop.basket({ lines });
  const reply = await shop.ask('settle', basket);
  const { attemptId } = basket;
  if (refuses) await shop.rest(attemptId, 'granted', refuses === 'capture' ? 'listed' : 'captured');
  const caseId = refuses === 'capture' ? await caseOf(shop) : '';
  return { shop, attemptId, settlementId: reply['settlementId'] as string, caseId };
}

async function casesOf(shop: Shop): Promise<Body[]> {
  const { cases } = await shop.ask('list-cases', { limit: 200 }, 'operator');
  return (cases as Body[]).filter(({ relay }) => relay === shop.relay.name);
}

async function caseOf(shop: Shop): Promise<string> {
  let caseId = '';
  await eventually(async () => {
    const cases = await casesOf(shop);
    expect(cases).toHaveLength(1);
    caseId = cases[0]?.['caseId'] as string;
  });
  return caseId;
}

const close = (shop: Shop, caseId: string, action: Body): Promise<Body> =>
  shop.ask('close-case', { caseId, action, by: 'ann', note: 'why not' }, 'operator');

const actions = async (caseId: string): Promise<unknown[]> =>
  (await stand.pool.query('SELECT by, action, note FROM case_action WHERE case_id = $1', [caseId])).rows;

const capturesOf = (shop: Shop, settlementId: string): number =>
  shop.events(settlementId).filter(({ fact }) => fact === 'settlement-captured').length;

const endOfDay = (shop: Shop, span: Body = {}, caller?: string): Promise<Body> => {
  const from = new Date(Date.now() - 3_600_000).toISOString();
  const to = new Date(Date.now() + 3_600_000).toISOString();
  return shop.ask('end-of-day', { from, to, ...span }, caller);
};
