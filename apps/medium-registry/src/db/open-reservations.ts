import type pg from 'pg';

const BACK_OFF_MAX = '60 seconds';

/** Services that reserve, and so decide how a settlement ends. */
export type Decider = 'settlement-relay' | 'barcode';

/** A settlement whose end is overdue; `asked` counts how often it was asked for before. */
export interface Overdue {
  settlementId: string;
  decider: Decider;
  asked: number;
}

/**
 * Leases reservations whose settlement should have ended by now to the caller, who asks for its end. The lease is the
 * next time to ask, each time twice as far away, so replicas do not ask for the same one and a dead one's work is redone.
 */
export async function leaseOverdue(pool: pg.Pool, limit: number): Promise<Overdue[]> {
  // An array, not a join: that, planned while nothing is open, would read all that is open later.
  const { rows } = await pool.query<{ settlement_id: string; decider: Decider; asked: number }>({
    name: 'registry.lease-overdue',
    text: `
      UPDATE open_reservation o
      SET asked = o.asked + 1,
          ask_at = now() + least(interval '${BACK_OFF_MAX}', interval '2 seconds' * power(2, least(o.asked, 10)))
      WHERE settlement_id = ANY (ARRAY(
        SELECT settlement_id FROM open_reservation WHERE ask_at <= now()
        ORDER BY ask_at LIMIT $1 FOR UPDATE SKIP LOCKED))
      RETURNING o.settlement_id, o.decider, o.asked - 1 AS asked`,
    values: [limit],
  });
  return rows.map(({ settlement_id, ...rest }) => ({ settlementId: settlement_id, ...rest }));
}
