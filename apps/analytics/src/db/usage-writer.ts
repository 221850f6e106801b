import { Gathered } from '@couplet/postgres';
import type pg from 'pg';
import { accumulate, type UsageEvent } from './accumulate.ts';

const BATCH_MAX = 1_000;

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
    super(write, { lanes: 1, batchMax: BATCH_MAX });
  }
}
