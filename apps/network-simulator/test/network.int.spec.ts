import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { wholeReads } from '@couplet/infra';
import { jest } from '@jest/globals';
import { aFollowUp, anAuthorize, CARD, type RunningSimulator, startSimulator } from './running-simulator.ts';

let sim: RunningSimulator;

beforeAll(async () => {
  sim = await startSimulator();
}, 120_000);
afterAll(() => sim.stop());
beforeEach(() => sim.script({ reset: true, capabilities: { shrink: true, partialApproval: false } }));

/** Brings a new authorization into a state, by messages alone. */
const REACHED = {
  'never-seen': async () => anAuthorize(),
  held: async () => authorized(),
  reversed: async () => after('reverse'),
  declined: async () => {
    await sim.script({
      faults: [{ verb: 'authorize', action: { kind: 'decline', reason: 'do-not-honour' } }],
    });
    return authorized();
  },
  captured: async () => after('capture', { amount: 286 }),
};
async function authorized(over = {}) {
  const authorize = anAuthorize(over);
  await sim.network('authorize', authorize);
  return authorize;
}
async function after(verb: string, over = {}) {
  const authorize = await authorized();
  expect(await sim.network(verb, aFollowUp(authorize, over))).toEqual({ outcome: 'done' });
  return authorize;
}

describe('the table of protocol section 5, on the running service', () => {
  it.each([
    ['authorize', 'never-seen', 'approved', { state: 'held', held: 386 }],
    ['authorize', 'held', 'approved', { state: 'held', held: 386 }],
    ['authorize', 'reversed', 'declined', { state: 'reversed', held: 0 }],
    ['authorize', 'declined', 'declined', { state: 'declined', held: 0 }],
    ['authorize', 'captured', 'approved', { state: 'captured', held: 100, captured: 286 }],
    ['adjust', 'never-seen', 'refused', { state: 'unknown' }],
    ['adjust', 'held', 'done', { state: 'held', held: 286 }],
    ['adjust', 'reversed', 'refused', { state: 'reversed', held: 0 }],
    ['adjust', 'declined', 'refused', { state: 'declined', held: 0 }],
    ['adjust', 'captured', 'done', { state: 'captured', held: 0, captured: 286 }],
    ['reverse', 'never-seen', 'done', { state: 'reversed', held: 0 }],
    ['reverse', 'held', 'done', { state: 'reversed', held: 0 }],
    ['reverse', 'reversed', 'done', { state: 'reversed' }],
    ['reverse', 'declined', 'done', { state: 'declined' }],
    ['reverse', 'captured', 'refused', { state: 'captured', held: 100, captured: 286 }],
    ['capture', 'never-seen', 'refused', { state: 'unknown' }],
    ['capture', 'held', 'done', { state: 'captured', held: 100, captured: 286 }],
    ['capture', 'reversed', 'refused', { state: 'reversed', captured: 0 }],
    ['capture', 'declined', 'refused', { state: 'declined', captured: 0 }],
    ['capture', 'captured', 'done', { state: 'captured', held: 100, captured: 286 }],
    ['refund', 'never-seen', 'refused', { state: 'unknown' }],
    ['refund', 'held', 'refused', { state: 'held', held: 386 }],
    ['refund', 'reversed', 'refused', { state: 'reversed' }],
    ['refund', 'declined', 'refused', { state: 'declined' }],
    ['refund', 'captured', 'done', { state: 'captured', refunded: 286 }],
  ] as const)('%s of %s: %s', async (verb, state, outcome, then) => {
    const authorize = await REACHED[state]();
    const asked = verb === 'authorize' ? authorize : aFollowUp(authorize, { amount: 286 });

    expect(await sim.network(verb, asked)).toMatchObject({ outcome });

    const { authorizationId } = authorize;
    expect(await sim.network('inspect', { authorizationId })).toMatchObject(then);
  });

  it('records the reverse of an id never seen, and declines the authorize that it overtook', async () => {
    const authorize = anAuthorize();
    expect(await sim.network('reverse', aFollowUp(authorize))).toEqual({ outcome: 'done' });
    expect(await sim.network('authorize', authorize)).toEqual({ outcome: 'declined', reason: 'reversed' });
  });

  it.each([
    [-60_000, 'declined'],
    [-1_000, 'approved'],
  ])(
    'an authorize that expires %d ms from now is %s: clocks differ by up to 2 s',
    async (offsetMs, outcome) => {
      const expiresAt = new Date(Date.now() + offsetMs).toISOString();
      expect(await sim.network('authorize', anAuthorize({ expiresAt }))).toMatchObject({ outcome });
    },
  );

  it('declines a number that no card has, and takes the handle of a relay that shows no number', async () => {
    const wrong = anAuthorize({ payment: { kind: 'credit-card', id: '4111111111111112' } });
    expect(await sim.network('authorize', wrong)).toEqual({
      outcome: 'declined',
      reason: 'invalid-card-number',
    });
    const handle = anAuthorize({ payment: { kind: 'credit-card', reference: 'handle-1' } });
    expect(await sim.network('authorize', handle)).toMatchObject({ outcome: 'approved' });
  });
});

