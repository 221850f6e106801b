import { appendEventsOf } from '@couplet/outbox';

/**
 * The statements of the journal and of its queue. Named, so that each connection plans them once.
 *
 * `BEGIN` and `COMMIT` take the rows of all callers of a batch as one array of JSON, and their events as another, and tell by
 * the position `n` whose were written. The statement is the transaction: four of them (begin, rows, events, commit) cost a
 * lone sale three more ways to the database and back. One parameter a column (`unnest`) costs a lone caller more than twice
 * the CPU, and a batch of 64 the same.
 *
 * Why a join says its key once more: `FIND_BY_KEY`.
 */
interface Statement {
  readonly name: string;
  readonly text: string;
}

/** Attempts in the order of the key that two batches may share, so that they wait for each other only one way. */
export const BEGIN: Statement = {
  name: 'journal-begin',
  text: `
    WITH one AS (
      SELECT * FROM jsonb_to_recordset($1) AS one (
        n int, settlement_id uuid, relay text, attempt_id uuid, fingerprint text, state text, version int,
        deadline_at timestamptz, store_id text, terminal_id text, presented_at timestamptz, purpose text, currency text,
        price int8, capture text, decline_reason text, continues uuid, decide_by timestamptz, authorization_id uuid, held int8)
    ), begun AS (
      INSERT INTO attempt (settlement_id, relay, attempt_id, fingerprint, state, version, deadline_at, store_id,
                           terminal_id, presented_at, purpose, currency, price, capture, decline_reason, continues)
      SELECT settlement_id, relay, attempt_id, fingerprint, state, version, deadline_at, store_id,
             terminal_id, presented_at, purpose, currency, price, capture, decline_reason, continues
      FROM one ORDER BY relay, attempt_id, n
      ON CONFLICT DO NOTHING RETURNING settlement_id, relay, attempt_id
    ), fresh AS MATERIALIZED (
      SELECT one.* FROM begun JOIN one USING (settlement_id, relay, attempt_id)
    ), opened AS (
      INSERT INTO open_attempt (decide_by, settlement_id)
      SELECT decide_by, settlement_id FROM fresh WHERE decide_by IS NOT NULL
    ), journalled AS (
      INSERT INTO card_authorization (authorization_id, settlement_id, ordinal, state, held, amount, expires_at, request_id)
      SELECT authorization_id, settlement_id, 1, 'sending', held, held, deadline_at, authorization_id
      FROM fresh WHERE authorization_id IS NOT NULL
    ), written AS (
      SELECT min(n) AS n FROM fresh GROUP BY settlement_id
    ), ${appendEventsOf('written', '$2')}
    SELECT n FROM written`,
};

/**
 * The row lock, the guard and the new state are one UPDATE, in the order of ids, so that two batches wait for each other only
 * one way; everything else is written only for rows that it moved. Null leaves a column of the attempt as it is.
 *
 * An authorization in the queue is `taken` by the process that commits, which asks at once while its lease runs ($3, ms; one
 * that runs already, and long enough, is left alone), or is `due` for whoever claims it.
 */
