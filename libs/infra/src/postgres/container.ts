import pg from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { containerById, containerLabel, POSTGRES_IMAGE } from '../containers.ts';
import { freePort } from '../free-port.ts';
import type { PostgresOptions, PostgresServer } from './server.ts';

const START_TIMEOUT_MS = 60_000;

/** PostgreSQL in a container of Testcontainers; `keep` is not offered. */
export async function startContainer(options: PostgresOptions): Promise<PostgresServer> {
  const { PostgreSqlContainer } = await import('@testcontainers/postgresql');
  const settings = {
    max_connections: '200',
    ...(options.durable === false && { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
    ...options.settings,
  };
  const { labels, remove } = containerLabel();
  const started = await new PostgreSqlContainer(POSTGRES_IMAGE)
    .withLabels(labels)
    .withExposedPorts({ container: 5432, host: await freePort() }) // A fixed port outlives a restart.
    .withCommand([
      'postgres',
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ])
    .start();
  const container = await containerById(started.getId());
  const adminUrl = started.getConnectionUri();

  return {
    adminUrl,
    rolePrefix: '',
    kill: async () => void (await container.kill()),
    async restart() {
      if (await container.running()) await container.kill();
      await container.start();
      await untilReady(adminUrl);
    },
    stop: remove,
  };
}

async function untilReady(url: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      return await client.end();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(50);
    }
  }
}
