import { CampaignCreatedV1, eventStreamName } from '@couplet/contracts';
import { type RunningNats, startNats, startPostgres } from '@couplet/infra';
import { applyStreams, connectNats, EventPublisher } from '@couplet/nats';
import { createPool, inTransaction, migrate } from '@couplet/postgres';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { appendEvents, CreateOutboxTables1767225600001 } from '../src/index.ts';

export const STREAM = eventStreamName('issuance');

export interface Stack {
  pool: pg.Pool;
  /** Another replica's connections. */
  otherPool: pg.Pool;
  nats: RunningNats;
  connection: NatsConnection;
  publisher: EventPublisher;
  /** Commits `count` events and returns their ids. */
  commitEvents(count: number): Promise<string[]>;
  unpublished(): Promise<number>;
  /** Ids in the stream, in its order. */
  streamIds(): Promise<string[]>;
  /** Empty outbox, inbox and stream. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

/** PostgreSQL with the outbox tables of `issuance`, and NATS with all streams. */
export async function startStack(): Promise<Stack> {
  const [postgres, nats] = await Promise.all([startPostgres({ durable: false }), startNats()]);
  const { issuance: url } = await postgres.provision(['issuance']);
  await migrate({ url, schema: 'issuance', migrations: [CreateOutboxTables1767225600001] });
  const [pool, otherPool] = [createPool(url), createPool(url)];
  const connection = await connectNats({ url: nats.url, name: 'issuance' });
  const manager = await jetstreamManager(connection);

  return {
    pool,
    otherPool,
    nats,
    connection,
    publisher: new EventPublisher(connection, 'issuance', 500),
    async commitEvents(count) {
      await inTransaction(pool, (client) =>
        appendEvents(
          client,
          Array.from({ length: count }, () => ({ contract: CampaignCreatedV1, payload: aCampaign() })),
        ),
      );
      const { rows } = await pool.query<{ id: string }>('SELECT id FROM outbox ORDER BY id DESC LIMIT $1', [
        count,
      ]);
      return rows.map(({ id }) => id).reverse();
    },
    async unpublished() {
      const { rows } = await pool.query<{ n: number }>('SELECT count(*)::int AS n FROM outbox_due');
      return rows[0]!.n;
    },
    async streamIds() {
      const { state } = await manager.streams.info(STREAM);
      const sequences = Array.from({ length: state.messages }, (_, index) => state.first_seq + index);
      const messages = await Promise.all(sequences.map((seq) => manager.streams.getMessage(STREAM, { seq })));
      return messages.map((message) => message!.header.get('ce-id'));
    },
    async reset() {
      await pool.query('TRUNCATE outbox, outbox_due, outbox_batch, inbox');
      const existing = await manager.streams.names().next();
      if (existing.includes(STREAM)) await manager.streams.delete(STREAM);
      await applyStreams(connection);
    },
    async stop() {
      await Promise.all([pool.end(), otherPool.end(), connection.close()]);
      await Promise.all([postgres.stop(), nats.stop()]);
    },
  };
}

export function aCampaign() {
  return {
    campaignId: uuidv7(),
    title: 'Spring',
    startsAt: '2026-03-01T00:00:00Z',
    endsAt: '2026-04-01T00:00:00Z',
  };
}

/** Resolves when `condition` holds; the test's own time limit is the deadline. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}
