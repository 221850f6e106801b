import { Gathered } from '@couplet/postgres';
import type pg from 'pg';
import { accumulate, type UsageEvent } from './accumulate.ts';

const BATCH_MAX = 1_000;
/** A report may be so much behind; half of a lone sale's work was facts that were written one by one. */
const REST_MS = 200;

/**
 * Folds the events that arrive while one transaction runs into the next: the more wait, the less each costs. `do`
 * resolves when the event is committed, and rejects for its own fault alone or when nothing can be committed.
 *
 * One lane, as writers would wait for each other anyway (`lockFacts`).
 */
export class UsageWriter extends Gathered<UsageEvent, void> {
  constructor(pool: pg.Pool) {
    const write = async (events: readonly UsageEvent[]): Promise<void[]> => {
      await accumulate(pool, events);
      return events.map(() => undefined);
    };
    super(write, { lanes: 1, batchMax: BATCH_MAX, restMs: REST_MS });
  }
}
