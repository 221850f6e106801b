import { randomUUID } from 'node:crypto';
import { aFollowUp, anAuthorize, CARD, type RunningSimulator, startSimulator } from './running-simulator.ts';

let sim: RunningSimulator;

const S1 = { shrink: true, finalPartialCapture: false, secondAuthorization: true, partialApproval: false };
const OTHER_CARD = '5555555555554444';

beforeAll(async () => {
  sim = await startSimulator();
}, 120_000);
afterAll(() => sim.stop());
beforeEach(() => sim.script({ reset: true, capabilities: S1 }));

const once = (verb: string, action: object) => sim.script({ faults: [{ verb, action }] });
const stateOf = ({ authorizationId }: { authorizationId: string }) =>
  sim.network('inspect', { authorizationId });
async function authorized(over = {}) {
  const authorize = anAuthorize(over);
  await sim.network('authorize', authorize);
  return authorize;
}

describe('a second authorization of a settlement', () => {
  const again = ({ settlementId }: Record<string, unknown>) => anAuthorize({ settlementId, amount: 286 });

  it('is declined while the first is held or captured, and the memory says why', async () => {
    const first = await authorized();
    const second = again(first);
    const declined = { outcome: 'declined', reason: 'hold-open' };
    expect(await sim.network('authorize', second)).toEqual(declined);
    await sim.network('capture', aFollowUp(first));
    expect(await sim.network('authorize', again(first))).toEqual(declined);
    expect(await sim.network('authorize', second)).toEqual(declined);
    const { authorizations } = await sim.recall({ limit: 1_000 });
    expect(authorizations).toContainEqual(
      expect.objectContaining({ authorizationId: second.authorizationId, reason: 'hold-open' }),
    );
  });

  it('is approved after the first was reversed or declined', async () => {
    const reversed = await authorized();
    await sim.network('reverse', aFollowUp(reversed));
    expect(await sim.network('authorize', again(reversed))).toMatchObject({ outcome: 'approved' });
    await once('authorize', { kind: 'decline', reason: 'insufficient-funds' });
    const declined = await authorized();
    expect(await sim.network('authorize', again(declined))).toMatchObject({ outcome: 'approved' });
  });

  it('is declined on a rail that offers none', async () => {
    await sim.script({ capabilities: { secondAuthorization: false } });
    const reversed = await authorized();
    await sim.network('reverse', aFollowUp(reversed));
    expect(await sim.network('authorize', again(reversed))).toEqual({
      outcome: 'declined',
      reason: 'second-authorization',
    });
  });

  it('is approved once, of eight at the same time', async () => {
    await sim.script({ balances: [{ id: CARD, currency: 'USD', balance: 1_000_000 }] });
    const settlementId = randomUUID();
    const answers = await sim.atOnce(8, () => sim.network('authorize', anAuthorize({ settlementId })));
    expect(answers.filter(({ outcome }) => outcome === 'approved')).toHaveLength(1);
    expect(answers.filter(({ reason }) => reason === 'hold-open')).toHaveLength(7);
  });
});

describe('the rail', () => {
  it('of one card may differ from what the relay declares, until it is reset', async () => {
    await sim.script({ cardRails: [{ id: CARD, capabilities: { shrink: false } }] });
    const refused = { outcome: 'refused', reason: 'not-supported' };
    expect(await sim.network('adjust', aFollowUp(await authorized(), { amount: 286 }))).toEqual(refused);
    await sim.restart();
    expect(await sim.network('adjust', aFollowUp(await authorized(), { amount: 286 }))).toEqual(refused);
    const other = await authorized({ payment: { kind: 'credit-card', id: OTHER_CARD } });
    expect(await sim.network('adjust', aFollowUp(other, { amount: 286 }))).toEqual({ outcome: 'done' });
    expect(await sim.network('capabilities', {})).toMatchObject({ shrink: true });
    await sim.script({ reset: true });
    expect(await sim.network('adjust', aFollowUp(await authorized(), { amount: 286 }))).toEqual({
      outcome: 'done',
    });
  });

  it('frees the rest by a final capture, or keeps it until it is released', async () => {
    await sim.script({ capabilities: { shrink: false, finalPartialCapture: true } });
    const freed = await authorized();
    await sim.network('capture', aFollowUp(freed, { amount: 286 }));
    expect(await stateOf(freed)).toMatchObject({ state: 'captured', held: 0 });
    await once('capture', { kind: 'keep-rest' });
    const kept = await authorized();
    await sim.network('capture', aFollowUp(kept, { amount: 286 }));
    expect(await stateOf(kept)).toMatchObject({ state: 'captured', held: 100, captured: 286 });
    expect(await sim.network('adjust', aFollowUp(kept, { amount: 286 }))).toEqual({ outcome: 'done' });
    expect(await stateOf(kept)).toMatchObject({ held: 0, captured: 286 });
  });
});

describe('a stand-in approval', () => {
  it('says so, is lowered by advice only, and the advice cannot be refused', async () => {
    await sim.script({
      capabilities: { shrink: false },
      faults: [
        { verb: 'authorize', action: { kind: 'stand-in' } },
        { verb: 'adjust', action: { kind: 'refuse', reason: 'host-down' } },
      ],
    });
    const authorize = anAuthorize();
    expect(await sim.network('authorize', authorize)).toMatchObject({ outcome: 'approved', standIn: true });
    expect(await sim.network('authorize', authorize)).toMatchObject({ standIn: true });
    const advice = aFollowUp(authorize, { amount: 286, advice: true });
    expect(await sim.network('adjust', advice)).toEqual({ outcome: 'done' });
    expect(await stateOf(authorize)).toMatchObject({ held: 286 });
    expect(await sim.network('adjust', aFollowUp(authorize, { amount: 200 }))).toEqual({
      outcome: 'refused',
      reason: 'advice-required',
    });
    expect(await sim.network('capture', aFollowUp(authorize, { amount: 286 }))).toEqual({ outcome: 'done' });
  });
});

