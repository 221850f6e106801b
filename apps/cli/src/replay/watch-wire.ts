import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { ConnectOptions } from '@couplet/nats';
import type { Sighting } from '../report/timeline.ts';

/** What was seen on the wire, asked of the thread that watches it. */
export interface WireWatch {
  sightingsOf(settlementId: string, attemptId: string): Promise<Sighting[]>;
  stop(): Promise<void>;
}

/**
 * Watches the wire from a thread of its own: in the one that replays, messages would wait for the tills' work and all seem
 * to pass at the same time.
 */
export async function watchWire(observer: ConnectOptions): Promise<WireWatch> {
  const worker = new Worker(new URL('./observer-thread.js', import.meta.url), { workerData: observer });
  await once(worker, 'message');
  worker.unref(); // A replay that failed must not wait for it.
  return {
    async sightingsOf(settlementId, attemptId) {
      worker.postMessage({ settlementId, attemptId });
      for (;;) {
        const [answer] = (await once(worker, 'message')) as [{ settlementId: string; sightings: Sighting[] }];
        if (answer.settlementId === settlementId) return answer.sightings;
      }
    },
    async stop() {
      await worker.terminate();
    },
  };
}
