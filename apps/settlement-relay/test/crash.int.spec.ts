import { v7 as uuidv7 } from 'uuid';
import { FAILPOINTS, type Failpoint } from '../src/failpoints.ts';
import type { Body } from './fake-relay.ts';
import { eventually, found, none, startStand, type Shop, type Stand } from './stand.ts';

/** Dies once at the armed failpoint: what the handler knew is gone, what is on disk stays. The demo does it with kill -9. */
class Crash extends Error {
  override readonly name = 'Crash';
}

let armed: Failpoint[] = [];
let stand: Stand;
/** One whose cards wait a moment for their coupons (S4). */
let patient: Stand;
const start = (settings: Record<string, string> = {}): Promise<Stand> =>
  startStand(
    {
      ...settings,
      ...{ SEARCH_DEADLINE_MS: '200', ATTEMPT_DEADLINE_MS: '500', RESERVATION_DEADLINE_MS: '1000' },
      ...{ CLOCK_SKEW_MS: '50', CONFIRM_DEADLINE_MS: '100', SWEEP_MS: '50' },
      ...{
        QUEUE_TIMEOUT_MS: '200',
        QUEUE_BACKOFF_MS_MIN: '20',
        QUEUE_BACKOFF_MS_MAX: '50',
        QUEUE_POLL_MS: '50',
      },
    },
    (failpoint) => {
      if (!armed.includes(failpoint)) return;
      armed = armed.filter((one) => one !== failpoint);
      throw new Crash(failpoint);
    },
  );
beforeAll(async () => {
  [stand, patient] = await Promise.all([start(), start({ EARLY_SWAP_MS: '100' })]);
}, 60_000);
afterAll(() => Promise.all([stand.stop(), patient.stop()]));

interface Scenario {
  /** Leads the service past the failpoint. */
  readonly basket?: Body;
  readonly prepare?: (shop: Shop) => void;
  readonly then?: (shop: Shop, attemptId: string) => Promise<unknown>;
  readonly on?: () => Stand;
  /** Further places to die at. */
  readonly also?: Failpoint[];
}

const plain: Scenario = {};
const poor: Scenario = { prepare: ({ relay }) => void (relay.balance = 300) };
const refused: Scenario = {
  prepare: ({ relay }) => relay.on('authorize', () => ({ outcome: 'declined', reason: 'do-not-honour' })),
};
const cannotShrink: Scenario = {
  prepare: ({ relay }) => void (relay.capabilities = { ...relay.capabilities, shrink: false }),
};
const reversesFirst: Scenario = {
  prepare: ({ relay }) =>
    void (relay.capabilities = { ...relay.capabilities, shrink: false, finalPartialCapture: false }),
};
const swapsEarly: Scenario = { on: () => patient };
const offline: Scenario = { then: (shop) => repeat(() => shop.ask('advise', anOfflineSale(shop))) };
const continued: Scenario = {
  basket: { acceptPartialApproval: true },
  prepare: ({ relay }) => void Object.assign(relay, { balance: 200, approvesInPart: true }),
  async then(shop, attemptId) {
    const { amountDue: amount } = await shop.ask(
      'settle',
      shop.basket({ attemptId, acceptPartialApproval: true }),
    );
    const rest = shop.basket({ amount, lines: [], continues: attemptId });
    await repeat(() => shop.ask('settle', rest));
    await repeat(() => shop.ask('cancel', { attemptId }));
    await shop.rest(rest.attemptId, 'cancelled', 'refunded');
  },
};
const unconfirmed: Scenario = { basket: { capture: 'on-confirm' } };
const cancelled: Scenario = { then: (shop, attemptId) => repeat(() => shop.ask('cancel', { attemptId })) };
const orphaned: Scenario = { also: ['settle.after-fan-out'] };

