import { aFollowUp, anAuthorize, CARD, type RunningSimulator, startSimulator } from './running-simulator.ts';

let sim: RunningSimulator;

beforeAll(async () => {
  sim = await startSimulator();
}, 120_000);
afterAll(() => sim.stop());
beforeEach(() => sim.script({ reset: true }));

const once = (verb: string, action: object, more = {}) => sim.script({ faults: [{ verb, action, ...more }] });
const stateOf = ({ authorizationId }: { authorizationId: string }) =>
  sim.network('inspect', { authorizationId });

describe('a scripted decline', () => {
  it('is used up, remembered, and waits for its card', async () => {
    await once('authorize', { kind: 'decline', reason: 'do-not-honour' }, { card: CARD });
    const other = anAuthorize({ payment: { kind: 'credit-card', id: '5555555555554444' } });
    expect(await sim.network('authorize', other)).toMatchObject({ outcome: 'approved' });
    const authorize = anAuthorize();
    const declined = { outcome: 'declined', reason: 'do-not-honour' };
    expect(await sim.network('authorize', authorize)).toEqual(declined);
    expect(await sim.network('authorize', authorize)).toEqual(declined);
    expect(await sim.network('authorize', anAuthorize())).toMatchObject({ outcome: 'approved' });
  });

  it('is not wasted on the repeat of what was decided before', async () => {
    const authorize = anAuthorize();
    await sim.network('authorize', authorize);
    await once('authorize', { kind: 'decline', reason: 'do-not-honour' });
    expect(await sim.network('authorize', authorize)).toMatchObject({ outcome: 'approved' });
    expect(await sim.network('authorize', anAuthorize())).toMatchObject({ outcome: 'declined' });
  });

  it('of three uses declines three of ten parallel authorizes', async () => {
    await once('authorize', { kind: 'decline', reason: 'do-not-honour' }, { times: 3 });
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => sim.network('authorize', anAuthorize())),
    );
    expect(answers.filter(({ outcome }) => outcome === 'declined')).toHaveLength(3);
  });
});

describe('a scripted refusal', () => {
  it('of a capture is remembered for every later capture', async () => {
    const authorize = anAuthorize();
    await sim.network('authorize', authorize);
    await once('capture', { kind: 'refuse', reason: 'closed' });
    const refused = { outcome: 'refused', reason: 'closed' };
    expect(await sim.network('capture', aFollowUp(authorize))).toEqual(refused);
    expect(await sim.network('capture', aFollowUp(authorize))).toEqual(refused);
    expect(await sim.network('reverse', aFollowUp(authorize))).toEqual({ outcome: 'done' });
  });

  it('of an adjust is the answer of that request only', async () => {
    const authorize = anAuthorize();
    await sim.network('authorize', authorize);
    await once('adjust', { kind: 'refuse', reason: 'host-down' });
    const first = aFollowUp(authorize, { amount: 286 });
    expect(await sim.network('adjust', first)).toEqual({ outcome: 'refused', reason: 'host-down' });
    expect(await sim.network('adjust', aFollowUp(authorize, { amount: 286 }))).toEqual({ outcome: 'done' });
    expect(await sim.network('adjust', first)).toEqual({ outcome: 'refused', reason: 'host-down' });
  });
});

describe('silence', () => {
  it.each([
    ['done', 'held'],
    ['lost', 'unknown'],
  ])('with the effect %s answers nothing and leaves the authorization %s', async (effect, state) => {
    await once('authorize', { kind: 'silence', effect });
    const authorize = anAuthorize();
    await expect(sim.network('authorize', authorize, 300)).rejects.toThrow(/timeout/i);
    expect(await stateOf(authorize)).toMatchObject({ state });
    expect(await sim.network('authorize', authorize)).toMatchObject({ outcome: 'approved' });
  });
});

describe('pending', () => {
  it('is the answer once; the effect is there, and the repeat is told', async () => {
    await once('authorize', { kind: 'pending' });
    const authorize = anAuthorize();
    expect(await sim.network('authorize', authorize)).toEqual({ outcome: 'pending' });
    expect(await sim.network('authorize', authorize)).toMatchObject({ outcome: 'approved' });
    await once('reverse', { kind: 'pending' });
    const reverse = aFollowUp(authorize);
    expect(await sim.network('reverse', reverse)).toEqual({ outcome: 'pending' });
    expect(await sim.network('reverse', reverse)).toEqual({ outcome: 'done' });
  });
});

describe('a delay', () => {
  it('holds the answer, after the effect', async () => {
    await once('authorize', { kind: 'delay', delayMs: 600_000 });
    const authorize = anAuthorize();
    await expect(sim.network('authorize', authorize, 300)).rejects.toThrow(/timeout/i);
    expect(await stateOf(authorize)).toMatchObject({ state: 'held' });
  });

  it('with the effect last lets a reverse overtake the authorize, which is then declined', async () => {
    await once('authorize', { kind: 'delay', delayMs: 400, effect: 'last' });
    const authorize = anAuthorize();
    const slow = sim.network('authorize', authorize);
    expect(await sim.network('reverse', aFollowUp(authorize))).toEqual({ outcome: 'done' });
    expect(await slow).toEqual({ outcome: 'declined', reason: 'reversed' });
  });
});

describe('hold-until-seen', () => {
  const subject = 'couplet.request.medium-registry.reserve.v1.settlement-relay';

  it('answers once a message was seen, and not before', async () => {
    await once('authorize', { kind: 'hold-until-seen', subject });
    const authorize = anAuthorize();
    let answered = false;
    const held = sim.network('authorize', authorize).finally(() => (answered = true));
    while ((await stateOf(authorize))['state'] !== 'held'); // The effect is there; only the answer is held.
    expect(answered).toBe(false);
    await sim.publish(subject);
    expect(await held).toMatchObject({ outcome: 'approved' });
  });

  it('counts a message that came before the authorize, but after the script', async () => {
    await sim.publish(subject);
    await once('authorize', { kind: 'hold-until-seen', subject }, { times: 2 });
    await sim.publish(subject);
    expect(await sim.network('authorize', anAuthorize())).toMatchObject({ outcome: 'approved' });
    await expect(sim.network('authorize', anAuthorize(), 300)).rejects.toThrow(/timeout/i);
  });
});

describe('a script', () => {
  it('that cannot be played is refused by its field, and changes nothing', async () => {
    const faults = [{ verb: 'authorize', action: { kind: 'refuse', reason: 'x' } }];
    expect(await sim.script({ faults })).toMatchObject({
      code: 'invalid-request',
      errors: [{ field: 'faults[0].action.kind' }],
    });
    const balances = [{ id: '4111111111111112', currency: 'USD', balance: 1 }];
    expect(await sim.script({ balances })).toMatchObject({ errors: [{ field: 'balances[0].id' }] });
  });

  it('tells how many faults wait, and replaces them', async () => {
    const action = { kind: 'pending' };
    const faults = [
      { verb: 'authorize', action },
      { verb: 'capture', action },
    ];
    expect(await sim.script({ faults })).toEqual({ faults: 2 });
    await sim.network('authorize', anAuthorize());
    expect(await sim.script({})).toEqual({ faults: 1 });
    expect(await sim.script({ faults: [] })).toEqual({ faults: 0 });
  });
});
