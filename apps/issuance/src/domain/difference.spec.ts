import { differences } from './difference.ts';

it('tells what changed, where, from what to what', () => {
  const before = {
    title: 'One off',
    terms: { reward: { amount: 100 }, products: ['1'] },
    limits: { uses: 1 },
  };
  const after = {
    title: 'One off',
    terms: { reward: { amount: 200 }, products: ['1', '2'] },
    stores: ['309'],
  };
  expect(differences(before, after)).toEqual([
    { path: 'terms.reward.amount', from: 100, to: 200 },
    { path: 'terms.products', from: ['1'], to: ['1', '2'] },
    { path: 'limits', from: { uses: 1 } },
    { path: 'stores', to: ['309'] },
  ]);
  expect(differences(before, { ...before })).toEqual([]);
  expect(differences({ sets: [{ a: 1, b: 2 }] }, { sets: [{ b: 2, a: 1 }] })).toEqual([]);
});

it('tells long values by their length', () => {
  const long = Array.from({ length: 500 }, (_, index) => String(index));
  expect(differences({ a: [] }, { a: long })).toEqual([{ path: 'a', from: [], to: '2891 characters' }]);
});
