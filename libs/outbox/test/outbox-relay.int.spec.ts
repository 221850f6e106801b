import { jest } from '@jest/globals';
import { CampaignCreatedV1 } from '@couplet/contracts';
import { inTransaction } from '@couplet/postgres';
import { appendEvents, OutboxRelay, type OutboxRelayOptions } from '../src/index.ts';
import { aCampaign, type Stack, startStack, until } from './stack.ts';

const NEVER_MS = 3_600_000;

jest.setTimeout(120_000);

let stack: Stack;
let relays: OutboxRelay[] = [];
let warnings: unknown[] = [];
const logger = { info: () => undefined, warn: (fields: object) => void warnings.push(fields) };

beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());
beforeEach(async () => {
  warnings = [];
  await stack.reset();
});
afterEach(async () => {
  await Promise.all(relays.map((relay) => relay.stop()));
  relays = [];
});

it('publishes what a process committed before it died without publishing', async () => {
  const ids = await stack.commitEvents(250);

  relay().start();

  await until(async () => (await stack.unpublished()) === 0);
  expect(sorted(await stack.streamIds())).toEqual(ids);
});

it('publishes nothing of a transaction that rolled back', async () => {
  const rolledBack = inTransaction(stack.pool, async (client) => {
    await appendEvents(client, [{ contract: CampaignCreatedV1, payload: aCampaign() }]);
    throw new Error('the sale fell through');
  });
  await expect(rolledBack).rejects.toThrow('the sale fell through');

  const [id] = await stack.commitEvents(1);
  relay().start();

  await until(async () => (await stack.unpublished()) === 0);
  expect(await stack.streamIds()).toEqual([id]);
});

it('leaves one copy in the stream when a relay dies between publishing and marking', async () => {
  const ids = await stack.commitEvents(20);
  const duplicates: boolean[] = [];
  const dying = relay({}, async (message) => {
    const ack = await stack.publisher.publish(message);
    duplicates.push(ack.duplicate);
    if (duplicates.length === 20) await endTransactionsUnderWay();
    return ack;
  });
  dying.start();

  await until(async () => (await stack.unpublished()) === 0);
  expect(sorted(await stack.streamIds())).toEqual(ids);
  expect(duplicates.filter(Boolean)).toHaveLength(20);
});

it('shares rows between two relays: each is published once', async () => {
  const ids = await stack.commitEvents(1_000);
  const published: string[] = [];
  const publish: Publish = async (message) => {
    published.push(message.id);
    return stack.publisher.publish(message);
  };
  const second = new OutboxRelay(stack.otherPool, { publish }, logger, { pollMs: 20 });
  relays.push(second);
  relay({}, publish).start();
  second.start();

  await until(async () => (await stack.unpublished()) === 0);
  expect(sorted(published)).toEqual(ids);
  expect(sorted(await stack.streamIds())).toEqual(ids);
});

it('does not skip a row whose transaction commits after later rows went out', async () => {
  const slow = await stack.otherPool.connect();
  await slow.query('BEGIN');
  await appendEvents(slow, [{ contract: CampaignCreatedV1, payload: aCampaign() }]);
  const [later] = await stack.commitEvents(1);
  relay().start();
  await until(async () => (await stack.streamIds()).includes(later!));

  await slow.query('COMMIT');
  slow.release();

  await until(async () => (await stack.unpublished()) === 0);
  expect(await stack.streamIds()).toHaveLength(2);
});

it('publishes at once when woken', async () => {
  const waiting = relay({ pollMs: NEVER_MS });
  waiting.start();
  await stack.commitEvents(1);

  waiting.wake();

  await until(async () => (await stack.streamIds()).length === 1);
});

it('finishes the batch in hand before it stops', async () => {
  await stack.commitEvents(1);
  let letGo: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  let arrived = false;
  const held = relay({}, async (message) => {
    arrived = true;
    await gate;
    return stack.publisher.publish(message);
  });
  held.start();
  await until(() => arrived);

  const stopped = held.stop();
  expect(await stack.unpublished()).toBe(1);
  letGo();
  await stopped;

  expect(await stack.unpublished()).toBe(0);
  expect(await stack.streamIds()).toHaveLength(1);
});

it('marks what was stored when a part of the batch failed', async () => {
  const ids = await stack.commitEvents(10);
  let refusals = 0;
  relay({ pollMs: NEVER_MS }, async (message) => {
    if (message.id === ids[3] && refusals++ < 3) throw new Error('refused');
    return stack.publisher.publish(message);
  }).start();

  await until(async () => (await stack.unpublished()) === 0);
  expect(sorted(await stack.streamIds())).toEqual(ids);
  expect(warnings).toHaveLength(1);
});

it('keeps events while NATS is away and publishes them when it is back', async () => {
  const running = relay();
  running.start();
  await stack.nats.kill();
  const ids = await stack.commitEvents(120);
  running.wake();
  await until(() => warnings.length > 0);

  await stack.nats.restart();

  await until(async () => (await stack.unpublished()) === 0);
  expect(sorted(await stack.streamIds())).toEqual(ids);
});

type Publish = Stack['publisher']['publish'];

function relay(options: Partial<OutboxRelayOptions> = {}, publish?: Publish): OutboxRelay {
  const events = publish ? { publish } : stack.publisher;
  const created = new OutboxRelay(stack.pool, events, logger, { pollMs: 20, backoffMsMin: 10, ...options });
  relays.push(created);
  return created;
}

/** As a crash of their process would. */
async function endTransactionsUnderWay(): Promise<void> {
  await stack.otherPool.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction' AND usename = current_user",
  );
}

const sorted = (ids: string[]): string[] => [...ids].sort();
