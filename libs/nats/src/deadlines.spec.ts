import { jest } from '@jest/globals';
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

  describe('by the clock', () => {
    beforeEach(() => jest.useFakeTimers());
    afterEach(() => jest.useRealTimers());

    it('does not let a far deadline delay a near one, or the near one the far one', () => {
      const deadlines = new Deadlines();
      const now = performance.now();
      const [far, near] = [item(now + 5_000), item(now + 100)];
      deadlines.add(far);
      deadlines.add(near);
      jest.advanceTimersByTime(101);
      expect([far.expired, near.expired]).toEqual([0, 1]);
      jest.advanceTimersByTime(4_900);
      expect(far.expired).toBe(1);
    });

    it('wakes nobody for what was answered in time', () => {
      const deadlines = new Deadlines();
      const answered = item(performance.now() + 5_000);
      deadlines.add(answered);
      expect(jest.getTimerCount()).toBe(1);
      deadlines.delete(answered);
      expect(jest.getTimerCount()).toBe(0);
    });

    it('lets what expires wait for something else', () => {
      const deadlines = new Deadlines();
      const again = item(performance.now() + 200);
      deadlines.add({ expiresAt: performance.now() + 100, expire: () => deadlines.add(again) });
      jest.advanceTimersByTime(230);
      expect(again.expired).toBe(1);
    });
  });
});