it('reads no table whole, also by what is planned while tables are empty', async () => {
  const { pool } = sim.service.platform;
  const asked = jest.spyOn(pool, 'query');
  await after('capture');
  await sim.network('reverse', aFollowUp(anAuthorize()));
  const statements = asked.mock.calls.map(
    ([statement]) => statement as unknown as { name: string; text: string },
  );
  asked.mockRestore();

  const named = new Map(statements.filter(({ name }) => name).map((each) => [each.name, each]));
  expect([...named.keys()].sort()).toEqual([
    'authorize',
    'follow-up-read',
    'follow-up-write',
    'record-reversed',
  ]);
  expect(await wholeReads(pool, named.values())).toEqual([]);
});

describe('duplicates and reorders', () => {
  it('answer twenty equal authorizes alike, and take the money once', async () => {
    await sim.script({ balances: [{ id: CARD, currency: 'USD', balance: 1_000 }] });
    const authorize = anAuthorize({ amount: 600 });

    const answers = await Promise.all(Array.from({ length: 20 }, () => sim.network('authorize', authorize)));

    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ outcome: 'approved', approvedAmount: 600 });
    expect(await sim.network('authorize', anAuthorize({ amount: 400 }))).toMatchObject({
      outcome: 'approved',
    });
  });

  it('refund once per request id, also when twenty copies arrive at once', async () => {
    const authorize = await after('capture');
    const refund = aFollowUp(authorize, { amount: 100 });

    const answers = await Promise.all(Array.from({ length: 20 }, () => sim.network('refund', refund)));

    expect(answers).toEqual(Array.from({ length: 20 }, () => ({ outcome: 'done' })));
    const { authorizationId } = authorize;
    expect(await sim.network('inspect', { authorizationId })).toMatchObject({ refunded: 100 });
  });

  it('never refund more than was captured, by ten different requests at once', async () => {
    const authorize = await after('capture');
    const refunds = Array.from({ length: 10 }, () =>
      sim.network('refund', aFollowUp(authorize, { amount: 100 })),
    );

    const done = (await Promise.all(refunds)).filter(({ outcome }) => outcome === 'done');

    expect(done).toHaveLength(3);
  });

  it('repeat the answer that a request id got, whatever happened since', async () => {
    const authorize = anAuthorize();
    const early = aFollowUp(authorize);
    expect(await sim.network('capture', early)).toMatchObject({ outcome: 'refused' });
    await sim.network('authorize', authorize);
    expect(await sim.network('capture', early)).toEqual({
      outcome: 'refused',
      reason: 'unknown-authorization',
    });
    expect(await sim.network('capture', aFollowUp(authorize))).toEqual({ outcome: 'done' });
  });

  it('refuse a request id that was used for something else', async () => {
    const authorize = await authorized();
    const adjust = aFollowUp(authorize, { amount: 286 });
    await sim.network('adjust', adjust);
    expect(await sim.network('capture', adjust)).toMatchObject({ code: 'conflict', status: 409 });
  });

  it('end in one of two states when authorize and reverse race, and hold nothing in the end', async () => {
    await sim.script({ balances: [{ id: CARD, currency: 'USD', balance: 386 }] });
    const races = Array.from({ length: 30 }, async () => {
      const authorize = anAuthorize({ amount: 1 });
      await Promise.all([sim.network('authorize', authorize), sim.network('reverse', aFollowUp(authorize))]);
      await sim.network('reverse', aFollowUp(authorize));
    });
    await Promise.all(races);
    expect(await sim.network('authorize', anAuthorize({ amount: 386 }))).toMatchObject({
      outcome: 'approved',
    });
  });
});

it('decides what comes at the same time by far fewer statements than messages', async () => {
  const statements = jest.spyOn(sim.service.platform.pool, 'query');
  const all = await Promise.all(
    Array.from({ length: 64 }, () =>
      authorized({ payment: { kind: 'credit-card', reference: randomUUID() } }),
    ),
  );
  expect(statements.mock.calls.length).toBeLessThan(32);
  statements.mockClear();

  const captures = all.map((authorize) => sim.network('capture', aFollowUp(authorize, { amount: 386 })));

  expect(await Promise.all(captures)).toEqual(all.map(() => ({ outcome: 'done' })));
  expect(statements.mock.calls.length).toBeLessThan(64);
  statements.mockRestore();
});

