import { TEST_CARDS } from '../src/domain/test-cards.ts';
import { aFollowUp, anAuthorize, type RunningSimulator, startSimulator } from './running-simulator.ts';

let sim: RunningSimulator;

beforeAll(async () => {
  sim = await startSimulator();
}, 120_000);
afterAll(() => sim.stop());

const numberOf = (name: string) => TEST_CARDS.find((card) => card.name === name)!.number;
const on = (name: string, over = {}) =>
  anAuthorize({ payment: { kind: 'credit-card', id: numberOf(name) }, ...over });
async function authorized(name: string) {
  const authorize = on(name);
  expect(await sim.network('authorize', authorize)).toMatchObject({ outcome: 'approved' });
  return authorize;
}

describe('a test card, with nothing scripted', () => {
  it.each([
    ['approve', { outcome: 'approved', approvedAmount: 386 }],
    ['insufficient-funds', { outcome: 'declined', reason: 'insufficient-funds' }],
    ['do-not-honour', { outcome: 'declined', reason: 'do-not-honour' }],
    ['partial-approval', { outcome: 'approved', approvedAmount: 200 }],
    ['stand-in', { outcome: 'approved', standIn: true }],
  ])('%s answers each authorize and each repeat so', async (name, answer) => {
    const authorize = on(name);
    expect(await sim.network('authorize', authorize)).toMatchObject(answer);
    expect(await sim.network('authorize', authorize)).toMatchObject(answer);
    expect(await sim.network('authorize', on(name))).toMatchObject(answer);
  });

  it('partial-approval approves a small amount whole', async () => {
    expect(await sim.network('authorize', on('partial-approval', { amount: 150 }))).toMatchObject({
      approvedAmount: 150,
    });
  });

  it.each(['slow', 'silent'])('%s has its effect before its answer', async (name) => {
    const authorize = on(name);
    await expect(sim.network('authorize', authorize, 300)).rejects.toThrow(/timeout/i);
    const { authorizationId } = authorize;
    expect(await sim.network('inspect', { authorizationId })).toMatchObject({ state: 'held' });
  });

  it('slow is answered in the end', async () => {
    expect(await sim.network('authorize', on('slow'))).toMatchObject({ outcome: 'approved' });
  });

  it.each([
    ['capture-refused', 'capture', 'closed'],
    ['adjust-refused', 'adjust', 'amount-differs'],
  ])('%s refuses each %s', async (name, verb, reason) => {
    const authorize = await authorized(name);
    const refused = { outcome: 'refused', reason };
    expect(await sim.network(verb, aFollowUp(authorize, { amount: 286 }))).toEqual(refused);
    expect(await sim.network(verb, aFollowUp(authorize, { amount: 286 }))).toEqual(refused);
    expect(await sim.network('reverse', aFollowUp(authorize))).toEqual({ outcome: 'done' });
  });

  it('adjust-refused lets the rest of a capture go', async () => {
    const authorize = await authorized('adjust-refused');
    await sim.network('adjust', aFollowUp(authorize, { amount: 286 }));
    await sim.network('capture', aFollowUp(authorize, { amount: 286 }));
    expect(await sim.network('adjust', aFollowUp(authorize, { amount: 286 }))).toEqual({ outcome: 'done' });
    const { authorizationId } = authorize;
    expect(await sim.network('inspect', { authorizationId })).toMatchObject({ held: 0, captured: 286 });
  });

  it('adjust-pending is pending at first, and done later', async () => {
    const adjust = aFollowUp(await authorized('adjust-pending'), { amount: 286 });
    expect(await sim.network('adjust', adjust)).toEqual({ outcome: 'pending' });
    for (;;) {
      const answer = await sim.network('adjust', adjust);
      if (answer['outcome'] === 'pending') continue;
      expect(answer).toEqual({ outcome: 'done' });
      return;
    }
  });

  it('reversal-slow reverses at once and says so late', async () => {
    const authorize = await authorized('reversal-slow');
    await expect(sim.network('reverse', aFollowUp(authorize), 300)).rejects.toThrow(/timeout/i);
    const { authorizationId } = authorize;
    expect(await sim.network('inspect', { authorizationId })).toMatchObject({ state: 'reversed' });
    expect(await sim.network('reverse', aFollowUp(authorize))).toEqual({ outcome: 'done' });
  });

  it('rest-kept keeps the rest on a rail that frees it', async () => {
    await sim.script({ capabilities: { finalPartialCapture: true } });
    const authorize = await authorized('rest-kept');
    await sim.network('capture', aFollowUp(authorize, { amount: 286 }));
    const { authorizationId } = authorize;
    expect(await sim.network('inspect', { authorizationId })).toMatchObject({ held: 100, captured: 286 });
  });

  it('yields to what is scripted', async () => {
    const action = { kind: 'decline', reason: 'lost-card' };
    await sim.script({ faults: [{ verb: 'authorize', action }] });
    expect(await sim.network('authorize', on('stand-in'))).toMatchObject({ reason: 'lost-card' });
  });
});
