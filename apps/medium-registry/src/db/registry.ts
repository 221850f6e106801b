import type pg from 'pg';
import type { OfferCache } from './offers.ts';

/** What every transaction of the registry works with. */
export interface Registry {
  pool: pg.Pool;
  offers: OfferCache;
}
