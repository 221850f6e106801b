import { ScanAbandonedV1, ScanGrantedV1, ScanRolledBackV1 } from '@couplet/contracts';
import { type RunningPostgres, startPostgres } from '@couplet/infra';
import { createPool, migrate } from '@couplet/postgres';
import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { IssuedCodes } from '../src/db/issued-codes.ts';
import { ScanEnds } from '../src/db/scan-ends.ts';
import { Scans } from '../src/db/scans.ts';
import type { IssuedCode } from '../src/domain/issued-code.ts';
import type { Sale, ScanCommand } from '../src/domain/scan.ts';
import { MIGRATIONS } from '../src/migrations.ts';

const AT_ONCE = 64;
let postgres: RunningPostgres;
let pool: pg.Pool;
let statements: string[];

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
    'TRUNCATE scan, code_use, issued_code, typed_code; DELETE FROM outbox_due; DELETE FROM outbox',
  );
  scans = new Scans(pool, now, () => undefined);
  ends = new ScanEnds(pool, now);
  codes = new IssuedCodes(pool);
  statements = [];
});

describe('at once', () => {
  it('64 scans are granted by as many statements as one, and one commit', async () => {
    const outcomes = await Promise.all(times(AT_ONCE, () => scans.grant(aCommand(), aSale())));
    expect(outcomes.map(({ state }) => state)).toEqual(times(AT_ONCE, () => 'granted'));
    expect(statements).toEqual(['BEGIN', 'barcode.decide', 'outbox-append', 'COMMIT']);
    expect(await told()).toEqual({ [ScanGrantedV1.subject]: AT_ONCE });
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
    await Promise.all(issued.map(({ codeId }) => codes.putTyped(codeId, hash(codeId), inAMinute())));
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
    const outcomes = await Promise.all(times(50, () => scans.grant(aCommand(), sale)));
    expect(outcomes[0]).toMatchObject({ state: 'granted' });
    for (const lost of outcomes.slice(1)) expect(lost).toEqual({ state: 'refused', reason: 'already-used' });
    expect(statements.filter((name) => name === 'COMMIT')).toHaveLength(1);
    expect(await told()).toEqual({ [ScanGrantedV1.subject]: 1, [ScanAbandonedV1.subject]: 49 });
  });

  it('a repeat is answered what the first is, and another body under its scanId conflicts and is freed', async () => {
    const command = aCommand();
    const other = { ...command, settlementId: uuidv7() };
    const [first, repeat, conflict] = await Promise.allSettled([
      scans.hold(command, aSale(), new Date(1_900_000_000_000)),
      scans.hold(command, aSale(), inAMinute()),
      scans.grant(other, aSale()),
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
    const outcomes = await Promise.allSettled([
      scans.grant(aCommand(), aSale()),
      scans.grant(bad, aSale()),
      scans.grant(aCommand(), aSale()),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await told()).toEqual({ [ScanGrantedV1.subject]: 2 });
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
    const outcomes = await Promise.all([voided, asked].map((command) => scans.grant(command, aSale())));
    expect(outcomes).toEqual([
      { state: 'abandoned', reason: 'voided' },
      { state: 'abandoned', reason: 'timed-out' },
    ]);
  });

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

function countStatements(client: pg.PoolClient): void {
  const query = client.query.bind(client) as (...given: unknown[]) => unknown;
  const counted = (...given: unknown[]) => {
    const [statement] = given as [string | { name?: string; text: string }];
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
    ...{ codeId: uuidv7(), holderId: uuidv7(), step: 0, currency: 'USD', discount, credit: 0n },
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
    ...{ issuedAt: now(), expiresAt: inAMinute() },
  };
}

const hash = (codeId: string) => Buffer.from(codeId);
const added = (code: IssuedCode) => ({ code, codeHash: hash(code.codeId), request: Buffer.from('body') });
const nameOf = ({ caller, request: { storeId, scanId } }: ScanCommand) => ({ caller, storeId, scanId });
const inAMinute = () => new Date(Date.now() + 60_000);
const times = <Made>(count: number, make: () => Made) => Array.from({ length: count }, make);
