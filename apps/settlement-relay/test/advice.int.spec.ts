import { v7 as uuidv7 } from 'uuid';
import { eventually, found, gate, none, startStand, type Shop, type Stand } from './stand.ts';
import type { Body } from './fake-relay.ts';

let stand: Stand;
beforeAll(async () => {
  stand = await startStand({
    ...{ SEARCH_DEADLINE_MS: '300', ATTEMPT_DEADLINE_MS: '700', RESERVATION_DEADLINE_MS: '2000' },
    ...{ CLOCK_SKEW_MS: '100', QUEUE_TIMEOUT_MS: '100', SWEEP_MS: '50', QUEUE_POLL_MS: '50' },
    ...{ QUEUE_BACKOFF_MS_MIN: '20', QUEUE_BACKOFF_MS_MAX: '50' },
  });
}, 60_000);
afterAll(() => stand.stop());

const tell = (shop: Shop, advice: Body, adviceId: string = uuidv7()) =>
  shop.ask('advise', { adviceId, advice });
const casesOf = async (shop: Shop): Promise<Body[]> => {
  const { cases } = await shop.ask('list-cases', { limit: 200 }, 'operator');
  return (cases as Body[]).filter(({ relay }) => relay === shop.relay.name);
};
const authorized = (shop: Shop, index = 0): string =>
  shop.relay.calls('authorize')[index]?.['authorizationId'] as string;

describe('F10: a late approval', () => {
  const late = (shop: Shop, index = 0): Promise<Body> =>
    tell(shop, { kind: 'late-approval', authorizationId: authorized(shop, index), amount: 386 });

  it('F10: of what was reversed is reversed once more, and never used', async () => {
    const shop = stand.shop(none);
    shop.relay.on('authorize', (_body, answer) => void answer());
    const basket = shop.basket();
    await shop.ask('settle', basket);
    await shop.rest(basket.attemptId, 'abandoned', 'reversed');
    // This network forgot the reversal.
    shop.relay.authorizations.set(authorized(shop), { state: 'held', held: 386, captured: 0, refunded: 0 });

    expect(await late(shop)).toMatchObject({ effect: 'reversal' });

    await eventually(() => expect(shop.relay.authorizations.get(authorized(shop))?.held).toBe(0));
    await shop.rest(basket.attemptId, 'abandoned', 'reversed');
    expect(await shop.ask('settle', basket)).toMatchObject({ outcome: 'declined' });
  });

  it('F10: of what nobody seemed to hear is reversed', async () => {
    const shop = stand.shop(none);
    const basket = shop.basket();
    await shop.ask('settle', basket, 'deaf');
    await shop.rest(basket.attemptId, 'abandoned', 'never-sent');
    const { rows } = await stand.pool.query<{ id: string }>(
      `SELECT authorization_id AS id FROM card_authorization JOIN attempt USING (settlement_id) WHERE attempt_id = $1`,
      [basket.attemptId],
    );
    const advice = { kind: 'late-approval', authorizationId: rows[0]?.id, amount: 386 };

    expect(await shop.ask('advise', { adviceId: uuidv7(), advice }, 'deaf')).toMatchObject({
      effect: 'reversal',
    });
    await shop.rest(basket.attemptId, 'abandoned', 'reversing'); // Nobody listens there still.
  });

  it('F10: of what is being reversed is only recorded', async () => {
    const shop = stand.shop(none);
    shop.relay.on('authorize', () => undefined);
    shop.relay.on('reverse', () => undefined);
    const basket = shop.basket();
    await shop.ask('settle', basket);

    expect(await late(shop)).toMatchObject({ effect: 'recorded' });
    shop.relay.heal();
    await shop.rest(basket.attemptId, 'abandoned', 'reversed');
  });

  it('F10: beside the authorization that pays goes to a person: nothing may begin there', async () => {
    const shop = stand.shop(found(100));
    shop.relay.balance = 300;
    const basket = shop.basket();
    await shop.ask('settle', basket);
    await shop.rest(basket.attemptId, 'granted', 'declined', 'captured');

    expect(await late(shop)).toMatchObject({ effect: 'listed' });
    expect(await late(shop)).toMatchObject({ effect: 'listed' });

    expect(await casesOf(shop)).toMatchObject([
      { caseId: authorized(shop), authorizationState: 'declined', actions: ['settled'] },
    ]);
    const close = (as: string) =>
      shop.ask(
        'close-case',
        { caseId: authorized(shop), action: { kind: 'settled', as }, by: 'ann', note: 'called the bank' },
        'operator',
      );
    expect(await close('captured')).toMatchObject({ code: 'conflict' });
    expect(await close('refunded')).toMatchObject({ authorizationState: 'declined' });
    expect(await casesOf(shop)).toEqual([]);
    expect((await shop.journal(basket.attemptId)).cards).toEqual(['declined', 'captured']);
  });

  it('F10: of an id that is not known is told so', async () => {
    const advice = { kind: 'late-approval', authorizationId: uuidv7(), amount: 1 };
    expect(await tell(stand.shop(), advice)).toMatchObject({ code: 'not-found' });
  });

  it('F10: an advice id says one thing', async () => {
    const shop = stand.shop(none);
    const basket = shop.basket();
    await shop.ask('settle', basket);
    const [adviceId, kind] = [uuidv7(), 'late-approval'];
    const first = { kind, authorizationId: authorized(shop), amount: 386 };
    expect(await tell(shop, first, adviceId)).toMatchObject({ effect: 'recorded' });

    const reused = await tell(shop, { ...first, amount: 1 }, adviceId);
    expect(reused['code']).toMatch(/conflict/);
  });
});

