import { chunksOf } from './chunks.ts';

describe('chunks of a list', () => {
  it.each([
    { of: [], items: 2, bytes: 10, are: [] },
    { of: ['a', 'b', 'c'], items: 2, bytes: 10, are: [['a', 'b'], ['c']] },
    { of: ['aaaa', 'bbbb', 'cc'], items: 9, bytes: 8, are: [['aaaa', 'bbbb'], ['cc']] },
    { of: ['a', 'much too long', 'b'], items: 9, bytes: 8, are: [['a'], ['much too long'], ['b']] },
  ])('$of', ({ of, items, bytes, are }) => {
    expect([...chunksOf(of, (item) => item.length, { items, bytes })]).toEqual(are);
  });
});
