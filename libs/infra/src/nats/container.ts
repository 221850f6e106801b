import { containerById, containerLabel, NATS_IMAGE } from '../containers.ts';
import { freePort } from '../free-port.ts';
import { natsConfig } from './config.ts';
import { awaitGreeting } from './greeting.ts';
import type { NatsOptions, RunningNats } from './server.ts';

const [CLIENT_PORT, MONITOR_PORT] = [4222, 8222];
const START_TIMEOUT_MS = 60_000;

/** nats-server in a container of Testcontainers; `keep` is not offered. */
export async function startContainer(options: NatsOptions): Promise<RunningNats> {
  const { GenericContainer, Wait } = await import('testcontainers');
  const { labels, remove } = containerLabel();
  const config = natsConfig({
    ...options,
    host: '0.0.0.0',
    port: CLIENT_PORT,
    monitorPort: options.monitor ? MONITOR_PORT : undefined,
    storeDirectory: '/data',
    syncAlways: true,
  });
  const ports = [CLIENT_PORT, ...(options.monitor ? [MONITOR_PORT] : [])];
  const started = await new GenericContainer(NATS_IMAGE)
    .withLabels(labels)
    .withExposedPorts(
      ...(await Promise.all(ports.map(async (container) => ({ container, host: await freePort() })))),
    )
    .withCopyContentToContainer([{ content: config, target: '/couplet/nats.conf' }])
    .withCommand(['--config', '/couplet/nats.conf'])
    .withWaitStrategy(Wait.forLogMessage('Server is ready'))
    .start();
  const container = await containerById(started.getId());
  const [host, port] = [started.getHost(), started.getMappedPort(CLIENT_PORT)];

  const greeting = async () => {
    const deadline = Date.now() + START_TIMEOUT_MS;
    const answer = await awaitGreeting(host, port, () => Date.now() > deadline);
    if (!answer) throw new Error(`The NATS container does not answer on ${host}:${port}`);
    return answer;
  };
  return {
    url: `nats://${host}:${port}`,
    version: (await greeting()).version,
    syncAlways: true,
    ...(options.monitor && { monitorUrl: `http://${host}:${started.getMappedPort(MONITOR_PORT)}` }),
    kill: async () => void (await container.kill()),
    async restart() {
      if (await container.running()) await container.kill();
      await container.start();
      await greeting();
    },
    stop: remove,
  };
}
