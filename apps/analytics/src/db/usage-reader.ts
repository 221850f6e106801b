import type { CreditsOwedV1, DailyUsageV1, DiscountByPartyV1 } from '@couplet/contracts';
import type pg from 'pg';
import type { z } from 'zod';

type Day = z.output<typeof DailyUsageV1.reply>['days'][number];
type Credit = z.output<typeof CreditsOwedV1.reply>['credits'][number];
type Party = z.output<typeof DiscountByPartyV1.reply>['parties'][number];

/** Answers from the roll-ups alone, so their cost grows with days and not with settlements. */
export class UsageReader {
  constructor(private readonly pool: pg.Pool) {}

  /** What has no currency of its own stands with the day's first currency, so that a day of one currency is one row. */
  async days(from: string, to: string): Promise<Day[]> {
    const { rows } = await this.pool.query<Omit<Day, 'currency'> & { currency: string | null }>({
      name: 'daily-usage',
      text: `
        SELECT day::text, shown AS currency, sum(searches)::int AS searches, sum(searches_empty)::int AS "searchesEmpty",
          sum(coupons_acquired)::int AS "couponsAcquired", sum(settlements)::int AS settlements,
          sum(abandoned)::int AS abandoned, sum(coupons_consumed)::int AS "couponsConsumed",
          sum(coupons_rolled_back)::int AS "couponsRolledBack", sum(original_amount)::int8 AS "originalAmount",
          sum(discount)::int8 AS discount, sum(amount)::int8 AS amount, sum(scans)::int AS scans,
          sum(scan_discount)::int8 AS "scanDiscount", sum(credit)::int8 AS credit
        FROM (SELECT *, coalesce(currency, min(currency) OVER (PARTITION BY day)) AS shown
              FROM daily_usage WHERE day BETWEEN $1 AND $2) AS usage
        GROUP BY day, shown ORDER BY day, shown`,
      values: [from, to],
    });
    return rows.map(({ currency, ...day }) => (currency === null ? day : { ...day, currency }));
  }

  async parties(from: string, to: string): Promise<Party[]> {
    const { rows } = await this.pool.query<Party>({
      name: 'discount-by-party',
      text: `
        SELECT party, currency, sum(discount)::int8 AS discount, sum(credit)::int8 AS credit, sum(uses)::int AS uses
        FROM daily_party_discount WHERE day BETWEEN $1 AND $2
        GROUP BY party, currency HAVING sum(uses) > 0 ORDER BY party, currency`,
      values: [from, to],
    });
    return rows;
  }

  async credits(from: string, to: string): Promise<Credit[]> {
    const { rows } = await this.pool.query<Omit<Credit, 'title'> & { title: string | null }>({
      name: 'credits-owed',
      text: `
        SELECT offer_id AS "offerId", title, party, currency, sum(credit)::int8 AS credit,
          sum(paid)::int8 AS paid, sum(credit - paid)::int8 AS owed, sum(uses)::int AS uses
        FROM daily_credit LEFT JOIN offer_fact USING (offer_id) WHERE day BETWEEN $1 AND $2
        GROUP BY offer_id, title, party, currency HAVING sum(uses) > 0 ORDER BY offer_id, party, currency`,
      values: [from, to],
    });
    return rows.map(({ title, ...credit }) => (title === null ? credit : { ...credit, title }));
  }
}
