import { runAgenda } from './run-agenda.ts';

interface Item {
  lane: string;
  name: string;
}

const item = (lane: string, name: string): Item => ({ lane, name });
const turns = async (count: number) => {
  for (let turn = 0; turn < count; turn++) await Promise.resolve();
};

describe('an agenda', () => {
  it('keeps the order of a lane, and its limit', async () => {
    const ended: string[] = [];
    let running = 0;
    let runningMost = 0;
    await runAgenda([item('a', 'a1'), item('a', 'a2'), item('b', 'b1'), item('c', 'c1'), item('a', 'a3')], {
      concurrency: 3,
      laneOf: ({ lane }) => lane,
      perform: async ({ name }) => {
        runningMost = Math.max(runningMost, ++running);
        await turns(name === 'a1' ? 50 : 1);
        ended.push(name);
        running--;
      },
    });
    expect(ended.filter((name) => name.startsWith('a'))).toEqual(['a1', 'a2', 'a3']);
    expect(ended).toHaveLength(5);
    expect(ended.indexOf('b1')).toBeLessThan(ended.indexOf('a1'));
    expect(runningMost).toBeLessThanOrEqual(3);
  });

  it('ends at the first failure', async () => {
    const begun: string[] = [];
    const run = runAgenda(
      Array.from({ length: 100 }, (_, index) => item(String(index), String(index))),
      {
        concurrency: 2,
        laneOf: ({ lane }) => lane,
        perform: async ({ name }) => {
          begun.push(name);
          await turns(1);
          if (name === '3') throw new Error('three');
        },
      },
    );
    await expect(run).rejects.toThrow('three');
    expect(begun.length).toBeLessThan(10);
  });
});
