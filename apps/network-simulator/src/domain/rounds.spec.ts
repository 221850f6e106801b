import { roundsOf } from './rounds.ts';

const keysOf = (item: string): string[] => item.split('');

it('puts what shares nothing into one round', () => {
  expect(roundsOf(['ab', 'cd', 'e'], keysOf)).toEqual([['ab', 'cd', 'e']]);
});

it('lets one that shares a key with another come after it', () => {
  expect(roundsOf(['ab', 'bc', 'c', 'd', 'a'], keysOf)).toEqual([['ab', 'd'], ['bc', 'a'], ['c']]);
});

it('has no round for nobody', () => {
  expect(roundsOf([], keysOf)).toEqual([]);
});