describe('a result that comes later', () => {
  it('is pending for every repeat until then, also after a restart', async () => {
    await once('adjust', { kind: 'pending', forMs: 1_500 });
    const authorize = await authorized();
    const adjust = aFollowUp(authorize, { amount: 286 });
    expect(await sim.network('adjust', adjust)).toEqual({ outcome: 'pending' });
    expect(await sim.network('adjust', adjust)).toEqual({ outcome: 'pending' });
    await sim.restart();
    expect(await until(() => sim.network('adjust', adjust))).toEqual({ outcome: 'done' });
  });

  it('of an adjust is advised, and again until it is acknowledged', async () => {
    const heard = advices((count) => (count === 1 ? undefined : 'recorded'));
    await once('adjust', { kind: 'pending', forMs: 100, advise: true });
    const authorize = await authorized();
    const adjust = aFollowUp(authorize, { amount: 286 });
    expect(await sim.network('adjust', adjust)).toEqual({ outcome: 'pending' });
    await heard.count(2);
    const { authorizationId } = authorize;
    expect(heard.bodies).toEqual(
      Array.from({ length: 2 }, () => ({
        adviceId: adjust['requestId'],
        advice: { kind: 'adjustment', authorizationId, outcome: 'done' },
      })),
    );
    heard.unsubscribe();
  }, 20_000);

  it('of an approval after its deadline is advised; one in time is not', async () => {
    const heard = advices(() => 'reversal');
    const expiresAt = () => new Date(Date.now() + 300).toISOString();
    await sim.script({
      faults: [
        { verb: 'authorize', action: { kind: 'delay', delayMs: 10, advise: true } },
        { verb: 'authorize', action: { kind: 'delay', delayMs: 400, advise: true } },
      ],
    });
    await authorized({ expiresAt: expiresAt() });
    const late = anAuthorize({ expiresAt: expiresAt() });
    await expect(sim.network('authorize', late, 300)).rejects.toThrow(/timeout/i);
    await heard.count(1);
    const { authorizationId } = late;
    expect(heard.bodies).toEqual([
      { adviceId: authorizationId, advice: { kind: 'late-approval', authorizationId, amount: 386 } },
    ]);
    heard.unsubscribe();
  });

  it('of a stand-in may be advised instead of told', async () => {
    const heard = advices(() => 'recorded');
    await once('authorize', { kind: 'stand-in', advise: true });
    const authorize = anAuthorize();
    expect(await sim.network('authorize', authorize)).not.toHaveProperty('standIn');
    await heard.count(1);
    expect(heard.bodies[0]).toMatchObject({ advice: { kind: 'stand-in-approval' } });
    heard.unsubscribe();
  });
});

describe('an offline sale', () => {
  it('is held, advised once without its card, and captured whatever the balance', async () => {
    const heard = advices(() => 'granted');
    const told = {
      attemptId: randomUUID(),
      authorizationId: randomUUID(),
      storeId: '309',
      terminalId: '4',
      presentedAt: '2017-03-26T17:22:21Z',
      purpose: 'purchase',
      currency: 'USD',
      amount: 386,
    };
    const sale = { ...told, card: CARD };
    await sim.script({
      balances: [{ id: CARD, currency: 'USD', balance: 100 }],
      offlineSales: [sale],
    });
    await sim.script({ offlineSales: [sale] });
    await heard.count(1);
    expect(await stateOf(sale)).toMatchObject({ state: 'held', held: 386 });
    expect(JSON.stringify(heard.bodies)).not.toContain(CARD);
    expect(heard.bodies).toEqual([
      {
        adviceId: sale.authorizationId,
        advice: {
          kind: 'offline-approval',
          ...told,
          approvalCode: expect.any(String),
          networkReference: expect.any(String),
          lines: [],
        },
      },
    ]);
    const settlementId = randomUUID();
    const capture = aFollowUp({ ...sale, settlementId });
    expect(await sim.network('capture', capture)).toEqual({ outcome: 'done' });
    const { authorizations } = await sim.recall({ limit: 1_000 });
    expect(authorizations).toContainEqual(expect.objectContaining({ settlementId, captured: 386 }));
    expect(await sim.network('authorize', anAuthorize({ amount: 1 }))).toMatchObject({
      reason: 'insufficient-funds',
    });
    heard.unsubscribe();
  });
});

/** Repeats until the answer is not pending. */
async function until(ask: () => Promise<Record<string, unknown>>) {
  for (;;) {
    const answer = await ask();
    if (answer['outcome'] !== 'pending') return answer;
  }
}

/** What settlement-relay would be advised; `answer` is given the number of the advice, from 1. */
function advices(answer: (count: number) => string | undefined) {
  const bodies: Record<string, unknown>[] = [];
  let onCount = () => {};
  const { unsubscribe } = subscribed();
  return { bodies, unsubscribe, count };

  function subscribed() {
    const subscription = sim.onAdvise((body) => {
      bodies.push(body);
      onCount();
      return answer(bodies.length);
    });
    return { unsubscribe: () => subscription.unsubscribe() };
  }
  function count(wanted: number): Promise<void> {
    return new Promise((resolve) => {
      onCount = () => bodies.length >= wanted && resolve();
      onCount();
    });
  }
}
