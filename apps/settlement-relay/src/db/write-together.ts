import {
  SettlementAbandonedV1,
  SettlementCapturedV1,
  SettlementGrantedV1,
  SettlementRefundedV1,
  SettlementRolledBackV1,
} from '@couplet/contracts';
import { appendEvents, type OutboxEvent } from '@couplet/outbox';
import { inTransaction } from '@couplet/postgres';
import type pg from 'pg';
import type { Announcement } from '../domain/announcement.ts';
import { rowsJson } from './journal-rows.ts';

/** One caller's part of a batch: its row, and what the world is told if, and only if, that is written. */
export interface Write {
  readonly row: object;
  readonly announcements: readonly Announcement[];
  readonly traceparent?: string | undefined;
}

/** A statement over a jsonb array of rows, with the position of each as `n`, that returns `n` of those it wrote. */
export interface RowsStatement {
  readonly name: string;
  readonly text: string;
  /** Parameters after the rows. */
  readonly values?: readonly unknown[];
}

/**
 * Rows and events of all callers in one commit: a statement of its own when nobody has anything to tell.
 *
 * @returns for each caller whether its row was written
 */
export async function writeTogether(
  pool: pg.Pool,
  statement: RowsStatement,
  writes: readonly Write[],
): Promise<boolean[]> {
  const rows = writes.map(({ row }) => row);
  if (writes.every(({ announcements }) => announcements.length === 0))
    return writeRows(pool, statement, rows);
  return inTransaction(pool, async (client) => {
    const written = await writeRows(client, statement, rows);
    await announce(
      client,
      writes.filter((_, n) => written[n]),
    );
    return written;
  });
}

/** @returns for each row whether it was written */
export async function writeRows(
  database: pg.Pool | pg.PoolClient,
  { name, text, values = [] }: RowsStatement,
  rows: readonly object[],
): Promise<boolean[]> {
  const numbered = rows.map((row, n) => ({ n, ...row }));
  const { rows: written } = await database.query<{ n: number }>({
    ...{ name, text },
    values: [rowsJson(numbered), ...values],
  });
  const positions = new Set(written.map(({ n }) => n));
  return rows.map((_, n) => positions.has(n));
}

export async function announce(
  client: pg.PoolClient,
  writes: readonly Pick<Write, 'announcements' | 'traceparent'>[],
): Promise<void> {
  const events = writes.flatMap(({ announcements, traceparent }) =>
    announcements.map((announcement) => ({ ...eventOf(announcement), traceparent })),
  );
  await appendEvents(client, events);
}

function eventOf(announcement: Announcement): OutboxEvent {
  switch (announcement.fact) {
    case 'granted':
      return { contract: SettlementGrantedV1, payload: announcement.payload };
    case 'abandoned':
      return { contract: SettlementAbandonedV1, payload: announcement.payload };
    case 'rolled-back':
      return { contract: SettlementRolledBackV1, payload: announcement.payload };
    case 'refunded':
      return { contract: SettlementRefundedV1, payload: announcement.payload };
    case 'captured':
      return { contract: SettlementCapturedV1, payload: announcement.payload };
  }
}
