import { startPostgres, wholeReads, type RunningPostgres } from '@couplet/infra';
import { createPool, migrate } from '@couplet/postgres';
import type pg from 'pg';
import { SettlementJournal } from '../src/db/journal.ts';
import { BY_ATTEMPT, BY_AUTHORIZATION, BY_ID } from '../src/db/find-settlements.ts';
import { MIGRATIONS } from '../src/db/migrations/index.ts';
import * as statements from '../src/db/statements.ts';
import { answered } from '../src/domain/bring-to-rest.ts';
import { decide, type Change } from '../src/domain/decide.ts';
import type { Settlement } from '../src/domain/settlement.ts';
import { aGrant, aSettlement, CANCEL } from './settlements.ts';
import { eventually, found, startStand } from './stand.ts';

const CALLERS = 64;

let postgres: RunningPostgres;
let url: string;
let pool: pg.Pool;
let journal: SettlementJournal;
/** What was sent to the database, and what it refused. */
let sent = 0;
let refused: unknown[] = [];
beforeAll(async () => {
  postgres = await startPostgres({ durable: false });
  url = (await postgres.provision(['settlement-relay']))['settlement-relay'];
  await migrate({ url, schema: 'settlement_relay', migrations: MIGRATIONS });
  ({ pool, journal } = aReplica());
}, 60_000);
afterAll(async () => {
  await pool.end();
  await postgres.stop();
});
beforeEach(() => {
  sent = 0;
  refused = [];
});

it('callers that come together share statements and commits: 64 sales cost less than a tenth of 64 alone', async () => {
  await sellWhole(1); // Connects.
  sent = 0;
  await sellWhole(1);
  const alone = sent;
  sent = 0;

  await sellWhole(CALLERS);

  expect(sent).toBeLessThan((CALLERS * alone) / 10);
});

it('of two that bring the same attempt at once, one begins it and the other finds it', async () => {
  const [one, ...others] = many(4);
  const again = { ...aSettlement('immediate'), attemptId: one!.attemptId };

  const begun = await together([one!, again, ...others], (each) => journal.begin(each));

  expect(begun.filter(Boolean)).toHaveLength(4);
  expect(begun.slice(2)).toEqual([true, true, true]);
  expect((await journal.find(one!))?.settlementId).toBe(begun[0] ? one!.settlementId : again.settlementId);
});

it('of two that end the same unseen settlement at once, one does', async () => {
  const ended: Settlement = {
    ...aSettlement('immediate'),
    ...{ terms: undefined, state: 'abandoned', declineReason: 'timeout', authorizations: [] },
  } as never;

  expect((await together([ended, ended], (each) => journal.begin(each))).sort()).toEqual([false, true]);
});

it('of two that decide on one settlement at once, one does; the others of their batch are not held up, and only what happened is told', async () => {
  const [contested, ...others] = await begun(8);
  const changes = [
    { before: contested!, change: granted(contested!) },
    { before: contested!, change: changeOf(contested!, CANCEL) },
    ...others.map((before) => ({ before, change: granted(before) })),
  ];

  const decided = await together(changes, ({ before, change }) => journal.commit(before, change));

  expect(decided.slice(0, 2).sort()).toEqual([false, true]);
  expect(decided.slice(2)).toEqual(others.map(() => true));
  expect(await journal.find(contested!)).toEqual(changes[decided.indexOf(true)]!.change.settlement);
  expect(await factsOf(contested!)).toEqual([decided[0] ? 'settlement-granted' : 'settlement-abandoned']);
  for (const other of others) expect(await factsOf(other)).toEqual(['settlement-granted']);
});

