import { Gatherer } from './gatherer.ts';

const LIMITS = { batchMax: 3, atOnce: 1 };

it('runs one alone at once, and those that wait meanwhile together, in the order they came', async () => {
  const batches: number[][] = [];
  const gatherer = new Gatherer(async (items: number[]) => {
    batches.push(items);
    return items.map((item) => item * 10);
  }, LIMITS);
  const results = await Promise.all([1, 2, 3, 4, 5].map((item) => gatherer.add(item)));
  expect(results).toEqual([10, 20, 30, 40, 50]);
  expect(batches).toEqual([[1], [2, 3, 4], [5]]);
});

it('fails nobody for the fault of another', async () => {
  const gatherer = new Gatherer(async (items: number[]) => {
    if (items.includes(3)) throw new Error('three');
    return items;
  }, LIMITS);
  const results = await Promise.allSettled([1, 2, 3, 4].map((item) => gatherer.add(item)));
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
});
