import type { EndOfDayV1 } from '@couplet/contracts';
import type pg from 'pg';
import type { z } from 'zod';

export type EndOfDay = z.output<typeof EndOfDayV1.reply>;
export type Span = z.output<typeof EndOfDayV1.request>;

type Amount = 'granted' | 'discount' | 'captured' | 'refunded' | 'credited';

/** How the attempts of a span ended (F21), and which are still open. */
export async function endOfDay(pool: pg.Pool, span: Span): Promise<EndOfDay> {
  const values = [idAt(span.from), idAt(span.to), span.relay ?? null, span.storeId ?? null];
  const [ends, totals, open] = await Promise.all([
    pool.query<{ end: EndOfDay['ends'][number]['end']; attempts: bigint }>({ ...ENDS, values }),
    pool.query<Record<Amount, string> & { currency: string }>({ ...TOTALS, values }),
    pool.query<{ attempt_id: string; settlement_id: string; store_id: string | null; state: string }>({
      ...OPEN,
      values,
    }),
  ]);
  return {
    attempts: ends.rows.reduce((sum, { attempts }) => sum + Number(attempts), 0),
    ends: ends.rows.map(({ end, attempts }) => ({ end, attempts: Number(attempts) })),
    totals: totals.rows.map(({ currency, granted, discount, captured, refunded, credited }) => ({
      currency,
      granted: BigInt(granted),
      discount: BigInt(discount),
      captured: BigInt(captured),
      refunded: BigInt(refunded),
      ...(credited !== '0' && { credited: BigInt(credited) }),
    })),
    open: open.rows.map(
      ({ attempt_id: attemptId, settlement_id: settlementId, store_id: storeId, state }) => ({
        ...{ attemptId, settlementId, state },
        ...(storeId !== null && { storeId }),
      }),
    ),
  };
}

/** Settlement ids begin with the millisecond in which they were made (RFC 9562, version 7): their order is that of time. */
function idAt(time: string): string {
  const hex = Date.parse(time).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

/** One row per attempt: what its last authorization came to; what may still move is open. The rest of a sale was granted with it. */
const ENDED = `
  SELECT a.*, CASE
    WHEN a.state = 'started' OR (a.state = 'granted' AND NOT a.confirmed) THEN 'open'
    WHEN bool_or(c.state IN ('sending', 'live', 'shrunk', 'kept', 'remainder', 'reversing') OR q.next_try_at IS NOT NULL)
      THEN 'open'
    WHEN bool_or(c.state = 'listed') THEN 'listed'
    WHEN bool_or(c.state = 'refunded') THEN 'refunded'
    WHEN bool_or(c.state = 'captured') THEN 'captured'
    WHEN bool_or(c.state = 'reversed') THEN 'reversed'
    WHEN bool_or(c.state = 'declined') THEN 'declined'
    WHEN bool_or(c.state = 'never-sent') THEN 'never-sent'
    WHEN a.price IS NULL THEN 'ended-unseen'
    ELSE 'no-card' END AS "end",
    coalesce(sum(c.amount) FILTER (WHERE c.state IN ('captured', 'refunded', 'remainder') OR c.listed_from = 'captured'), 0)
      AS captured,
    (SELECT coalesce(sum((r->>'cardAmount')::int8), 0) FROM jsonb_array_elements(a.refunds) r
      WHERE r->>'state' = 'done') AS refunded_on_card,
    (SELECT coalesce(sum((r->>'cardAmount')::int8), 0) FROM jsonb_array_elements(a.refunds) r
      WHERE r->>'state' = 'done' AND jsonb_array_length(r->'lateDiscounts') > 0) AS credited_on_card
  FROM attempt a LEFT JOIN card_authorization c USING (settlement_id) LEFT JOIN network_queue q USING (authorization_id)
  WHERE a.settlement_id >= $1 AND a.settlement_id < $2
    AND ($3::text IS NULL OR a.relay = $3) AND ($4::text IS NULL OR a.store_id = $4)
  GROUP BY a.settlement_id`;

const ENDS = {
  name: 'end-of-day-ends',
  text: `SELECT "end", count(*) AS attempts FROM (${ENDED}) AS e GROUP BY 1 ORDER BY 2 DESC, 1`,
};

const TOTALS = {
  name: 'end-of-day-totals',
  text: `
    SELECT currency, coalesce(sum(amount) FILTER (WHERE state = 'granted' AND continues IS NULL), 0)::text AS granted,
           coalesce(sum(price - amount) FILTER (WHERE state = 'granted'), 0)::text AS discount,
           sum(captured)::text AS captured, sum(refunded_on_card)::text AS refunded,
           sum(credited_on_card)::text AS credited
    FROM (${ENDED}) AS e WHERE currency IS NOT NULL GROUP BY 1 ORDER BY 1`,
};

const OPEN = {
  name: 'end-of-day-open',
  text: `SELECT attempt_id, settlement_id, store_id, state FROM (${ENDED}) AS e
         WHERE "end" = 'open' ORDER BY settlement_id LIMIT 100`,
};
