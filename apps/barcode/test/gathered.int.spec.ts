import { ScanAbandonedV1, ScanGrantedV1, ScanRolledBackV1 } from '@couplet/contracts';
import { type RunningPostgres, startPostgres, wholeReads } from '@couplet/infra';
import { createPool, migrate } from '@couplet/postgres';
import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { IssuedCodes } from '../src/db/issued-codes.ts';
import { ScanEnds } from '../src/db/scan-ends.ts';
import { Scans } from '../src/db/scans.ts';
import type { IssuedCode } from '../src/domain/issued-code.ts';
import type { Sale, ScanCommand, ScanOutcome } from '../src/domain/scan.ts';
import { MIGRATIONS } from '../src/migrations.ts';

const AT_ONCE = 64;
let postgres: RunningPostgres;
let pool: pg.Pool;
let statements: string[];
/** Texts of all that were run, by their names. */
const known = new Map<string, string>();

beforeAll(async () => {
  postgres = await startPostgres({ durable: false });
  const { barcode: url } = await postgres.provision(['barcode']);
  await migrate({ url: url!, schema: 'barcode', migrations: MIGRATIONS });
  pool = createPool(url!);
  pool.on('connect', (client) => countStatements(client));
});

afterAll(async () => {
  await pool.end();
  await postgres.stop();
});

let scans: Scans;
let ends: ScanEnds;
let codes: IssuedCodes;
const now = () => new Date();

beforeEach(async () => {
  await pool.query(
    'TRUNCATE scan, asked_scan, code_use, issued_code, typed_code; DELETE FROM outbox_due; DELETE FROM outbox',
  );
  scans = new Scans(pool, now, () => undefined);
  ends = new ScanEnds(pool, now);
  codes = new IssuedCodes(pool);
  statements = [];
});

describe('at once', () => {
  it('64 scans are asked for and granted by as many statements as one, and a commit each', async () => {
    const outcomes = await Promise.all(times(AT_ONCE, () => grant(aCommand())));
    expect(outcomes.map(({ state }) => state)).toEqual(times(AT_ONCE, () => 'granted'));
    expect(statements).toEqual(['BEGIN', 'barcode.want', 'COMMIT', 'barcode.finish']);
    expect(await told()).toEqual({}); // The registry told of it when it used the coupons.
    expect(await undecided()).toBe(0);
  });

  it('64 scans are refused by one statement', async () => {
    await Promise.all(times(AT_ONCE, () => scans.refuse(aCommand(), uuidv7(), 'wrong-store')));
    expect(statements).toEqual(['barcode.refuse']);
  });

  it('64 scans are confirmed by as many statements as one, and one commit', async () => {
    const commands = times(AT_ONCE, () => aCommand());
    await Promise.all(commands.map((command) => scans.hold(command, aSale(), inAMinute())));
    statements = [];
    const outcomes = await Promise.all(commands.map((command) => ends.confirm(nameOf(command))));
    expect(outcomes).toEqual(times(AT_ONCE, () => 'confirmed'));
    expect(statements).toEqual([
      'BEGIN',
      'barcode.lock-scans',
      'barcode.move-scans',
      'outbox-append',
      'COMMIT',
    ]);
  });

  it('64 codes are found, issued and shown by a statement each', async () => {
    const issued = times(AT_ONCE, () => aCode());
    await Promise.all(issued.map((code) => codes.get(code.codeId)));
    const kept = await Promise.all(issued.map((code) => codes.add(added(code))));
    expect(kept).toEqual(issued);
    await Promise.all(issued.map(({ codeId }) => codes.putTyped(codeId, hash(codeId), minuteFromNow())));
    const found = await Promise.all(issued.map(({ codeId }) => codes.find(hash(codeId), 0)));
    expect(found.map((row) => row?.code)).toEqual(issued);
    expect(statements).toEqual([
      'barcode.codes',
      'barcode.add-codes',
      'barcode.put-typed',
      'barcode.find-codes',
    ]);
  });
});

