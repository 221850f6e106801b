import { ProblemError, type ScanReason, ScanRolledBackV1 } from '@couplet/contracts';
import { appendEvents } from '@couplet/outbox';
import { inTransaction } from '@couplet/postgres';
import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import type { ScanOutcome } from '../domain/scan.ts';
import { grantedEvent, outcomeOf, SCAN_COLUMNS, type ScanRow } from './scan-row.ts';
import { abandonedEvent, abandonUnknown } from './scans.ts';

/** A scan as its store names it. */
export interface ScanName {
  caller: string;
  storeId: string;
  scanId: string;
}

/** What happens to a scan after it was answered. Every step is a conditional change of a locked row, with its event. */
export class ScanEnds {
  constructor(
    private readonly pool: pg.Pool,
    private readonly clock: () => Date,
  ) {}

  async status(name: ScanName): Promise<ScanOutcome | undefined> {
    const row = await find(this.pool, name);
    return row && outcomeOf(row);
  }

  /** @throws ProblemError `not-found` for a scan that never was, or was refused */
  async confirm(name: ScanName): Promise<'confirmed' | 'voided'> {
    return inTransaction(this.pool, async (client) => {
      const row = await find(client, name, 'FOR UPDATE');
      if (!row || row.state === 'refused')
        throw new ProblemError('not-found', `there is no scan ${name.scanId}`);
      if (row.state === 'granted') return 'confirmed';
      if (row.state !== 'held') return 'voided';
      const now = this.clock();
      if (row.confirm_by! <= now) {
        await abandon(client, row.settlement_id, now);
        return 'voided';
      }
      await move(client, row.settlement_id, 'granted');
      await appendEvents(client, [grantedEvent(row.sale!, now)]);
      return 'confirmed';
    });
  }

  /** A scan that is not known yet is written as void, so that it finds its end when it comes. */
  async void(name: ScanName): Promise<void> {
    await inTransaction(this.pool, async (client) => {
      await claim(client, name);
      const row = (await find(client, name, 'FOR UPDATE'))!;
      const now = this.clock();
      if (row.state === 'held') await abandon(client, row.settlement_id, now, 'voided');
      if (row.state === 'granted') await rollBack(client, row, now);
    });
  }

  /** The registry's question; the answer is the same for ever. */
  async resolve(
    settlementId: string,
  ): Promise<{ decision: 'granted' | 'abandoned' | 'cancelled'; couponIds: string[] }> {
    return inTransaction(this.pool, async (client) => {
      await abandonUnknown(client, settlementId, this.clock());
      const { rows } = await client.query<ScanRow>({
        name: 'barcode.lock-settlement',
        text: `SELECT ${SCAN_COLUMNS} FROM scan WHERE settlement_id = $1 FOR UPDATE`,
        values: [settlementId],
      });
      const row = rows[0]!;
      switch (row.state) {
        case 'granted':
          return { decision: 'granted', couponIds: row.sale!.coupons.map(({ couponId }) => couponId) };
        case 'rolled-back':
          return { decision: 'cancelled', couponIds: [] };
        case 'held':
          await abandon(client, settlementId, this.clock());
          return { decision: 'abandoned', couponIds: [] };
        case 'refused':
        case 'abandoned':
          return { decision: 'abandoned', couponIds: [] };
      }
    });
  }
}

async function find(
  client: pg.Pool | pg.PoolClient,
  { caller, storeId, scanId }: ScanName,
  lock: '' | 'FOR UPDATE' = '',
): Promise<ScanRow | undefined> {
  const { rows } = await client.query<ScanRow>({
    name: `barcode.scan${lock && '-locked'}`,
    text: `SELECT ${SCAN_COLUMNS} FROM scan WHERE store_id = $1 AND scan_id = $2 AND caller = $3 ${lock}`,
    values: [storeId, scanId, caller],
  });
  return rows[0];
}

async function claim(client: pg.PoolClient, { caller, storeId, scanId }: ScanName): Promise<void> {
  await client.query({
    name: 'barcode.void-unknown',
    text: `INSERT INTO scan (settlement_id, caller, store_id, scan_id, state, reason)
           VALUES ($1, $2, $3, $4, 'abandoned', 'voided')
           ON CONFLICT DO NOTHING`,
    values: [uuidv7(), caller, storeId, scanId],
  });
}

async function abandon(
  client: pg.PoolClient,
  settlementId: string,
  now: Date,
  reason: ScanReason = 'timed-out',
): Promise<void> {
  await move(client, settlementId, 'abandoned', reason);
  await freeCode(client, settlementId);
  await appendEvents(client, [abandonedEvent(settlementId, now)]);
}

async function rollBack(client: pg.PoolClient, { settlement_id, sale }: ScanRow, now: Date): Promise<void> {
  await move(client, settlement_id, 'rolled-back', 'voided');
  await freeCode(client, settlement_id);
  const { scanId, storeId, coupons } = sale!;
  const payload = {
    ...{ settlementId: settlement_id, scanId, storeId },
    couponIds: coupons.map(({ couponId }) => couponId),
    rolledBackAt: now.toISOString(),
  };
  await appendEvents(client, [{ contract: ScanRolledBackV1, payload }]);
}

async function move(
  client: pg.PoolClient,
  settlementId: string,
  state: ScanOutcome['state'],
  reason?: ScanReason,
): Promise<void> {
  await client.query({
    name: 'barcode.move-scan',
    text: 'UPDATE scan SET state = $2, reason = $3 WHERE settlement_id = $1',
    values: [settlementId, state, reason],
  });
}

/** A picture that was not used after all may be scanned again; a step of a rotating code is gone for good. */
async function freeCode(client: pg.PoolClient, settlementId: string): Promise<void> {
  await client.query({
    name: 'barcode.free-code',
    text: 'DELETE FROM code_use u USING scan s WHERE s.settlement_id = $1 AND u.code_id = s.code_id AND u.step = 0 AND u.settlement_id = $1',
    values: [settlementId],
  });
}
