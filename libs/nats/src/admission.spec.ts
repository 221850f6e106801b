import { Admission } from './admission.ts';

/** Work that ends when told to. */
function task() {
  let end: () => void = () => undefined;
  const done = new Promise<void>((resolve) => (end = resolve));
  const state = { started: false, end, run: () => ((state.started = true), done) };
  return state;
}
const tick = () => new Promise((resolve) => setImmediate(resolve));

describe('Admission', () => {
  it('runs so many at once, lets so many wait, and turns the rest away', async () => {
    const admission = new Admission({ concurrent: 2, queued: 1 });
    const [a, b, c, d] = [task(), task(), task(), task()];
    expect([a, b, c, d].map(({ run }) => admission.admit(run))).toEqual([true, true, true, false]);
    expect([a, b, c].map(({ started }) => started)).toEqual([true, true, false]);
    expect([admission.inFlight, admission.waiting]).toEqual([2, 1]);

    b.end();
    await tick();
    expect(c.started).toBe(true);
    expect([admission.inFlight, admission.waiting]).toEqual([2, 0]);
    expect(admission.admit(d.run)).toBe(true);
  });

  it('starts those that wait in the order they came', async () => {
    const admission = new Admission({ concurrent: 1, queued: 10 });
    const order: number[] = [];
    for (let index = 0; index < 5; index++) {
      admission.admit(async () => {
        await tick();
        order.push(index);
      });
    }
    await admission.whenIdle();
    expect(order).toEqual([0, 1, 2, 3, 4]);
  });

  it('is idle once nothing runs and nothing waits', async () => {
    const admission = new Admission({ concurrent: 1, queued: 1 });
    await admission.whenIdle();
    const [a, b] = [task(), task()];
    admission.admit(a.run);
    admission.admit(b.run);
    let idle = false;
    const whenIdle = admission.whenIdle().then(() => (idle = true));
    a.end();
    await tick();
    expect(idle).toBe(false);
    b.end();
    await whenIdle;
  });

  it('tells when there is room, or when it is woken', async () => {
    const admission = new Admission({ concurrent: 1, queued: 0 });
    await admission.whenFree();
    const a = task();
    admission.admit(a.run);
    const woken = admission.whenFree();
    admission.wake();
    await woken;
    const free = admission.whenFree();
    a.end();
    await free;
    expect(admission.inFlight).toBe(0);
  });
});
