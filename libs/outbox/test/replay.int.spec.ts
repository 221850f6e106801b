import { jest } from '@jest/globals';
import { inTransaction } from '@couplet/postgres';
import { applyStreams } from '@couplet/nats';
import { jetstreamManager } from '@nats-io/jetstream';
import { OutboxRelay, recordOnce, replay } from '../src/index.ts';
import { type Stack, startStack, STREAM, until } from './stack.ts';

const EPOCH = new Date(0);

jest.setTimeout(120_000);

let stack: Stack;
let relay: OutboxRelay;

beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());
beforeEach(async () => {
  await stack.reset();
  relay = aRelay();
  relay.start();
});
afterEach(() => relay.stop());

it('puts every event back into a stream that was deleted', async () => {
  const ids = await publish(250);
  const manager = await jetstreamManager(stack.connection);
  await manager.streams.delete(STREAM);
  await applyStreams(stack.connection);

  expect(await replay(stack.pool, { since: EPOCH })).toBe(250);

  await allPublished();
  expect((await stack.streamIds()).sort()).toEqual(ids);
});

it('needs a purged stream to be deleted first, because a purge leaves the memory of message ids', async () => {
  const ids = await publish(50);
  const manager = await jetstreamManager(stack.connection);
  await manager.streams.purge(STREAM);
  await replay(stack.pool, { since: EPOCH });
  await allPublished();
  expect(await stack.streamIds()).toEqual([]);

  await manager.streams.delete(STREAM);
  await applyStreams(stack.connection);
  await replay(stack.pool, { since: EPOCH });

  await allPublished();
  expect((await stack.streamIds()).sort()).toEqual(ids);
});

it('adds nothing to a stream that still has the events', async () => {
  const ids = await publish(50);

  await replay(stack.pool, { since: EPOCH });

  await allPublished();
  expect((await stack.streamIds()).sort()).toEqual(ids);
});

it('rebuilds a consumer that lost its data, and takes nothing twice in one that did not', async () => {
  const ids = await publish(30);
  const effects = { intact: [] as string[], lost: [] as string[] };
  for (const id of ids) await take('intact', id);
  const manager = await jetstreamManager(stack.connection);
  await manager.streams.delete(STREAM);
  await applyStreams(stack.connection);

  await replay(stack.pool, { since: EPOCH });
  await allPublished();
  for (const id of await stack.streamIds()) {
    if (await take('intact', id)) effects.intact.push(id);
    if (await take('lost', id)) effects.lost.push(id);
  }

  expect(effects.intact).toEqual([]);
  expect(effects.lost.sort()).toEqual(ids);
});

it('replays no more than was published since', async () => {
  await publish(10);
  const { rows } = await stack.pool.query<{ now: Date }>('SELECT clock_timestamp() AS now');
  await until(async () => (await databaseNow()) > rows[0]!.now);
  await publish(5);

  expect(await replay(stack.pool, { since: rows[0]!.now })).toBe(5);
});

it('replays what was appended before that moment and published after it, because a relay was away', async () => {
  await relay.stop();
  const waiting = await stack.commitEvents(3);
  const since = await databaseNow();
  relay = aRelay();
  relay.start();
  await allPublished();

  expect(await replay(stack.pool, { since })).toBe(waiting.length);
});

it('replays a backlog of many chunks while a relay publishes it', async () => {
  await stack.commitEvents(6_000);
  await allPublished();

  expect(await replay(stack.pool, { since: EPOCH })).toBe(6_000);

  await allPublished();
});

function aRelay(): OutboxRelay {
  const logger = { info: () => undefined, warn: () => undefined };
  return new OutboxRelay(stack.pool, stack.publisher, logger, { pollMs: 20, backoffMsMin: 10 });
}

async function publish(count: number): Promise<string[]> {
  const committed = await stack.commitEvents(count);
  await allPublished();
  return committed;
}

const allPublished = () => until(async () => (await stack.unpublished()) === 0);

const take = (consumer: string, eventId: string) =>
  inTransaction(stack.pool, (client) => recordOnce(client, { consumer, eventId }));

async function databaseNow(): Promise<Date> {
  const { rows } = await stack.pool.query<{ now: Date }>('SELECT clock_timestamp() AS now');
  return rows[0]!.now;
}
