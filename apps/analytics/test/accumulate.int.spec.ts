import { CampaignCreatedV1, type EventContract } from '@couplet/contracts';
import { wholeReads } from '@couplet/infra';
import { jest } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { accumulate, type UsageEvent } from '../src/db/accumulate.ts';
import { emptyFacts } from '../src/db/empty-facts.ts';
import { UsageWriter } from '../src/db/usage-writer.ts';
import {
  aCreditedSale,
  aCreditedScan,
  aScanAtOnce,
  anAbandonment,
  aSale,
  aSearch,
  DAY,
  eventsOf,
} from './sales.ts';
import { type Database, startDatabase } from './stack.ts';

jest.setTimeout(120_000);

let database: Database;

beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.stop());
beforeEach(() => emptyFacts(database.pool));

const cancelled = aSale();
const kept = aSale();
const { granted: scanned, consumed, consumedToo } = aCreditedScan();
const paid = aCreditedSale();
const EVENTS = [
  ...[...Object.values(cancelled), ...eventsOf(kept), aSearch(), anAbandonment()],
  ...[...Object.values(aScanAtOnce()), ...Object.values(aCreditedScan()), scanned, consumed, consumedToo],
  ...[paid.granted, paid.consumed, paid.captured, paid.credited, ...Object.values(aCreditedSale())],
].map(asEvent);

it('ends in the same facts and roll-ups in whatever order, batches and repetitions events come', async () => {
  await accumulate(database.pool, EVENTS);
  const expected = await database.snapshot();
  const deliveries = fc.array(fc.shuffledSubarray(EVENTS, { minLength: 1, maxLength: EVENTS.length }), {
    maxLength: 4,
  });

  await fc.assert(
    fc.asyncProperty(
      deliveries,
      fc.shuffledSubarray(EVENTS, { minLength: EVENTS.length }),
      async (some, all) => {
        await emptyFacts(database.pool);
        for (const batch of some) await accumulate(database.pool, batch);
        for (const event of all) await accumulate(database.pool, [event, event]);
        expect(await database.snapshot()).toEqual(expected);
      },
    ),
    { numRuns: 25 },
  );
});

it('ends in the same facts and roll-ups when several replicas share the events', async () => {
  const events = Array.from({ length: 50 }, () => Object.values(aSale()).map(asEvent)).flat();
  await accumulate(database.pool, events);
  const expected = await database.snapshot();
  await emptyFacts(database.pool);

  const replicas = Array.from({ length: 4 }, () => new UsageWriter(database.pool));
  await Promise.all(events.map((event, index) => replicas[index % 4]!.do(event)));

  expect(await database.snapshot()).toEqual(expected);
});

it('adds nothing to the roll-ups that is not in the facts', async () => {
  await accumulate(database.pool, EVENTS);

  const { rows } = await database.pool.query(`
    SELECT party, sum(uses)::int8 AS uses, sum(discount)::int8 AS discount, sum(credit)::int8 AS credit
    FROM party_share GROUP BY party ORDER BY party`);
  const { daily_party_discount, daily_usage, daily_credit } = await database.snapshot();

  expect(daily_party_discount).toMatchObject(rows);
  expect(daily_credit!.filter((row) => (row as { uses: bigint }).uses > 0n)).toMatchObject([
    { offer_id: consumed.payload.offerId, uses: 1n, credit: 100n, paid: 0n },
    { offer_id: paid.consumed.payload.offerId, uses: 1n, credit: 100n, paid: 100n },
  ]);
  expect(daily_usage).toMatchObject([
    {
      ...{ currency: 'USD', settlements: 3n, coupons_consumed: 10n, coupons_rolled_back: 6n, discount: 100n },
      ...{ scans: 1n, scan_discount: 50n, credit: 300n },
    },
    { currency: null, searches: 3n, searches_empty: 1n, coupons_acquired: 2n, abandoned: 1n },
  ]);
});

it('shows a second capture of one settlement instead of hiding it', async () => {
  await accumulate(database.pool, [asEvent(kept.granted), asEvent(kept.captured), asEvent(kept.captured)]);
  expect(await database.snapshot()).toMatchObject({ settlement_fact: [{ captured_amount: 572n }] });
});

it('rejects an event that cannot be stored, and it alone', async () => {
  const title = 'NUL \u0000';
  const payload = {
    campaignId: uuidv7(),
    title,
    startsAt: `${DAY}T00:00:00Z`,
    endsAt: '2017-04-01T00:00:00Z',
  };
  const writer = new UsageWriter(database.pool);
  const events = [...EVENTS, asEvent({ contract: CampaignCreatedV1, payload })];

  const results = await Promise.allSettled(events.map((event) => writer.do(event)));

  expect(results.map(({ status }) => status)).toEqual([...EVENTS.map(() => 'fulfilled'), 'rejected']);
});

it('reads no table whole, also by what is planned while tables are empty', async () => {
  const asked = jest.spyOn(pg.Client.prototype, 'query');
  await accumulate(database.pool, EVENTS);
  const statements = asked.mock.calls.map(
    ([statement]) => statement as unknown as { name: string; text: string },
  );
  asked.mockRestore();

  const named = new Map(statements.filter(({ name }) => name).map((each) => [each.name, each]));
  expect([...named.keys()]).toEqual(
    expect.arrayContaining(['inbox-record', 'add-usage-shares', 'add-party-shares', 'add-credit-shares']),
  );
  // As the lock of the writers sets it, under which all this is run.
  const { connectionString } = database.pool.options;
  const asWriter = new pg.Pool({ connectionString, options: '-c enable_seqscan=off' });
  try {
    expect(await wholeReads(asWriter, named.values())).toEqual([]);
  } finally {
    await asWriter.end();
  }
});

function asEvent({ contract, payload }: { contract: EventContract; payload: unknown }): UsageEvent {
  return { eventId: uuidv7(), contract, payload };
}
