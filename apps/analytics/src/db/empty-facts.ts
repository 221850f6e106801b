import { inTransaction } from '@couplet/postgres';
import type pg from 'pg';
import { lockFacts } from './writer-lock.ts';

/** Forgets everything accumulated and every event taken, at one moment: what comes later counts, whenever it comes. */
export async function emptyFacts(pool: pg.Pool): Promise<void> {
  await inTransaction(pool, async (client) => {
    await lockFacts(client);
    await client.query(`
      TRUNCATE inbox, search_fact, acquisition_fact, settlement_fact, scan_fact, coupon_use_fact, coupon_use_line,
        coupon_use_funding, credit_fact, campaign_fact, offer_fact, daily_usage, daily_party_discount, daily_credit`);
  });
}
