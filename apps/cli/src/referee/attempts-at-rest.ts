import { setTimeout as sleep } from 'node:timers/promises';
import { RELAY } from '../topology/nats-users.ts';
import type { Pool } from './read-facts.ts';

const POLL_MS = 100;

/**
 * Waits until these attempts have ended, and with a cancelled one what paid the rest of its sale, the card network has
 * answered everything they asked, and no coupon is reserved for them. A database that is down is asked again, until the deadline.
 *
 * @param deadline until when, by the clock of `performance.now`; asked again and again, for it may move
 * @returns when that was, by the same clock, or undefined when they are not at rest by the deadline
 */
export async function untilAttemptsAtRest(
  admin: Pool,
  attemptIds: readonly string[],
  deadline: () => number,
): Promise<number | undefined> {
  for (;;) {
    const left = await underWay(admin, attemptIds).catch((error: Error) => error);
    if (left === 0) return performance.now();
    if (performance.now() > deadline()) {
      if (left instanceof Error) throw left;
      return undefined;
    }
    await sleep(POLL_MS);
  }
}

async function underWay(admin: Pool, attemptIds: readonly string[]): Promise<number> {
  const { rows } = await admin.query<{ left: bigint }>({
    name: 'attempts-under-way',
    text: `
      SELECT count(*) AS left
      FROM unnest($1::uuid[]) AS wanted (attempt_id)
      LEFT JOIN settlement_relay.attempt a ON a.attempt_id = wanted.attempt_id AND a.relay = $2
      WHERE a.settlement_id IS NULL OR a.state = 'started' OR (a.state = 'granted' AND NOT a.confirmed)
         OR EXISTS (SELECT FROM settlement_relay.card_authorization c JOIN settlement_relay.network_queue q USING (authorization_id)
                    WHERE c.settlement_id = a.settlement_id)
         OR (a.state IN ('cancelled', 'abandoned')
             AND EXISTS (SELECT FROM settlement_relay.attempt part WHERE part.continues_now = a.settlement_id))
         OR EXISTS (SELECT FROM medium_registry.open_reservation o WHERE o.settlement_id = a.settlement_id)`,
    values: [attemptIds, RELAY],
  });
  return Number(rows[0]!.left);
}

/** @returns how many of these attempts stand how, at the relay and at the registry: what explains a step they never came to */
export async function howTheyStand(admin: Pool, attemptIds: readonly string[]): Promise<string> {
  const { rows } = await admin.query<{ says: string }>(
    `SELECT concat_ws(' ', count(*), 'x', coalesce(a.state, 'unknown to the relay'), a.coupon_search, a.decline_reason,
              'coupons', coalesce(s.state, 'not asked for'), CASE WHEN o.settlement_id IS NOT NULL THEN 'open' END) AS says
     FROM unnest($1::uuid[]) AS wanted (attempt_id)
     LEFT JOIN settlement_relay.attempt a ON a.attempt_id = wanted.attempt_id AND a.relay = $2
     LEFT JOIN medium_registry.reservation_set s USING (settlement_id)
     LEFT JOIN medium_registry.open_reservation o USING (settlement_id)
     GROUP BY a.state, a.coupon_search, a.decline_reason, s.state, o.settlement_id IS NOT NULL
     ORDER BY count(*) DESC`,
    [attemptIds, RELAY],
  );
  return rows.map(({ says }) => says).join(', ');
}
