import { jest } from '@jest/globals';
import { CampaignCreatedV1, CouponsSearchedV1 } from '@couplet/contracts';
import { inTransaction } from '@couplet/postgres';
import { v7 as uuidv7 } from 'uuid';
import { appendEvents, recordOnce, recordUnseen } from '../src/index.ts';
import { aCampaign, type Stack, startStack } from './stack.ts';

jest.setTimeout(120_000);

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

describe('recordOnce', () => {
  it('lets exactly one of ten concurrent transactions take an event', async () => {
    const eventId = uuidv7();

    const taken = await Promise.all(Array.from({ length: 10 }, () => take('analytics', eventId)));

    expect(taken.filter(Boolean)).toHaveLength(1);
    expect(await take('analytics', eventId)).toBe(false);
  });

  it('gives the event to the next when the transaction that took it rolls back', async () => {
    const eventId = uuidv7();
    let begun: () => void = () => undefined;
    const first = new Promise<void>((resolve) => (begun = resolve));
    let fail: () => void = () => undefined;
    const failing = new Promise<void>((resolve) => (fail = resolve));
    const rolledBack = inTransaction(stack.pool, async (client) => {
      expect(await recordOnce(client, { consumer: 'analytics', eventId })).toBe(true);
      begun();
      await failing;
      throw new Error('the effect failed');
    });
    await first;
    const next = take('analytics', eventId);
    fail();

    await expect(rolledBack).rejects.toThrow('the effect failed');
    expect(await next).toBe(true);
  });

  it('keeps consumers apart', async () => {
    const eventId = uuidv7();
    expect(await take('analytics', eventId)).toBe(true);
    expect(await take('clearing', eventId)).toBe(true);
  });
});

describe('recordUnseen', () => {
  it('tells batches that overlap in opposite order which events are new, without a deadlock', async () => {
    const eventIds = Array.from({ length: 200 }, () => uuidv7());
    const record = (ids: string[]) =>
      inTransaction(stack.pool, (client) => recordUnseen(client, { consumer: 'analytics', eventIds: ids }));

    const batches = await Promise.all([record(eventIds), record([...eventIds].reverse()), record(eventIds)]);

    expect(batches.map(({ size }) => size).sort((a, b) => a - b)).toEqual([0, 0, 200]);
  });
});

describe('appendEvents', () => {
  it('stores the wire form, the subject and the trace of each event', async () => {
    const payload = aCampaign();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await inTransaction(stack.pool, (client) =>
      appendEvents(client, [{ contract: CampaignCreatedV1, payload, traceparent }]),
    );

    const { rows } = await stack.pool.query(
      'SELECT subject, payload, traceparent FROM outbox JOIN outbox_due USING (id)',
    );

    expect(rows).toEqual([
      {
        subject: CampaignCreatedV1.subject,
        payload: JSON.stringify(payload),
        traceparent,
      },
    ]);
  });

  it('refuses a payload that does not fit its contract', async () => {
    const payload = { ...aCampaign(), campaignId: 'spring' };
    const appended = inTransaction(stack.pool, (client) =>
      appendEvents(client, [{ contract: CampaignCreatedV1, payload }]),
    );
    await expect(appended).rejects.toThrow('campaignId');
  });

  it('refuses a payload that NATS would never take', async () => {
    const payload = {
      searchId: uuidv7(),
      holderIds: [],
      purpose: 'purchase',
      presentedAt: '2026-03-01T00:00:00Z',
      result: 'found' as const,
      offerIds: Array.from({ length: 30_000 }, () => uuidv7()),
    };
    const appended = inTransaction(stack.pool, (client) =>
      appendEvents(client, [{ contract: CouponsSearchedV1, payload }]),
    );
    await expect(appended).rejects.toThrow(RangeError);
  });
});

const take = (consumer: string, eventId: string) =>
  inTransaction(stack.pool, (client) => recordOnce(client, { consumer, eventId }));