describe('within one batch', () => {
  it('of 50 scans of one code the first wins', async () => {
    const sale = aSale();
    const outcomes = await Promise.all(times(50, () => grant(aCommand(), sale)));
    expect(outcomes[0]).toMatchObject({ state: 'granted' });
    for (const lost of outcomes.slice(1)) expect(lost).toEqual({ state: 'refused', reason: 'already-used' });
    expect(statements.filter((name) => name === 'COMMIT')).toHaveLength(1);
    expect(await told()).toEqual({}); // Who lost had asked nobody for coupons.
  });

  it('a repeat is answered what the first is, and another body under its scanId conflicts and is freed', async () => {
    const command = aCommand();
    const other = { ...command, settlementId: uuidv7() };
    const [first, repeat, conflict] = await Promise.allSettled([
      scans.hold(command, aSale(), { step: 0, confirmBy: new Date(1_900_000_000_000) }),
      scans.hold(command, aSale(), inAMinute()),
      scans.hold(other, aSale(), inAMinute()),
    ]);
    expect(first).toMatchObject({ value: { state: 'held', confirmBy: new Date(1_900_000_000_000) } });
    expect(repeat).toEqual(first);
    expect(conflict).toMatchObject({ reason: { code: 'attempt-conflict' } });
    expect(await told()).toEqual({ [ScanAbandonedV1.subject]: 1 });
    await expect(scans.decided(other)).rejects.toMatchObject({ code: 'attempt-conflict' });
  });

  it('an error reaches the one caller whom it belongs to', async () => {
    const bad = aCommand();
    bad.request.storeId = 'no text of PostgreSQL \0';
    const outcomes = await Promise.allSettled([grant(aCommand()), grant(bad), grant(aCommand())]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('ends come one after the other: confirmed, then voided, then it stays so', async () => {
    const command = aCommand();
    await scans.hold(command, aSale(), inAMinute());
    const name = nameOf(command);
    const outcomes = await Promise.all([
      ends.confirm(name),
      ends.void(name),
      ends.confirm(name),
      ends.resolve(command.settlementId),
    ]);
    expect(outcomes).toEqual(['confirmed', undefined, 'voided', { decision: 'cancelled', couponIds: [] }]);
    expect(await told()).toEqual({ [ScanGrantedV1.subject]: 1, [ScanRolledBackV1.subject]: 1 });
    const { rowCount: uses } = await pool.query('SELECT FROM code_use');
    expect(uses).toBe(0);
  });

  it('a void that comes first, and a question that comes first, refuse the scan to come', async () => {
    const [voided, asked] = [aCommand(), aCommand()];
    await Promise.all([ends.void(nameOf(voided)), ends.resolve(asked.settlementId)]);
    const outcomes = await Promise.all(
      [voided, asked].map((command) => scans.hold(command, aSale(), inAMinute())),
    );
    expect(outcomes).toEqual([
      { state: 'abandoned', reason: 'voided' },
      { state: 'abandoned', reason: 'timed-out' },
    ]);
  });

  it('of what came of a scan the first counts, and its coupons are not to be had: its code may be scanned again', async () => {
    const [command, sale] = [aCommand(), aSale()];
    const codeUse = { codeId: sale.codeId, step: 30 };
    expect(await Promise.all(times(2, () => scans.ask(command, codeUse)))).toEqual(
      times(2, () => ({ state: 'asked', codeId: sale.codeId })),
    );
    const refused = { state: 'refused', reason: 'coupon-unavailable' };
    const outcomes = [
      scans.finish(command, { reason: 'coupon-unavailable' }),
      scans.finish(command, { sale }),
    ];
    expect(await Promise.all(outcomes)).toEqual([refused, refused]);
    expect(await scans.decided(command)).toEqual(refused);
    expect(await undecided()).toBe(0);
    expect(await scans.ask(aCommand(), codeUse)).toMatchObject({ state: 'asked' });
  });

  it.each([
    { ending: 'void', end: (command: ScanCommand) => ends.void(nameOf(command)), reason: 'voided' },
    { ending: 'sweep', end: async () => expect(await ends.sweep(-1_000)).toBe(false), reason: 'timed-out' },
  ])(
    'a $ending of an undecided scan rolls it back, whatever its handler learns later',
    async ({ end, reason }) => {
      const [command, sale] = [aCommand(), aSale()];
      await scans.ask(command, { codeId: sale.codeId, step: 0 });
      expect(await ends.sweep(60_000)).toBe(false);
      expect(await ends.status(nameOf(command))).toBeUndefined();
      await expect(ends.confirm(nameOf(command))).rejects.toMatchObject({ code: 'attempt-in-progress' });
      await end(command);
      const { rows } = await pool.query<{ payload: string }>('SELECT payload FROM outbox');
      expect(rows.map(({ payload }) => JSON.parse(payload))).toMatchObject([
        { settlementId: command.settlementId, scanId: command.request.scanId, couponIds: [] },
      ]);
      expect(await told()).toEqual({ [ScanRolledBackV1.subject]: 1 });
      expect(await scans.finish(command, { sale })).toEqual({ state: 'rolled-back', reason });
      expect(await undecided()).toBe(0);
      expect(await scans.ask(aCommand(), { codeId: sale.codeId, step: 0 })).toMatchObject({ state: 'asked' });
    },
  );

  it('of two bodies under one codeId the first is kept', async () => {
    const code = aCode();
    const other = { ...code, currency: 'EUR' };
    const kept = await Promise.all([
      codes.add(added(code)),
      codes.add({ ...added(other), request: Buffer.from('other') }),
      codes.add(added(code)),
    ]);
    expect(kept).toEqual([code, undefined, code]);
  });
});

it('moves scans within their pages, so that no index is touched', async () => {
  const commands = times(10 * AT_ONCE, () => aCommand());
  await Promise.all(commands.map((command) => scans.hold(command, aSale(), inAMinute())));
  const before = await pagesOfScans();
  await Promise.all(commands.map((command) => ends.confirm(nameOf(command))));
  const after = await pagesOfScans();
  const stayed = [...before].filter(([settlementId, page]) => after.get(settlementId) === page);
  expect(stayed.length / before.size).toBeGreaterThanOrEqual(0.9);
});

async function pagesOfScans(): Promise<Map<string, number>> {
  const { rows } = await pool.query<{ id: string; page: number }>(
    'SELECT settlement_id AS id, (ctid::text::point)[0]::int AS page FROM scan',
  );
  return new Map(rows.map(({ id, page }) => [id, page]));
}

it('reads no table whole, also by what is planned while tables are empty', async () => {
  const all = [...known].map(([name, text]) => ({ name, text }));
  expect(await wholeReads(pool, all)).toEqual([]);
  expect([...known.keys()]).toEqual(
    expect.arrayContaining(['barcode.find-codes', 'barcode.want', 'barcode.finish']),
  );
});

function countStatements(client: pg.PoolClient): void {
  const query = client.query.bind(client) as (...given: unknown[]) => unknown;
  const counted = (...given: unknown[]) => {
    const [statement] = given as [string | { name?: string; text: string }];
    if (typeof statement !== 'string' && statement.name) known.set(statement.name, statement.text);
    statements?.push(typeof statement === 'string' ? statement : (statement.name ?? statement.text));
    return query(...given);
  };
  Object.assign(client, { query: counted });
}

async function told(): Promise<Record<string, number>> {
  const { rows } = await pool.query<{ subject: string; count: number }>(
    'SELECT subject, count(*)::int AS count FROM outbox GROUP BY subject',
  );
  return Object.fromEntries(rows.map(({ subject, count }) => [subject, count]));
}

/** As a scan that is final at once does, when the registry says so. */
async function grant(command: ScanCommand, sale: Sale = aSale()): Promise<ScanOutcome> {
  const asked = await scans.ask(command, { codeId: sale.codeId, step: 0 });
  return asked.state === 'asked' ? scans.finish(command, { sale }) : asked;
}

async function undecided(): Promise<number> {
  const { rowCount } = await pool.query('SELECT FROM asked_scan');
  return rowCount!;
}

function aCommand(): ScanCommand {
  return {
    ...{ caller: 'sim', settlementId: uuidv7() },
    request: {
      ...{ scanId: uuidv7(), storeId: '309', terminalId: '4', scannedAt: now().toISOString(), code: '1' },
      ...{ purpose: 'purchase', lines: [], finish: 'immediate' },
    },
  };
}

function aSale(): Sale {
  const discount = 100n;
  return {
    ...{ codeId: uuidv7(), holderId: uuidv7(), currency: 'USD', discount, credit: 0n },
    lines: [{ lineId: '1', productId: 'milk', quantity: '1', unit: 'each', eligible: true, discount }],
    coupons: [
      {
        ...{ couponId: uuidv7(), offerId: uuidv7(), title: 'A dollar off milk', discount },
        lines: [{ lineId: '1', discount }],
        funding: [{ party: 'manufacturer:614141', amount: discount }],
      },
    ],
  };
}

function aCode(): IssuedCode {
  return {
    ...{ codeId: uuidv7(), keyId: 'k1', holderId: uuidv7(), mode: 'single-use', currency: 'USD' },
    coupons: [{ couponId: uuidv7(), offerId: uuidv7(), title: 'Milk', validTo: '2030-01-01T00:00:00Z' }],
    ...{ productIds: ['milk', 'cream'], storeIds: undefined, gs1: undefined, revokedAt: undefined },
    ...{ issuedAt: now(), expiresAt: minuteFromNow() },
  };
}

const hash = (codeId: string) => Buffer.from(codeId);
const added = (code: IssuedCode) => ({ code, codeHash: hash(code.codeId), request: Buffer.from('body') });
const nameOf = ({ caller, request: { storeId, scanId } }: ScanCommand) => ({ caller, storeId, scanId });
const inAMinute = () => ({ step: 0, confirmBy: minuteFromNow() });
const minuteFromNow = () => new Date(Date.now() + 60_000);
const times = <Made>(count: number, make: () => Made) => Array.from({ length: count }, make);
