import { Healings, REST_MS } from './healings.ts';

it('counts from the last fault that was gone before everything was at rest', () => {
  const healings = new Healings();
  healings.begun();
  healings.begun();
  healings.healed(1_000);
  expect(healings.deadline).toBe(Infinity);
  healings.healed(5_000);

  expect(healings.recoveryMs(4_000)).toBe(3_000);
  expect(healings.recoveryMs(7_000)).toBe(2_000);
  expect(healings.deadline).toBe(5_000 + REST_MS);
});