describe('a balance', () => {
  it('is never exceeded by parallel authorizations', async () => {
    await sim.script({ balances: [{ id: CARD, currency: 'USD', balance: 1_000 }] });

    const asked = Array.from({ length: 50 }, () => sim.network('authorize', anAuthorize({ amount: 90 })));
    const answers = await Promise.all(asked);

    expect(answers.filter(({ outcome }) => outcome === 'approved')).toHaveLength(11);
    expect(answers.filter(({ reason }) => reason === 'insufficient-funds')).toHaveLength(39);
  });

  it('is read by each authorization only after the one before it', async () => {
    await sim.script({ balances: [{ id: CARD, currency: 'USD', balance: 1_000 }] });

    const answers = await sim.atOnce(8, () => sim.network('authorize', anAuthorize({ amount: 300 })));

    expect(answers.filter(({ outcome }) => outcome === 'approved')).toHaveLength(3);
    expect(answers.filter(({ reason }) => reason === 'insufficient-funds')).toHaveLength(5);
  });

  it('is given back by adjust, reverse and refund, and by what a capture leaves once released', async () => {
    await sim.script({ balances: [{ id: CARD, currency: 'USD', balance: 400 }] });
    const all = () => authorized({ amount: 400 });
    const adjusted = await all();
    await sim.network('adjust', aFollowUp(adjusted, { amount: 300 }));
    expect(await sim.network('authorize', anAuthorize({ amount: 101 }))).toMatchObject({
      outcome: 'declined',
    });
    await sim.network('reverse', aFollowUp(adjusted));
    const captured = await all();
    await sim.network('capture', aFollowUp(captured, { amount: 300 }));
    expect(await sim.network('authorize', anAuthorize({ amount: 1 }))).toMatchObject({ outcome: 'declined' });
    await sim.network('adjust', aFollowUp(captured, { amount: 300 }));
    await sim.network('refund', aFollowUp(captured, { amount: 300 }));
    expect(await sim.network('authorize', anAuthorize({ amount: 400 }))).toMatchObject({
      outcome: 'approved',
    });
  });

  it('that is short gives what it has, on a rail that approves partially', async () => {
    await sim.script({
      capabilities: { partialApproval: true },
      balances: [{ id: CARD, currency: 'USD', balance: 86 }],
    });
    const short = anAuthorize();
    expect(await sim.network('authorize', short)).toMatchObject({ outcome: 'approved', approvedAmount: 86 });
    expect(await sim.network('authorize', short)).toMatchObject({ outcome: 'approved', approvedAmount: 86 });
    expect(await sim.network('authorize', anAuthorize())).toMatchObject({ reason: 'insufficient-funds' });
  });

  it('counts per card and currency; a card without one has no limit', async () => {
    await sim.script({ balances: [{ id: CARD, currency: 'USD', balance: 1 }] });
    const other = { payment: { kind: 'debit-card', id: '5555555555554444' } };
    expect(await sim.network('authorize', anAuthorize(other))).toMatchObject({ outcome: 'approved' });
    const debitRead = { payment: { kind: 'debit-card', id: CARD } };
    expect(await sim.network('authorize', anAuthorize(debitRead))).toMatchObject({ outcome: 'declined' });
  });
});

describe('its memory', () => {
  it('is recalled whole, by pages, with no more of a card than its last four digits', async () => {
    await Promise.all(Array.from({ length: 5 }, () => authorized()));
    const { rows } = await sim.service.platform.pool.query(
      'SELECT count(*) AS count FROM card_authorization',
    );
    const seen: unknown[] = [];
    for (let after: unknown; ;) {
      const { authorizations } = await sim.recall({ limit: 7, ...(after ? { after } : {}) });
      if (authorizations.length === 0) break;
      seen.push(...authorizations);
      after = authorizations.at(-1)!['authorizationId'];
    }
    expect(BigInt(seen.length)).toBe(rows[0].count);
    expect(seen).toContainEqual(expect.objectContaining({ last4: '1111', state: 'held', authorized: 386 }));
  });

  it('holds no card number in any table', async () => {
    await authorized();
    const pool = sim.service.platform.pool;
    const tables = await pool.query("SELECT tablename FROM pg_tables WHERE schemaname = 'network_simulator'");
    for (const { tablename } of tables.rows) {
      const { rows } = await pool.query(`SELECT t::text FROM ${tablename} t`);
      expect(inspect(rows, { maxArrayLength: null })).not.toContain(CARD.slice(0, 12));
    }
  });

  it('outlives the service, with balances, settings and faults', async () => {
    await sim.script({
      balances: [{ id: CARD, currency: 'USD', balance: 500 }],
      capabilities: { shrink: false },
      faults: [{ verb: 'capture', action: { kind: 'refuse', reason: 'closed' } }],
    });
    const authorize = await authorized();
    await sim.restart();
    expect(await sim.network('authorize', authorize)).toMatchObject({ outcome: 'approved' });
    expect(await sim.network('authorize', anAuthorize())).toMatchObject({ reason: 'insufficient-funds' });
    expect(await sim.network('capabilities', {})).toMatchObject({ shrink: false, refund: true });
    expect(await sim.network('capture', aFollowUp(authorize))).toEqual({
      outcome: 'refused',
      reason: 'closed',
    });
  });
});
