import { Deadlines } from './deadlines.ts';

const item = (expiresAt: number) => {
  const made = { expiresAt, expired: 0, expire: () => void made.expired++ };
  return made;
};

describe('Deadlines', () => {
  it('expires what is due, once, and leaves the rest', async () => {
    const deadlines = new Deadlines(1);
    const [due, kept, later] = [item(0), item(0), item(performance.now() + 3_600_000)];
    for (const one of [due, kept, later]) deadlines.add(one);
    deadlines.delete(kept);
    while (due.expired === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    expect([due.expired, kept.expired, later.expired]).toEqual([1, 0, 0]);
    deadlines.expireAll();
    expect([due.expired, kept.expired, later.expired]).toEqual([1, 0, 1]);
    expect(deadlines.size).toBe(0);
  });
});
