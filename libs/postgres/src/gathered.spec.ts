import { jest } from '@jest/globals';
import pg from 'pg';
import { Gathered } from './gathered.ts';

/** A run that waits until it is let go, and remembers what it was given. */
function aGate() {
  const batches: number[][] = [];
  const gates: (() => void)[] = [];
  const run = async (items: readonly number[]): Promise<number[]> => {
    batches.push([...items]);
    await new Promise<void>((open) => gates.push(open));
    return items.map((item) => item * 10);
  };
  return { batches, run, open: () => gates.shift()!() };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

it('lets a lone caller go alone, and those who wait meanwhile together in their order', async () => {
  const gate = aGate();
  const gathered = new Gathered(gate.run, { lanes: 1 });

  const first = gathered.do(1);
  await turn();
  const others = [gathered.do(2), gathered.do(3), gathered.do(4)];
  gate.open();
  await turn();
  gate.open();

  expect(await first).toBe(10);
  expect(await Promise.all(others)).toEqual([20, 30, 40]);
  expect(gate.batches).toEqual([[1], [2, 3, 4]]);
});

it('folds no more callers than it may, and uses every lane', async () => {
  const gate = aGate();
  const gathered = new Gathered(gate.run, { lanes: 2, batchMax: 2 });

  const all = Promise.all([1, 2, 3, 4, 5].map((item) => gathered.do(item)));
  await turn();
  expect(gate.batches).toEqual([
    [1, 2],
    [3, 4],
  ]);
  gate.open();
  gate.open();
  await turn();
  gate.open();

  expect(await all).toEqual([10, 20, 30, 40, 50]);
  expect(gate.batches[2]).toEqual([5]);
});

describe('with a rest', () => {
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['setImmediate'] }));
  afterEach(() => jest.useRealTimers());

  it('rests after a run, where nobody waits for it, and takes those who came meanwhile together', async () => {
    const gate = aGate();
    const gathered = new Gathered(gate.run, { lanes: 1, restMs: 20 });

    const first = gathered.do(1);
    await turn();
    gate.open();
    expect(await first).toBe(10);
    const others = [2, 3, 4].map((item) => gathered.do(item));
    await jest.advanceTimersByTimeAsync(19);
    expect(gate.batches).toEqual([[1]]);
    await jest.advanceTimersByTimeAsync(1);
    gate.open();

    expect(await Promise.all(others)).toEqual([20, 30, 40]);
    expect(gate.batches).toEqual([[1], [2, 3, 4]]);
  });
});

it('gives an error to the one caller it belongs to', async () => {
  const gathered = new Gathered(async (items: readonly number[]) => {
    if (items.includes(2)) throw Object.assign(new RangeError('2 cannot be done'), { code: 'not-found' });
    return items;
  });

  const answers = await Promise.allSettled([1, 2, 3].map((item) => gathered.do(item)));

  expect(answers).toMatchObject([{ value: 1 }, { reason: { code: 'not-found' } }, { value: 3 }]);
});

it.each([
  ['a socket that broke', Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })],
  ['a connection that ended', new Error('Connection terminated unexpectedly')],
  ['a server that shuts down', Object.assign(new pg.DatabaseError('bye', 3, 'error'), { code: '57P01' })],
])('runs nobody again after %s: what was done is not known', async (_, lost) => {
  let runs = 0;
  const gathered = new Gathered(async () => {
    runs += 1;
    throw lost;
  });

  const answers = await Promise.allSettled([1, 2].map((item) => gathered.do(item)));

  expect(answers).toEqual([
    { status: 'rejected', reason: lost },
    { status: 'rejected', reason: lost },
  ]);
  expect(runs).toBe(1);
});

it('runs nobody again when a run that was done tells too little', async () => {
  let runs = 0;
  const gathered = new Gathered(async () => {
    runs += 1;
    return [1];
  });

  const answers = await Promise.allSettled([1, 2].map((item) => gathered.do(item)));

  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(runs).toBe(1);
});

it('goes on after a failure', async () => {
  let failures = 1;
  const gathered = new Gathered(async (items: readonly number[]) => {
    if (failures-- > 0) throw new Error('once');
    return items;
  });

  await expect(gathered.do(1)).rejects.toThrow('once');
  expect(await gathered.do(2)).toBe(2);
});