export const COMMIT: Statement = {
  name: 'journal-commit',
  text: `
    WITH one AS (
      SELECT * FROM jsonb_to_recordset($1) AS one (
        n int, settlement_id uuid, state_before text, version_before int, state text, confirmed bool, version int,
        decide_by_before timestamptz, decide_by timestamptz, confirm_by timestamptz, coupon_search text, amount int8,
        strategy text, approval_code text, network_reference text, stand_in bool, decline_reason text, coupons jsonb,
        lines jsonb, refunds jsonb, refunded int8, keeps_coupons bool, authorizations jsonb)
      ORDER BY settlement_id
    ), moved AS (
      UPDATE attempt a SET
        state = one.state, confirmed = one.confirmed, version = one.version,
        confirm_by = coalesce(one.confirm_by, a.confirm_by),
        coupon_search = coalesce(one.coupon_search, a.coupon_search),
        amount = coalesce(one.amount, a.amount), strategy = coalesce(one.strategy, a.strategy),
        approval_code = coalesce(one.approval_code, a.approval_code),
        network_reference = coalesce(one.network_reference, a.network_reference),
        stand_in = coalesce(one.stand_in, a.stand_in), decline_reason = coalesce(one.decline_reason, a.decline_reason),
        refunds = coalesce(one.refunds, a.refunds), refunded = coalesce(one.refunded, a.refunded),
        keeps_coupons = coalesce(one.keeps_coupons, a.keeps_coupons), changed_at = now()
      FROM one
      WHERE a.settlement_id = one.settlement_id AND a.settlement_id = ANY (ARRAY (SELECT settlement_id FROM one))
        AND a.state = one.state_before AND a.version = one.version_before
      RETURNING one.n, one.settlement_id, one.decide_by_before, one.decide_by, one.coupons, one.lines, one.authorizations
    ), sold AS (
      INSERT INTO granted_sale (settlement_id, coupons, lines)
      SELECT settlement_id, coupons, lines FROM moved WHERE coupons IS NOT NULL
    ), closed AS (
      DELETE FROM open_attempt o USING moved
      WHERE o.decide_by = moved.decide_by_before AND o.settlement_id = moved.settlement_id
        AND o.decide_by = ANY (ARRAY (SELECT decide_by_before FROM moved))
    ), opened AS (
      INSERT INTO open_attempt (decide_by, settlement_id)
      SELECT decide_by, settlement_id FROM moved WHERE decide_by IS NOT NULL
    ), asked AS MATERIALIZED (
      SELECT moved.settlement_id, asked.*
      FROM moved, jsonb_to_recordset(moved.authorizations) AS asked (
        authorization_id uuid, ordinal int2, state text, held int8, amount int8, expires_at timestamptz,
        attention text, listed_from text, request_id uuid, queue text)
    ), written AS (
      INSERT INTO card_authorization
        (settlement_id, authorization_id, ordinal, state, held, amount, expires_at, attention, listed_from, request_id)
      SELECT settlement_id, authorization_id, ordinal, state, held, amount, expires_at, attention, listed_from, request_id
      FROM asked
      ON CONFLICT (authorization_id) DO UPDATE
        SET state = excluded.state, held = excluded.held, amount = excluded.amount, attention = excluded.attention,
            listed_from = excluded.listed_from, request_id = excluded.request_id, changed_at = now()
    ), at_rest AS (
      DELETE FROM network_queue WHERE authorization_id = ANY (ARRAY (SELECT authorization_id FROM asked WHERE queue IS NULL))
    ), queued AS (
      INSERT INTO network_queue AS q (authorization_id, next_try_at, tries)
      SELECT authorization_id,
             CASE queue WHEN 'taken' THEN now() + make_interval(secs => $3::float8 / 1000) ELSE now() END,
             CASE queue WHEN 'taken' THEN 1 ELSE 0 END
      FROM asked WHERE queue IS NOT NULL ORDER BY authorization_id
      ON CONFLICT (authorization_id) DO UPDATE SET next_try_at = excluded.next_try_at, tries = excluded.tries
        WHERE q.tries <> excluded.tries OR q.next_try_at < now() + make_interval(secs => $3::float8 / 1000 * 2 / 3)
    ), ${appendEventsOf('moved', '$2')}
    SELECT n FROM moved`,
};

export const OVERDUE: Statement = {
  name: 'journal-overdue',
  text: `
    (SELECT overdue.settlement_id, a.state
     FROM (SELECT settlement_id FROM open_attempt WHERE decide_by < $1 ORDER BY decide_by LIMIT $2) AS overdue
     CROSS JOIN LATERAL (SELECT state FROM attempt WHERE settlement_id = overdue.settlement_id OFFSET 0) AS a)
    UNION ALL
    (SELECT rest.settlement_id, 'orphaned'
     FROM (SELECT settlement_id, continues_now FROM attempt WHERE continues_now IS NOT NULL OFFSET 0) AS rest
     CROSS JOIN LATERAL (SELECT state FROM attempt WHERE settlement_id = rest.continues_now OFFSET 0) AS first
     WHERE first.state IN ('cancelled', 'abandoned')
     LIMIT $2)`,
};