it('what the database refuses is the error of its own caller', async () => {
  const [bad, ...others] = await begun(8);
  const [first] = bad!.authorizations;
  const second = { ...first!, authorizationId: aSettlement('immediate').settlementId, ordinal: 2 as const };
  const wrong = { ...granted(bad!).settlement, authorizations: [first!, second] };
  const changes = [
    { before: bad!, change: { ...granted(bad!), settlement: wrong } },
    ...others.map((before) => ({ before, change: granted(before) })),
  ];

  const [error, ...verdicts] = await Promise.allSettled(
    changes.map(({ before, change }) => journal.commit(before, change)),
  );

  expect(error).toMatchObject({ reason: { constraint: 'card_authorization_one_live' } });
  expect(verdicts).toEqual(others.map(() => ({ status: 'fulfilled', value: true })));
  expect(await journal.find(bad!)).toEqual(bad);
  expect(await factsOf(bad!)).toEqual([]);
});

it('a read is shared, and everybody gets what they asked for', async () => {
  const known = await begun(3);
  const [first] = known;
  const authorizationId = first!.authorizations[0]!.authorizationId;
  sent = 0;

  const read = await Promise.all([
    ...known.map(({ settlementId }) => journal.find({ settlementId })),
    journal.find({ settlementId: first!.settlementId }),
    journal.find({ settlementId: aSettlement('immediate').settlementId }),
    ...known.map(({ relay, attemptId }) => journal.find({ relay, attemptId })),
    journal.find({ relay: 'another', attemptId: first!.attemptId }),
    journal.find({ authorizationId }),
    journal.find({ relay: 'another', authorizationId }),
  ]);

  expect(read).toEqual([...known, first, undefined, ...known, undefined, first, undefined]);
  expect(sent).toBe(3);
});

it('two processes that decide on the same settlements in opposite orders never wait in a circle', async () => {
  const other = aReplica();
  const settlements = await begun(9);
  const commits = (by: SettlementJournal, these: Settlement[]) =>
    together(these, (before) => by.commit(before, granted(before)));
  const client = await pool.connect();
  await client.query('BEGIN');
  await client.query('SELECT 1 FROM attempt WHERE settlement_id = $1 FOR UPDATE', [
    settlements[4]!.settlementId,
  ]);

  const both = Promise.all([commits(journal, settlements), commits(other.journal, settlements.toReversed())]);
  await eventually(async () => {
    const { rows } = await pool.query(`SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'`);
    expect(rows).toHaveLength(2);
  });
  await client.query('COMMIT');
  client.release();
  const [ours, theirs] = await both;
  await other.pool.end();

  expect(ours.map((won, n) => won !== theirs.toReversed()[n])).toEqual(ours.map(() => true));
  expect(refused).toEqual([]);
});

it('reads no table whole, also by what is planned while tables are empty', async () => {
  const ofPeople = [statements.LIST_CASES.name, statements.FIND_CASE.name]; // Who look for cases now and then.
  const ofJournal = Object.values(statements).filter(({ name }) => !ofPeople.includes(name));
  const all = [BY_ATTEMPT, BY_AUTHORIZATION, BY_ID, ...ofJournal];

  expect(await wholeReads(pool, all)).toEqual([]);
});

it('a sale is written in place: no index is touched by its steps, and no table is read whole', async () => {
  const stand = await startStand();
  try {
    const shop = stand.shop(found(100));
    const SALES = 256;
    const scansBefore = await countersOf(stand.pool);

    for (let sold = 0; sold < SALES; sold += CALLERS) {
      const baskets = Array.from({ length: CALLERS }, () => shop.basket());
      await together(baskets, (basket) => shop.ask('settle', basket));
      for (const { attemptId } of baskets) await shop.rest(attemptId, 'granted', 'captured');
    }

    await eventually(async () => {
      for (const [table, { updates }] of await countersOf(stand.pool))
        expect({ table, updates }).toEqual({ table, updates: SALES * 3 });
    });
    for (const [table, { updates, inPlace, scans }] of await countersOf(stand.pool)) {
      expect(inPlace).toBeGreaterThanOrEqual(updates * 0.9);
      expect({ table, scans }).toEqual({ table, scans: scansBefore.get(table)!.scans });
    }
  } finally {
    await stand.stop();
  }
}, 60_000);