describe('F12: a stand-in approval', () => {
  it('F12: is granted like any other, and the hold is lowered by an advice', async () => {
    const shop = stand.shop(found(100));
    shop.relay.on('authorize', (_body, answer) => ({ ...answer(), standIn: true }));
    const basket = shop.basket();

    const reply = await shop.ask('settle', basket);

    expect(reply).toMatchObject({ amount: 286, authorization: { standIn: true } });
    await shop.rest(basket.attemptId, 'granted', 'captured');
    expect(shop.relay.calls('adjust')).toMatchObject([{ amount: 286, advice: true }]);
  });

  it('F12: when it is told later, what is asked from then on is an advice', async () => {
    const shop = stand.shop(found(100));
    const told = gate();
    let tries = 0;
    shop.relay.on('adjust', async (_body, answer) => {
      if (tries++ === 0) return { outcome: 'pending' };
      await told.opened;
      return answer();
    });
    const basket = shop.basket();
    await shop.ask('settle', basket);

    const advice = { kind: 'stand-in-approval', authorizationId: authorized(shop) };
    expect(await tell(shop, advice)).toMatchObject({ effect: 'recorded' });
    told.open();

    await shop.rest(basket.attemptId, 'granted', 'captured');
    expect(shop.relay.calls('adjust')[0]).not.toHaveProperty('advice');
    expect(shop.relay.calls('adjust').at(-1)).toMatchObject({ advice: true });
    expect(await shop.ask('settle', basket)).toMatchObject({ authorization: { standIn: true } });
  });

  it('F12: told before the attempt is decided, it is to be told again, so that it is not lost', async () => {
    const shop = stand.shop(found(100));
    const [asked, told] = [gate(), gate()];
    shop.relay.on('authorize', async (_body, answer) => {
      asked.open();
      await told.opened;
      return answer();
    });
    const basket = shop.basket();
    const settling = shop.ask('settle', basket);
    await asked.opened;
    const [adviceId, kind] = [uuidv7(), 'stand-in-approval'];
    const advice = { kind, authorizationId: authorized(shop) };

    expect(await tell(shop, advice, adviceId)).toMatchObject({ retryable: true });
    told.open();
    await settling;

    expect(await tell(shop, advice, adviceId)).toMatchObject({ effect: 'recorded' });
  });
});

