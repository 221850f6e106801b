import { parentPort, workerData } from 'node:worker_threads';
import { connectNats, type ConnectOptions } from '@couplet/nats';
import { Observer } from './observer.ts';

/** Runs an {@link Observer} in a thread of its own and answers questions for what it saw. */
const observer = new Observer(await connectNats(workerData as ConnectOptions));
const port = parentPort!;
port.on('message', ({ settlementId, attemptId }: { settlementId: string; attemptId: string }) => {
  port.postMessage({ settlementId, sightings: observer.sightingsOf(settlementId, attemptId) });
});
port.postMessage('ready');
