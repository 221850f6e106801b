import { startPostgres, type RunningPostgres } from '@couplet/infra';
import { createPool, migrate } from '@couplet/postgres';
import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { MIGRATIONS } from '../src/db/migrations/index.ts';
import { SettlementJournal } from '../src/db/journal.ts';
import { NetworkQueueRepository } from '../src/db/network-queue.repository.ts';
import { decide, type Change, type SettlementEvent } from '../src/domain/decide.ts';
import { planRefund } from '../src/domain/refund.ts';
import type { Settlement } from '../src/domain/settlement.ts';
import { aGrant, aSettlement, CANCEL as cancel } from './settlements.ts';

const grant = aGrant();
let postgres: RunningPostgres;
let pool: pg.Pool;
let journal: SettlementJournal;
const woken: string[] = [];
beforeAll(async () => {
  postgres = await startPostgres({ durable: false });
  const { 'settlement-relay': url } = await postgres.provision(['settlement-relay']);
  await migrate({ url, schema: 'settlement_relay', migrations: MIGRATIONS });
  pool = createPool(url);
  journal = new SettlementJournal(
    pool,
    {
      wakeOutbox: () => void woken.push('outbox'),
      wakeQueue: () => void woken.push('queue'),
      keepPlace: () => undefined,
    },
    60_000,
  );
}, 60_000);
afterAll(async () => {
  await pool.end();
  await postgres.stop();
});
beforeEach(async () => {
  woken.length = 0;
  await pool.query('TRUNCATE attempt, granted_sale, open_attempt, card_authorization, network_queue, outbox');
});

it('gives back what it was given', async () => {
  const started = aSettlement();
  expect(await journal.begin(started)).toBe(true);
  const { settlement } = await commit(started, grant);

  expect(await journal.find({ settlementId: started.settlementId })).toEqual(settlement);
  expect(await journal.find({ relay: 'acme', attemptId: started.attemptId })).toEqual(settlement);
});

it('gives back refunds, what a person must look at, and what the rest of a sale continues', async () => {
  const first = aSettlement();
  await journal.begin(first);
  await commit(first, grant);
  const sold = await commit(changeOf(first, grant).settlement, { kind: 'confirm', creditId: uuidv7() });
  const planned = planRefund(sold.settlement, { refundId: uuidv7() }, 'with-its-lines');
  if (planned.kind === 'refused') throw new Error(planned.reason);
  const refunded = await commit(sold.settlement, planned);
  expect(await journal.find(first)).toEqual(refunded.settlement);

  const rest = aSettlement();
  const continuing = { ...rest, terms: { ...rest.terms!, continues: first.settlementId } };
  const other = { ...continuing, settlementId: uuidv7(), attemptId: uuidv7(), authorizations: [] };
  expect(await journal.begin(continuing)).toBe(true);
  expect(await journal.begin(other)).toBe(false);
  expect(await journal.find(continuing)).toEqual(continuing);
});

it('lets one of ten begin an attempt', async () => {
  const attemptId = uuidv7();
  const begun = await Promise.all(
    Array.from({ length: 10 }, () => journal.begin({ ...aSettlement(), attemptId })),
  );

  expect(begun.filter(Boolean)).toHaveLength(1);
});

it('lets one of a grant and nine ends decide, and only its event is in the outbox', async () => {
  const started = aSettlement();
  await journal.begin(started);
  const events: SettlementEvent[] = [grant, ...Array.from({ length: 9 }, () => cancel)];

  const decided = await Promise.all(events.map((event) => journal.commit(started, changeOf(started, event))));

  expect(decided.filter(Boolean)).toHaveLength(1);
  expect((await pool.query('SELECT 1 FROM outbox')).rows).toHaveLength(1);
});

it('writes nothing of a decision that came too late: no state, no authorization, no event', async () => {
  const started = aSettlement();
  await journal.begin(started);
  await commit(started, cancel);
  const before = await journal.find(started);
  woken.length = 0;

  const again = changeOf(started, {
    ...{ kind: 'ask-again', authorizationId: uuidv7(), amount: 286n, first: 'declined' },
  });
  expect(await journal.commit(started, again)).toBe(false);
  expect(await journal.commit(started, changeOf(started, grant))).toBe(false);

  expect(await journal.find(started)).toEqual(before);
  expect((await pool.query('SELECT 1 FROM outbox')).rows).toHaveLength(1);
  expect(woken).toEqual([]);
});

it('a second live authorization of one attempt is refused by the database itself', async () => {
  const started = aSettlement();
  await journal.begin(started);
  const [first] = started.authorizations;
  const second = { ...first, authorizationId: uuidv7(), ordinal: 2 } as Settlement['authorizations'][number];
  const wrong = { ...started, version: 2, authorizations: [...started.authorizations, second] };

  await expect(journal.commit(started, { settlement: wrong, announcements: [] })).rejects.toMatchObject({
    constraint: 'card_authorization_one_live',
  });
});

it('a claimed authorization is nobody else’s until its lease ends, and keeps its request id on every try', async () => {
  const queue = new NetworkQueueRepository(pool, { leaseMs: 60_000, backoffMsMin: 1, backoffMsMax: 1 });
  const started = aSettlement();
  await journal.begin(started);
  expect(await queue.claim(10)).toEqual([]); // `sending` is the handler's.
  await commit(started, grant);
  expect(woken).toEqual(['outbox', 'queue']);

  const claims = await Promise.all([queue.claim(10), queue.claim(10), queue.claim(10)]);
  const [due, ...others] = claims.flat();
  expect(others).toEqual([]);
  expect(due).toMatchObject({ tries: 1, authorization: { state: 'live', held: 386n, amount: 286n } });

  if (due) await queue.postpone(due);
  let again = await queue.claim(10);
  while (again.length === 0) again = await queue.claim(10);
  expect(again).toMatchObject([{ tries: 2, requestId: due?.requestId }]);
});

function changeOf(before: Settlement, event: SettlementEvent): Change {
  const change = decide(before, event, new Date());
  if (!change) throw new Error(`${event.kind} changes nothing`);
  return change;
}

async function commit(before: Settlement, event: SettlementEvent): Promise<Change> {
  const change = changeOf(before, event);
  expect(await journal.commit(before, change)).toBe(true);
  return change;
}
