import { setTimeout as sleep } from 'node:timers/promises';
import { Tally } from './tally.mjs';

/** So many at once, each as soon as the one before is answered. */
export async function closedLoop(ask, { concurrency, seconds, from = 0, countMax = Infinity }) {
  const tally = new Tally();
  const end = performance.now() + seconds * 1_000;
  let next = from;
  const one = async () => {
    while (performance.now() < end && next - from < countMax) {
      const sentAt = performance.now();
      tally.add(await ask(next++), sentAt);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, one));
  return tally.result(next - from);
}

/**
 * Poisson arrivals that wait for nobody: what is slow makes a queue, as a crowd at the tills does. Times run from the
 * sending; how late that was against the arrival is told beside them, as it is this process's own delay.
 */
export async function openLoop(ask, { ratePerS, seconds, from = 0, countMax = Infinity }) {
  const tally = new Tally();
  const answers = [];
  const end = performance.now() + seconds * 1_000;
  let next = from;
  for (let at = performance.now(); at < end && next - from < countMax;) {
    const now = performance.now();
    if (at > now) {
      await sleep(at - now);
      continue;
    }
    tally.late(now - at);
    answers.push(ask(next++).then((answer) => tally.add(answer, now)));
    at += (-Math.log(1 - Math.random()) / ratePerS) * 1_000;
  }
  await Promise.all(answers);
  return tally.result(next - from);
}
