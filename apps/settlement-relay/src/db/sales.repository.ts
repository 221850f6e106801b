import { inTransaction } from '@couplet/postgres';
import type pg from 'pg';
import type { Journal, SaleChange, Sales } from '../domain/settle-deps.ts';
import type { Settlement } from '../domain/settlement.ts';
import type { AfterCommit } from './journal.ts';
import { commitRow, rewrittenBy } from './journal-rows.ts';
import { COMMIT } from './statements.ts';
import { writeTogether } from './write-together.ts';

/** The attempts of a sale that several cards paid, changed together. */
export class SaleRepository implements Sales {
  /** @param leaseMs how long what a process asks of the card network is left to it */
  constructor(
    private readonly pool: pg.Pool,
    private readonly journal: Pick<Journal, 'find'>,
    private readonly after: Pick<AfterCommit, 'wakeOutbox' | 'wakeQueue'>,
    private readonly leaseMs: number,
  ) {}

  async continuation(settlementId: string): Promise<Settlement | undefined> {
    const { rows } = await this.pool.query<{ settlement_id: string }>({
      ...CONTINUATION,
      values: [settlementId],
    });
    const [row] = rows;
    const found = row && (await this.journal.find({ settlementId: row.settlement_id }));
    // It may have ended while it was read.
    return found?.state === 'started' || found?.state === 'granted' ? found : undefined;
  }

  async commitAll(changes: readonly SaleChange[]): Promise<boolean> {
    const written = await inTransaction(this.pool, async (client) => {
      if (!(await areAsBefore(client, changes))) return false;
      const writes = changes.map(({ before, change: { settlement, announcements } }) => ({
        row: commitRow(before, settlement, rewrittenBy(before, settlement)),
        announcements,
      }));
      const moved = await writeTogether(client, { ...COMMIT, values: [this.leaseMs] }, writes);
      if (!moved.every(Boolean)) throw new Error('a settlement that was locked was moved');
      return true;
    });
    if (written) {
      this.after.wakeOutbox();
      this.after.wakeQueue();
    }
    return written;
  }
}

/**
 * Locks the attempts. An attempt that would continue the last waits for its row, by its foreign key, and sees afterwards
 * what was written; one that was there first is seen here, by a statement that begins when its row could be locked.
 */
async function areAsBefore(client: pg.PoolClient, changes: readonly SaleChange[]): Promise<boolean> {
  const ids = changes.map(({ before }) => before.settlementId);
  const { rows } = await client.query<{ settlement_id: string; state: string; version: number }>({
    ...LOCK,
    values: [ids],
  });
  const locked = new Map(rows.map((row) => [row.settlement_id, row]));
  const areSame = changes.every(({ before: { settlementId, state, version } }) => {
    const now = locked.get(settlementId);
    return now?.state === state && now.version === version;
  });
  if (!areSame) return false;
  const continued = await client.query({ ...CONTINUATION, values: [ids.at(-1)] });
  return continued.rows.length === 0;
}

/** In the order of ids, as the journal commits. */
const LOCK = {
  name: 'sale-lock',
  text: `
    SELECT settlement_id, state, version FROM attempt WHERE settlement_id = ANY($1::uuid[])
    ORDER BY settlement_id FOR UPDATE`,
};

const CONTINUATION = {
  name: 'sale-continuation',
  text: 'SELECT settlement_id FROM attempt WHERE continues_now = $1',
};
