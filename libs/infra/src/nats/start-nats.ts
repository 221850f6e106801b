import { findNatsServer } from './binary.ts';
import { startContainer } from './container.ts';
import { awaitGreeting } from './greeting.ts';
import { startLocal } from './local.ts';
import type { NatsOptions, RunningNats } from './server.ts';

const EXTERNAL_TIMEOUT_MS = 10_000;

/**
 * A NATS server with JetStream of our own, gone when this process is.
 *
 * `NATS_URL` set: that server, as it is (users and permissions are then its owner's business).
 * `TEST_INFRA=containers`: Testcontainers. Otherwise nats-server from PATH, the cache, its release, the distribution's
 * package, or a container.
 *
 * @throws if none of these is to be had; the message says what to do
 */
export async function startNats(options: NatsOptions = {}): Promise<RunningNats> {
  const { NATS_URL, TEST_INFRA } = process.env;
  if (NATS_URL) return useExternal(NATS_URL);
  if (TEST_INFRA === 'containers') return startContainer(options);

  const found = await findNatsServer();
  if (typeof found === 'string') return startLocal(found, options);
  return startContainer(options).catch((error: Error) => {
    const tried = [...found.reasons, error.message].map((reason) => `  - ${reason}`).join('\n');
    throw new Error(
      `There is no NATS server to be had:\n${tried}\n` +
        'Install nats-server (https://docs.nats.io/running-a-nats-service/introduction/installation) so that it is on PATH, ' +
        'or set NATS_URL to a running server with JetStream, or start Docker.',
    );
  });
}

async function useExternal(url: string): Promise<RunningNats> {
  const { hostname, port } = new URL(url);
  const deadline = Date.now() + EXTERNAL_TIMEOUT_MS;
  const greeting = await awaitGreeting(hostname, Number(port || 4222), () => Date.now() > deadline);
  if (!greeting)
    throw new Error(`NATS_URL is set, but no NATS server answers at ${hostname}:${port || 4222}`);
  if (!greeting.jetstream)
    throw new Error(`The NATS server at ${hostname} has JetStream switched off; start it with --jetstream`);
  const notOurs = () =>
    Promise.reject(new Error('NATS_URL names a server that is not ours to kill or restart'));
  return {
    url,
    version: greeting.version,
    syncAlways: false,
    kill: notOurs,
    restart: notOurs,
    stop: () => Promise.resolve(),
  };
}
