import type { Difference, Rule } from './difference.ts';
import type { Pool } from './read-facts.ts';

/** Facts older than this were looked at often enough. */
const LOOK_BACK_MS = 120_000;

/** What must hold at every moment, whatever is broken just then. Each statement sees all sides at one instant. */
const RULES: readonly { rule: Rule; sql: string }[] = [
  {
    rule: 'one-live-hold-per-attempt',
    sql: `SELECT settlement_id, 'network: ' || string_agg(held::text, ' and ') AS says
          FROM network_simulator.card_authorization WHERE held > 0 AND at > $1::timestamptz
          GROUP BY settlement_id HAVING count(*) > 1`,
  },
  {
    rule: 'one-live-authorization-per-attempt',
    sql: `SELECT settlement_id, 'journal: ' || string_agg(state, ' and ') AS says
          FROM settlement_relay.card_authorization
          WHERE state NOT IN ('declined', 'reversed', 'never-sent', 'refunded') AND changed_at > $1::timestamptz
          GROUP BY settlement_id HAVING count(*) > 1`,
  },
  {
    rule: 'hold-never-above-the-price',
    sql: `SELECT n.settlement_id, 'price ' || a.price || ', held ' || n.held AS says
          FROM network_simulator.card_authorization n JOIN settlement_relay.attempt a USING (settlement_id)
          WHERE n.held > a.price AND n.at > $1::timestamptz`,
  },
  {
    rule: 'captured-equals-granted',
    sql: `SELECT settlement_id, 'granted ' || coalesce(a.amount, 0) || ', captured ' || sum(n.captured) AS says
          FROM network_simulator.card_authorization n JOIN settlement_relay.attempt a USING (settlement_id)
          WHERE n.at > $1::timestamptz GROUP BY settlement_id, a.amount HAVING sum(n.captured) > coalesce(a.amount, 0)`,
  },
  {
    // One commit writes what each card of a sale gives of a refund; a cancel's has its settlement's own id.
    rule: 'a-sale-is-given-back-once',
    sql: `SELECT b.settlement_id, 'refund ' || (r ->> 'refundId') || ' is not of the sale that it continues' AS says
          FROM settlement_relay.attempt b JOIN settlement_relay.attempt a ON a.settlement_id = b.continues,
               jsonb_array_elements(b.refunds) r
          WHERE b.changed_at > $1::timestamptz AND r ->> 'refundId' <> b.settlement_id::text
            AND NOT EXISTS (SELECT FROM jsonb_array_elements(a.refunds) s WHERE s -> 'refundId' = r -> 'refundId')`,
  },
  {
    rule: 'coupon-is-consumed-once',
    sql: `SELECT min(settlement_id::text) AS settlement_id, 'registry: ' || string_agg(state, ' and ') AS says
          FROM medium_registry.reservation WHERE state IN ('reserved', 'consumed') AND $1::timestamptz IS NOT NULL
          GROUP BY coupon_id HAVING count(*) > 1`,
  },
  {
    // The end and the inbox mark of its event are one commit, and a reserve that comes after it finds the tombstone.
    rule: 'nothing-is-reserved-once-the-end-is-known',
    sql: `SELECT o.settlement_id, 'registry: reserved after ' || e.subject AS says
          FROM settlement_relay.outbox e
          JOIN medium_registry.open_reservation o ON e.payload::jsonb ->> 'settlementId' = o.settlement_id::text
          JOIN medium_registry.inbox i ON i.event_id = e.id
          WHERE e.time > $1::timestamptz AND e.subject ~ '\\.settlement-(granted|abandoned|rolled-back)\\.'`,
  },
];

/** @returns what is broken now */
export async function brokenNow(admin: Pool): Promise<Difference[]> {
  const broken: Difference[] = [];
  for (const { rule, sql } of RULES) {
    const { rows } = await admin.query<{ settlement_id: string; says: string }>({
      text: sql,
      values: [new Date(Date.now() - LOOK_BACK_MS)],
    });
    for (const { settlement_id: settlementId, says } of rows) {
      broken.push({ rule, settlementId, says: { now: says } });
    }
  }
  return broken;
}
