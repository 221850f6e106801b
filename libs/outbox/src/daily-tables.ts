import type { DailyTable } from './day-partitions.ts';

export interface KeptTable extends DailyTable {
  /** Days that ended longer ago are dropped. */
  readonly keepDays: number;
  /** Whether a day stays while an event of it is still to be published. */
  readonly keepsDue: boolean;
}

const OUTBOX_DAYS = 30;

/** What the prunes of this library keep, by day. */
export const KEPT_TABLES: readonly KeptTable[] = [
  { name: 'outbox', key: 'id', keepDays: OUTBOX_DAYS, keepsDue: true },
  { name: 'outbox_batch', key: 'id', keepDays: OUTBOX_DAYS, keepsDue: true },
  // A row may be published again on its last day in the outbox, and its stream then keeps it for another 30 days.
  { name: 'inbox', key: 'event_id', keepDays: 2 * OUTBOX_DAYS + 2, keepsDue: false },
];

/** So many days to come have their partitions. */
export const DAYS_AHEAD = 3;
