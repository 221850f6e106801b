import { ProblemError, ScanAbandonedV1, type ScanReason } from '@couplet/contracts';
import { appendEvents } from '@couplet/outbox';
import { inTransaction } from '@couplet/postgres';
import type pg from 'pg';
import type { Sale, ScanCommand, ScanOutcome } from '../domain/scan.ts';
import type { Failpoint } from '../failpoints.ts';
import { Gatherer } from './gatherer.ts';
import { grantedEvent, outcomeOf, SCAN_COLUMNS, type ScanRow, storedSale } from './scan-row.ts';

interface Decision {
  command: ScanCommand;
  sale: Sale;
  /** Of an on-confirm scan. */
  confirmBy?: Date;
}

/** Decides scans, each once: what is written first stands. */
export class Scans {
  private readonly decisions: Gatherer<Decision, ScanOutcome>;

  constructor(
    private readonly pool: pg.Pool,
    private readonly clock: () => Date,
    private readonly reached: (failpoint: Failpoint) => void,
  ) {
    this.decisions = new Gatherer((batch) => this.decideAll(batch), { batchMax: 64, atOnce: 2 });
  }

  /** The point of no return: the grant, the use of the code and the event of it, in one commit. */
  grant(command: ScanCommand, sale: Sale): Promise<ScanOutcome> {
    return this.decisions.add({ command, sale });
  }

  hold(command: ScanCommand, sale: Sale, confirmBy: Date): Promise<ScanOutcome> {
    return this.decisions.add({ command, sale, confirmBy });
  }

  /** Nothing is reserved for it. */
  async refuse(command: ScanCommand, codeId: string, reason: ScanReason): Promise<ScanOutcome> {
    const { request, caller, settlementId } = command;
    const { rowCount: written } = await this.pool.query({
      name: 'barcode.refuse',
      text: `INSERT INTO scan (settlement_id, caller, store_id, scan_id, state, reason, code_id, scanned_at)
             VALUES ($1, $2, $3, $4, 'refused', $5, $6, $7) ON CONFLICT DO NOTHING`,
      values: [settlementId, caller, request.storeId, request.scanId, reason, codeId, request.scannedAt],
    });
    if (written) return { state: 'refused', reason };
    return (await this.decided(command)) ?? { state: 'refused', reason };
  }

  /**
   * What was decided of a scan before.
   *
   * @throws ProblemError `attempt-conflict` if its scanId was used for another body
   */
  async decided(command: ScanCommand): Promise<ScanOutcome | undefined> {
    const { request, caller, settlementId } = command;
    const { rows } = await this.pool.query<ScanRow>({
      name: 'barcode.decided',
      text: `SELECT ${SCAN_COLUMNS} FROM scan WHERE settlement_id = $1
             UNION ALL
             SELECT ${SCAN_COLUMNS} FROM scan
             WHERE store_id = $2 AND scan_id = $3 AND caller = $4 AND settlement_id <> $1`,
      values: [settlementId, request.storeId, request.scanId, caller],
    });
    const own = rows.find((row) => row.settlement_id === settlementId);
    if (own) return outcomeOf(own);
    const [other] = rows;
    if (!other) return undefined;
    if (other.state === 'abandoned' && other.code_id === null) return outcomeOf(other); // Voided before it came.
    throw new ProblemError('attempt-conflict', `scan ${request.scanId} was made with another body`);
  }

  private async decideAll(batch: Decision[]): Promise<ScanOutcome[]> {
    const decisions = new Map(batch.map((decision) => [decision.command.settlementId, decision]));
    const now = this.clock();
    const won = await inTransaction(this.pool, async (client) => {
      const written = await write(client, [...decisions.values()]);
      const winners = [...written].filter(([, isFirst]) => isFirst).map(([id]) => id);
      const losers = [...written].filter(([, isFirst]) => !isFirst).map(([id]) => id);
      await appendEvents(
        client,
        winners
          .map((id) => decisions.get(id)!)
          .filter(({ confirmBy }) => confirmBy === undefined)
          .map(({ command, sale }) => grantedEvent(storedSale(command, sale), now)),
      );
      if (losers.length > 0) await giveUp(client, losers, now);
      this.reached('barcode.scan.before-commit');
      return new Set(winners);
    });
    this.reached('barcode.scan.after-commit');
    return Promise.all(batch.map((decision) => this.outcome(decision, won)));
  }