/**
 * Takes rows that are due and sets their next try at once, later by every try: while this process asks, nobody else does,
 * and if it dies somebody will.
 */
export const CLAIM: Statement = {
  name: 'queue-claim',
  text: `
    WITH due AS MATERIALIZED (
      SELECT authorization_id FROM network_queue WHERE next_try_at <= now()
      ORDER BY next_try_at LIMIT $1 FOR UPDATE SKIP LOCKED
    )
    UPDATE network_queue q SET
      tries = q.tries + 1,
      next_try_at = now() + make_interval(
        secs => ($2::float8 + least($3::float8 * power(2, least(q.tries, 20)), $4::float8)) / 1000)
    FROM due
    WHERE q.authorization_id = due.authorization_id AND q.authorization_id = ANY (ARRAY (SELECT authorization_id FROM due))
    RETURNING q.authorization_id, q.tries`,
};

/**
 * No answer will come any more: the time that was left for it is not waited for. What is asked by now is left alone, and so
 * is what a person wants asked at once.
 */
export const POSTPONE: Statement = {
  name: 'queue-postpone',
  text: `
    UPDATE network_queue q SET next_try_at = now() + make_interval(secs => late.wait_ms / 1000)
    FROM unnest($1::uuid[], $2::uuid[], $3::float8[]) AS late (authorization_id, request_id, wait_ms)
    JOIN card_authorization c USING (authorization_id, request_id)
    WHERE q.authorization_id = late.authorization_id AND q.authorization_id = ANY ($1) AND q.next_try_at > clock_timestamp()`,
};

/** Once for one version of a settlement: who loses the race decides again. */
export const KEEP_ACTION = {
  name: 'case-keep-action',
  text: `
    INSERT INTO case_action (case_id, action, by, note)
    SELECT $1, $2, $3, $4 FROM attempt WHERE settlement_id = $5 AND version = $6 FOR UPDATE
    RETURNING case_id`,
};

/** Whatever is still to be asked for one settlement is asked now. */
export const HURRY = {
  name: 'queue-hurry',
  text: `
    UPDATE network_queue SET next_try_at = now()
    WHERE authorization_id = ANY (ARRAY (SELECT authorization_id FROM card_authorization WHERE settlement_id = $1))`,
};

export const FORGET_TRIES = {
  name: 'queue-forget-tries',
  text: 'UPDATE network_queue SET tries = 0 WHERE authorization_id = $1',
};

export const LIST_CASES = {
  name: 'cases-list',
  text: 'SELECT * FROM for_a_person WHERE case_id > $1 ORDER BY case_id LIMIT $2',
};

export const FIND_CASE = {
  name: 'case-find',
  text: 'SELECT * FROM for_a_person WHERE case_id = $1',
};

export const TAKE_ADVICE = {
  name: 'advice-take',
  text: `
    INSERT INTO advice (relay, advice_id, advice) VALUES ($1, $2, $3)
    ON CONFLICT (relay, advice_id) DO UPDATE SET advice = advice.advice
    RETURNING effect, advice.advice = $3::jsonb AS same`,
};

export const KEEP_EFFECT = {
  name: 'advice-keep-effect',
  text: 'UPDATE advice SET effect = $3 WHERE relay = $1 AND advice_id = $2',
};

export const CLOSE_ADVICE = {
  name: 'advice-close',
  text: `
    WITH closed AS (
      UPDATE advice SET effect = 'closed' WHERE advice_id = $1 AND effect = 'listed' RETURNING advice_id
    )
    INSERT INTO case_action (case_id, action, by, note) SELECT advice_id, $2, $3, $4 FROM closed RETURNING case_id`,
};