it('more sales than it has hands for come to rest, each asked once', async () => {
  const stand = await startStand({ QUEUE_CONCURRENCY: '2', QUEUE_POLL_MS: '60000' });
  try {
    const shop = stand.shop(found(100));
    const baskets = Array.from({ length: 24 }, () => shop.basket());

    await together(baskets, (basket) => shop.ask('settle', basket));
    for (const { attemptId } of baskets) await shop.rest(attemptId, 'granted', 'captured');

    expect(shop.relay.calls('adjust')).toHaveLength(baskets.length);
    expect(shop.relay.calls('capture')).toHaveLength(baskets.length);
  } finally {
    await stand.stop();
  }
}, 60_000);

function aReplica(): { pool: pg.Pool; journal: SettlementJournal } {
  const own = createPool(url);
  own.on('connect', (client) => {
    const query = client.query.bind(client) as (...given: unknown[]) => Promise<unknown>;
    client.query = ((...given: unknown[]) => {
      sent += 1;
      const answer = query(...given) as Promise<unknown> | undefined;
      answer?.catch((error: unknown) => refused.push(error));
      return answer;
    }) as never;
  });
  const after = { wakeOutbox: () => undefined, wakeQueue: () => undefined, keepPlace: () => undefined };
  return { pool: own, journal: new SettlementJournal(own, after, 60_000) };
}

/** Begun, granted, adjusted and captured, all of them at the same time. */
async function sellWhole(sales: number): Promise<void> {
  let settlements = await begun(sales);
  const steps = [granted, ...(['adjust', 'capture'] as const).map((step) => done(step))];
  for (const changeTo of steps) {
    const changes = settlements.map((before) => ({ before, change: changeTo(before) }));
    await together(changes, ({ before, change }) => journal.commit(before, change));
    settlements = changes.map(({ change }) => change.settlement);
  }
}

async function begun(count: number): Promise<Settlement[]> {
  const settlements = many(count);
  await together(settlements, (each) => journal.begin(each));
  return settlements;
}

const many = (count: number): Settlement[] => Array.from({ length: count }, () => aSettlement('immediate'));

const together = <Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> => Promise.all(items.map(work));

function changeOf(before: Settlement, event: Parameters<typeof decide>[1]): Change {
  const change = decide(before, event, new Date());
  if (!change) throw new Error(`${event.kind} changes nothing`);
  return change;
}

const granted = (before: Settlement): Change => changeOf(before, aGrant());

const done =
  (step: 'adjust' | 'capture') =>
  (before: Settlement): Change => {
    const [authorization] = before.authorizations;
    const change = answered(before, authorization!.authorizationId, step, 'done', {
      now: new Date(),
      skewMs: 0,
    });
    if (!change) throw new Error(`${step} changes nothing`);
    return change;
  };

async function factsOf({ settlementId }: Settlement): Promise<string[]> {
  const { rows } = await pool.query<{ fact: string }>(
    `SELECT split_part(subject, '.', 4) AS fact FROM outbox WHERE payload::jsonb ->> 'settlementId' = $1`,
    [settlementId],
  );
  return rows.map(({ fact }) => fact);
}

async function countersOf(
  database: pg.Pool,
): Promise<Map<string, { updates: number; inPlace: number; scans: number }>> {
  const { rows } = await database.query<{ relname: string; updates: bigint; hot: bigint; scans: bigint }>(
    `SELECT relname, n_tup_upd AS updates, n_tup_hot_upd AS hot, seq_scan AS scans FROM pg_stat_user_tables
     WHERE relname IN ('attempt', 'card_authorization')`,
  );
  return new Map(
    rows.map(({ relname, updates, hot, scans }) => [
      relname,
      { updates: Number(updates), inPlace: Number(hot), scans: Number(scans) },
    ]),
  );
}
