import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until something holds; a test that waits in vain ends by its own time limit. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(20);
}