const SCENARIOS: Record<Exclude<Failpoint, 'settle.after-reply'>, Scenario> = {
  'settle.after-journal': plain,
  'settle.after-fan-out': plain,
  'settle.after-card': plain,
  'settle.after-coupons': plain,
  'settle.before-swap-early': swapsEarly,
  'settle.after-swap-early': swapsEarly,
  'settle.before-reverse-first': reversesFirst,
  'settle.after-reverse-first': reversesFirst,
  'settle.after-reversal': reversesFirst,
  'settle.before-ask-again': poor,
  'settle.after-ask-again': poor,
  'settle.after-second-card': poor,
  'settle.before-grant': plain,
  'settle.after-grant': plain,
  'settle.before-abandon': refused,
  'settle.after-abandon': refused,
  'advice.before-commit': offline,
  'advice.after-commit': offline,
  'verb.before-commit': cancelled,
  'verb.after-commit': cancelled,
  'queue.before-send.adjust': plain,
  'queue.before-send.capture': plain,
  'queue.before-send.release': cannotShrink,
  'queue.before-send.reverse': unconfirmed,
  'queue.before-send.refund': cancelled,
  'queue.after-answer.adjust': plain,
  'queue.after-answer.capture': plain,
  'queue.after-answer.release': cannotShrink,
  'queue.after-answer.reverse': unconfirmed,
  'queue.after-answer.refund': cancelled,
  'sweeper.before-abandon': orphaned,
  'sweeper.after-abandon': orphaned,
  'sweeper.before-void': unconfirmed,
  'sweeper.after-void': unconfirmed,
  'sweeper.before-follow': continued,
  'sweeper.after-follow': continued,
};

it('there is a scenario for every failpoint but the last of the handler, after which nothing is left to lose', () => {
  expect([...Object.keys(SCENARIOS), 'settle.after-reply'].sort()).toEqual([...FAILPOINTS].sort());
});

describe('F14: dying at', () => {
  it.each(Object.entries(SCENARIOS))(
    '%s ends with one outcome, told and done',
    async (failpoint, scenario) => {
      const shop = (scenario.on?.() ?? stand).shop(found(100));
      scenario.prepare?.(shop);
      const basket = shop.basket(scenario.basket);
      armed = [failpoint as Failpoint, ...(scenario.also ?? [])];

      const reply = await repeat(() => shop.ask('settle', basket));
      await scenario.then?.(shop, basket.attemptId);

      await expectRest(shop, basket.attemptId, reply['settlementId'] as string);
      expect(armed).toEqual([]);
      const last = await shop.ask('settle', basket);
      const { state } = await shop.journal(basket.attemptId);
      expect(last['outcome']).toBe(state === 'granted' ? 'approved' : 'declined');
    },
  );
});

it('a crash after the card approved: the hold is reversed, the coupon released, and the card never asked again', async () => {
  const shop = stand.shop(none);
  armed = ['settle.after-card'];
  const basket = shop.basket();

  const reply = await repeat(() => shop.ask('settle', basket));

  expect(reply).toMatchObject({ outcome: 'declined', declineReason: 'timeout' });
  await shop.rest(basket.attemptId, 'abandoned', 'reversed');
  expect(shop.relay.calls('authorize')).toHaveLength(1);
});

/** A terminal repeats what may be repeated until it has an answer. */
function repeat(ask: () => Promise<Body>): Promise<Body> {
  let reply: Body = {};
  return eventually(async () => {
    reply = await ask();
    expect(reply).not.toMatchObject({ retryable: true });
  }).then(() => reply);
}

function anOfflineSale(shop: Shop): Body {
  const approval = { kind: 'offline-approval', authorizationId: uuidv7(), approvalCode: 'OFF1' };
  const advice = { ...shop.basket({ payment: undefined }), ...approval };
  return { adviceId: uuidv7(), advice };
}

/** The invariants at rest: money, journal and events tell one story. */
async function expectRest(shop: Shop, attemptId: string, settlementId: string): Promise<void> {
  await eventually(async () => {
    const { state, amount, confirmed, cards } = await shop.journal(attemptId);
    const sold = state === 'granted' && confirmed;
    expect(['granted', 'abandoned', 'cancelled']).toContain(state);
    expect(cards.filter((card) => card === 'captured')).toHaveLength(sold ? 1 : 0);
    for (const card of cards) expect(['captured', 'refunded', 'declined', 'reversed']).toContain(card);
    expect(shop.relay.heldFor(settlementId)).toBe(0);
    const taken = shop.relay.of(settlementId).reduce((sum, one) => sum + one.captured - one.refunded, 0);
    expect(taken).toBe(sold ? Number(amount) : 0);
    expect(
      shop
        .events(settlementId)
        .map(({ fact }) => fact)
        .sort(),
    ).toEqual(
      {
        granted: ['settlement-captured', 'settlement-granted'],
        abandoned: ['settlement-abandoned'],
        cancelled: confirmed
          ? ['settlement-captured', 'settlement-granted', 'settlement-rolled-back']
          : ['settlement-granted', 'settlement-rolled-back'],
      }[state],
    );
  });
  expect(shop.relay.liveHoldsMax).toBeLessThanOrEqual(1);
}
