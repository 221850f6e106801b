import { setTimeout as delay } from 'node:timers/promises';

/** A server that is there answers within this; one that is not must not hold up a shutdown. */
export const SERVER_ANSWERS_MS = 2_000;

/** @returns whether `work` was done in time; it goes on in any case, and its failure counts as done */
export async function within(timeoutMs: number, work: Promise<unknown>): Promise<boolean> {
  const patience = new AbortController();
  const late = delay(timeoutMs, false, { signal: patience.signal }).catch(() => true);
  const done = work.then(
    () => true,
    () => true,
  );
  const inTime = await Promise.race([done, late]);
  patience.abort();
  return inTime;
}