it('an adjustment that was pending is told by an advice, and a repeat of it changes nothing more', async () => {
  const shop = stand.shop(found(100));
  shop.relay.on('adjust', (_body, answer) => {
    answer();
    return { outcome: 'pending' };
  });
  const basket = shop.basket();
  await shop.ask('settle', basket);
  await eventually(() => expect(shop.relay.calls('adjust').length).toBeGreaterThan(0));
  const advice = { kind: 'adjustment', authorizationId: authorized(shop), outcome: 'done' };

  expect(await tell(shop, advice)).toMatchObject({ effect: 'recorded' });

  await shop.rest(basket.attemptId, 'granted', 'captured');
  expect(await tell(shop, advice)).toMatchObject({ effect: 'none' });
});

describe('F13: a sale that was approved while the terminal was offline', () => {
  it('F13: is journalled at its full price without coupons, and captured once however often it is told', async () => {
    const shop = stand.shop(found(100));
    const sale = heldOffline(shop);

    expect(await tell(shop, sale)).toMatchObject({ effect: 'granted' });
    expect(await tell(shop, sale)).toMatchObject({ effect: 'granted' });

    await shop.rest(sale['attemptId'], 'granted', 'captured');
    expect(shop.searches).toHaveLength(0);
    expect(shop.relay.authorizations.get(sale['authorizationId'] as string)).toMatchObject({ captured: 386 });
    expect(shop.relay.calls('authorize')).toHaveLength(0);
  });

  it('F13: of an attempt that ended otherwise is listed for a person, and nothing is captured', async () => {
    const shop = stand.shop(none);
    const sale = heldOffline(shop);
    await shop.ask('cancel', { attemptId: sale['attemptId'] });
    const adviceId = uuidv7();

    expect(await tell(shop, sale, adviceId)).toMatchObject({ effect: 'listed' });
    expect(await tell(shop, sale, adviceId)).toMatchObject({ effect: 'listed' });

    expect(await casesOf(shop)).toMatchObject([{ caseId: adviceId, held: 386, actions: ['settled'] }]);
    expect(shop.relay.calls('capture')).toHaveLength(0);
    const action = { kind: 'settled', as: 'reversed' };
    await shop.ask('close-case', { caseId: adviceId, action, by: 'ann', note: 'paid in cash' }, 'operator');
    expect(await casesOf(shop)).toEqual([]);
  });

  it('F13: its acknowledgement was lost and it was cancelled meanwhile: told again, it contradicts nothing', async () => {
    const shop = stand.shop(none);
    const [sale, adviceId] = [heldOffline(shop), uuidv7()];
    await tell(shop, sale, adviceId);
    await stand.pool.query('UPDATE advice SET effect = NULL WHERE advice_id = $1', [adviceId]);
    await shop.ask('cancel', { attemptId: sale['attemptId'] });

    expect(await tell(shop, sale, adviceId)).toMatchObject({ effect: 'granted' });
    await shop.rest(sale['attemptId'], 'cancelled', 'refunded');
  });

  it('F13: lines that do not sum to its amount are refused: they are what can be given back', async () => {
    const shop = stand.shop(none);
    expect(await tell(shop, { ...heldOffline(shop), amount: 300 })).toMatchObject({
      code: 'invalid-request',
    });
  });

  /** The network took it from the terminal. */
  function heldOffline(shop: Shop): Body {
    const sale = shop.basket({ payment: undefined });
    const approval = { kind: 'offline-approval', authorizationId: uuidv7(), approvalCode: 'OFF1' };
    shop.relay.authorizations.set(approval.authorizationId, {
      ...{ state: 'held', held: 386, captured: 0, refunded: 0 },
    });
    return { ...sale, ...approval };
  }
});