  private async outcome(decision: Decision, won: ReadonlySet<string>): Promise<ScanOutcome> {
    const { command, sale, confirmBy } = decision;
    if (won.has(command.settlementId)) {
      return confirmBy ? { state: 'held', sale, confirmBy } : { state: 'granted', sale };
    }
    try {
      return (await this.decided(command))!;
    } finally {
      await this.bury(command.settlementId); // Where another body, or a void, was first, what this one reserved is free.
    }
  }

  private async bury(settlementId: string): Promise<void> {
    await inTransaction(this.pool, (client) => abandonUnknown(client, settlementId, this.clock()));
  }
}

/** @returns by settlement: whether it is the first to use its code; not in it: the scan was decided before */
async function write(client: pg.PoolClient, decisions: Decision[]): Promise<Map<string, boolean>> {
  const { rows } = await client.query<{ settlement_id: string; is_first: boolean }>({
    name: 'barcode.decide',
    text: `
      WITH input AS (
        SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::uuid[], $6::int8[],
          $7::timestamptz[], $8::timestamptz[], $9::jsonb[])
          AS i (settlement_id, caller, store_id, scan_id, code_id, step, scanned_at, confirm_by, sale)
      ), written AS (
        INSERT INTO scan (settlement_id, caller, store_id, scan_id, state, code_id, scanned_at, confirm_by, sale)
        SELECT settlement_id, caller, store_id, scan_id,
               CASE WHEN confirm_by IS NULL THEN 'granted' ELSE 'held' END, code_id, scanned_at, confirm_by, sale
        FROM input ORDER BY settlement_id
        ON CONFLICT DO NOTHING RETURNING settlement_id
      ), used AS (
        INSERT INTO code_use (code_id, step, settlement_id)
        SELECT code_id, step, settlement_id FROM input JOIN written USING (settlement_id) ORDER BY code_id, step
        ON CONFLICT DO NOTHING RETURNING settlement_id
      )
      SELECT w.settlement_id, u.settlement_id IS NOT NULL AS is_first
      FROM written w LEFT JOIN used u USING (settlement_id)`,
    values: [
      decisions.map(({ command }) => command.settlementId),
      decisions.map(({ command }) => command.caller),
      decisions.map(({ command }) => command.request.storeId),
      decisions.map(({ command }) => command.request.scanId),
      decisions.map(({ sale }) => sale.codeId),
      decisions.map(({ sale }) => sale.step),
      decisions.map(({ command }) => command.request.scannedAt),
      decisions.map(({ confirmBy }) => confirmBy ?? null),
      decisions.map(({ command, sale }) => JSON.stringify(storedSale(command, sale))),
    ],
  });
  return new Map(rows.map(({ settlement_id, is_first }) => [settlement_id, is_first]));
}

/** Their code was used between verification and decision; what they reserved is free. */
async function giveUp(client: pg.PoolClient, settlementIds: string[], now: Date): Promise<void> {
  await client.query({
    name: 'barcode.give-up',
    text: `UPDATE scan SET state = 'refused', reason = 'already-used', confirm_by = NULL, sale = NULL
           WHERE settlement_id = ANY ($1::uuid[])`,
    values: [settlementIds],
  });
  await appendEvents(
    client,
    settlementIds.map((settlementId) => abandonedEvent(settlementId, now)),
  );
}

/** Writes the end of a settlement that nothing is known of; a grant that comes later finds it. */
export async function abandonUnknown(
  client: pg.PoolClient,
  settlementId: string,
  now: Date,
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'barcode.abandon-unknown',
    text: `INSERT INTO scan (settlement_id, state) VALUES ($1, 'abandoned') ON CONFLICT DO NOTHING`,
    values: [settlementId],
  });
  if (rowCount) await appendEvents(client, [abandonedEvent(settlementId, now)]);
  return rowCount === 1;
}

export function abandonedEvent(settlementId: string, now: Date) {
  return { contract: ScanAbandonedV1, payload: { settlementId, abandonedAt: now.toISOString() } };
}
