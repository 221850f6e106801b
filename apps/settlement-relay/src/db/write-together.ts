import {
  SettlementAbandonedV1,
  SettlementCapturedV1,
  SettlementCreditedV1,
  SettlementGrantedV1,
  SettlementRefundedV1,
  SettlementRolledBackV1,
} from '@couplet/contracts';
import { eventsJson, type OutboxEvent } from '@couplet/outbox';
import type pg from 'pg';
import type { Announcement } from '../domain/announcement.ts';
import { rowsJson } from './journal-rows.ts';

/** One caller's part of a batch: its row, and what the world is told if, and only if, that is written. */
export interface Write {
  readonly row: object;
  readonly announcements: readonly Announcement[];
  readonly traceparent?: string | undefined;
}

/**
 * A statement over rows ($1), with the position of each as `n`, that returns `n` of those it wrote and appends the events of
 * those ($2).
 */
export interface RowsStatement {
  readonly name: string;
  readonly text: string;
  /** Parameters after these. */
  readonly values?: readonly unknown[];
}

/**
 * Rows and events of all callers in one statement, which is one commit unless it is within a transaction.
 *
 * @returns for each caller whether its row was written
 */
export async function writeTogether(
  database: pg.Pool | pg.PoolClient,
  { name, text, values = [] }: RowsStatement,
  writes: readonly Write[],
): Promise<boolean[]> {
  const rows = writes.map(({ row }, n) => ({ n, ...row }));
  const events = writes.flatMap(({ announcements, traceparent }, n) =>
    announcements.map((announcement) => ({ n, ...eventOf(announcement), traceparent })),
  );
  const { rows: written } = await database.query<{ n: number }>({
    ...{ name, text },
    values: [rowsJson(rows), eventsJson(events), ...values],
  });
  const positions = new Set(written.map(({ n }) => n));
  return writes.map((_, n) => positions.has(n));
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
    case 'credited':
      return { contract: SettlementCreditedV1, payload: announcement.payload };
  }
}
