import type pg from 'pg';
import type { Failpoint } from '../failpoints.ts';
import type { OfferCache } from './offers.ts';

/** What every transaction of the registry works with. */
export interface Registry {
  pool: pg.Pool;
  offers: OfferCache;
  /** Called at each step of the protocol, where a test may have the process die. */
  reached: (failpoint: Failpoint) => void;
}
