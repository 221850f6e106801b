import { CampaignCreatedV1 } from '@couplet/contracts';
import { inTransaction } from '@couplet/postgres';
import { jest } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { appendEvents, OutboxRelay, pruneOutbox, recordOnce, replay } from '../src/index.ts';
import { aCampaign, type Stack, startStack, until } from './stack.ts';

const DAY_MS = 86_400_000;

jest.setTimeout(120_000);

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());
beforeEach(async () => {
  await stack.reset();
  await pruneOutbox(stack.pool, { now: inDays(0) });
});

it('drops days of published events after 30 days and days of marks after 62', async () => {
  const [published] = await stack.commitEvents(1);
  await take(published!);
  await publishAll();

  await pruneOutbox(stack.pool, { now: inDays(30) });
  expect(await ids('SELECT id FROM outbox')).toEqual([published]);
  expect(await pruneOutbox(stack.pool, { now: inDays(31) })).toEqual([
    expect.stringMatching(/^outbox_\d{8}$/),
    expect.stringMatching(/^outbox_batch_\d{8}$/),
  ]);
  expect(await ids('SELECT id FROM outbox')).toEqual([]);
  expect(await ids('SELECT event_id AS id FROM inbox')).toEqual([published]);
  await pruneOutbox(stack.pool, { now: inDays(63) });
  expect(await ids('SELECT event_id AS id FROM inbox')).toEqual([]);
});

it('keeps a day, however old, while an event of it is due, be it that a replay asks for it', async () => {
  await stack.commitEvents(1);
  await publishAll();
  const [waiting] = await stack.commitEvents(1);
  await pruneOutbox(stack.pool, { now: inDays(40) });
  expect(await ids('SELECT id FROM outbox')).toContain(waiting);

  await publishAll();
  await replay(stack.pool, { since: new Date(0) });
  await pruneOutbox(stack.pool, { now: inDays(40) });
  expect(await ids('SELECT id FROM outbox JOIN outbox_due USING (id)')).toHaveLength(2);
  await publishAll();
  await pruneOutbox(stack.pool, { now: inDays(40) });
  expect(await ids('SELECT id FROM outbox')).toEqual([]);
});

it('has partitions for the days to come, made once by two that do it at the same time', async () => {
  const later = inDays(100);
  await Promise.all([
    pruneOutbox(stack.pool, { now: later }),
    pruneOutbox(stack.otherPool, { now: later }),
    pruneOutbox(stack.otherPool, { now: later }),
  ]);

  await commitAt(later, 1);
  await commitAt(inDays(103), 1);
  expect(await ids('SELECT id FROM outbox')).toHaveLength(2);
  expect(await ids('SELECT id FROM outbox_default')).toEqual([]);
});

it('takes, publishes and forgets events of days that nobody made a partition for', async () => {
  const someDay = inDays(200);
  await commitAt(someDay, 3);
  expect(await ids('SELECT id FROM outbox_default')).toHaveLength(3);

  await pruneOutbox(stack.pool, { now: someDay });
  await commitAt(someDay, 1);
  await publishAll();

  expect(await ids('SELECT id FROM outbox_default')).toHaveLength(4);
  await pruneOutbox(stack.pool, { now: inDays(231) });
  expect(await ids('SELECT id FROM outbox')).toEqual([]);
});

it('waits for no transaction under way, in which case it does its work another time', async () => {
  await stack.commitEvents(1);
  await publishAll();
  const slow = await stack.otherPool.connect();
  await slow.query('BEGIN');
  await appendEvents(slow, [{ contract: CampaignCreatedV1, payload: aCampaign() }]);

  await expect(pruneOutbox(stack.pool, { now: inDays(31) })).rejects.toMatchObject({ code: '55P03' });

  await slow.query('ROLLBACK');
  slow.release();
  expect(await ids('SELECT id FROM outbox')).toHaveLength(1);
  await pruneOutbox(stack.pool, { now: inDays(31) });
  expect(await ids('SELECT id FROM outbox')).toEqual([]);
});

const inDays = (days: number): Date => new Date(Date.now() + days * DAY_MS);

const take = (eventId: string) =>
  inTransaction(stack.pool, (client) => recordOnce(client, { consumer: 'analytics', eventId }));

async function publishAll(): Promise<void> {
  const logger = { info: () => undefined, warn: () => undefined };
  const relay = new OutboxRelay(stack.pool, stack.publisher, logger, { pollMs: 20 });
  relay.start();
  await until(async () => (await stack.unpublished()) === 0);
  await relay.stop();
}

/** Events as of another day, due to be published. */
async function commitAt(at: Date, count: number): Promise<void> {
  await stack.pool.query(
    `WITH event AS (
       INSERT INTO outbox (id, subject, payload) SELECT unnest($1::uuid[]), $2, $3 RETURNING id)
     INSERT INTO outbox_due SELECT id FROM event`,
    [
      Array.from({ length: count }, () => uuidv7({ msecs: at.getTime() })),
      CampaignCreatedV1.subject,
      JSON.stringify(aCampaign()),
    ],
  );
}

async function ids(text: string): Promise<string[]> {
  const { rows } = await stack.pool.query<{ id: string }>(text);
  return rows.map(({ id }) => id);
}
