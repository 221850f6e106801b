const SETTLEMENT_COLUMNS = `
  a.settlement_id, a.relay, a.attempt_id, a.fingerprint, a.state, a.confirmed, a.version, a.deadline_at, a.confirm_by,
  a.store_id, a.terminal_id, a.presented_at, a.purpose, a.currency, a.price, a.capture, a.coupon_search,
  a.amount AS granted_amount, a.coupons, a.strategy, a.approval_code, a.network_reference, a.decline_reason,
  a.lines, a.stand_in, a.continues, a.refunds, a.keeps_coupons,
  c.authorization_id, c.ordinal, c.state AS authorization_state, c.held, c.amount, c.expires_at, c.attention, c.listed_from`;

/** Named, so that each connection plans them once. */
export const BEGIN = {
  name: 'journal-begin',
  text: `
    WITH begun AS (
      INSERT INTO attempt (settlement_id, relay, attempt_id, fingerprint, state, version, deadline_at, store_id,
                           terminal_id, presented_at, purpose, currency, price, capture, decline_reason, continues)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $18)
      ON CONFLICT DO NOTHING RETURNING settlement_id
    ), journalled AS (
      INSERT INTO card_authorization (authorization_id, settlement_id, ordinal, state, held, amount, expires_at, request_id)
      SELECT $16::uuid, settlement_id, 1, 'sending', $17::int8, $17::int8, $7, $16::uuid
      FROM begun WHERE $16::uuid IS NOT NULL
    )
    SELECT settlement_id FROM begun`,
};

/** The row lock, the guard and the new state are one UPDATE; authorizations are written only if it found the row. */
export const COMMIT = {
  name: 'journal-commit',
  text: `
    WITH moved AS (
      UPDATE attempt SET state = $4, confirmed = $5, version = $6, confirm_by = $7, coupon_search = $8, amount = $9,
                         coupons = coalesce($10, coupons), strategy = $11, approval_code = $12,
                         network_reference = $13, decline_reason = $14, stand_in = $25,
                         lines = coalesce($26, lines), refunds = coalesce($27, refunds),
                         refunded = $28, keeps_coupons = $29, changed_at = now()
      WHERE settlement_id = $1 AND state = $2 AND version = $3
      RETURNING settlement_id
    ), written AS (
      INSERT INTO card_authorization (settlement_id, authorization_id, ordinal, state, held, amount, expires_at, attention,
                                      listed_from, request_id, next_try_at)
      SELECT moved.settlement_id, one.authorization_id, one.ordinal, one.state, one.held, one.amount, one.expires_at,
             one.attention, one.listed_from, one.request_id, CASE WHEN one.due THEN now() END
      FROM moved, unnest($15::uuid[], $16::int2[], $17::text[], $18::int8[], $19::int8[], $20::timestamptz[],
                         $21::text[], $22::text[], $23::uuid[], $24::bool[])
        AS one (authorization_id, ordinal, state, held, amount, expires_at, attention, listed_from, request_id, due)
      ON CONFLICT (authorization_id) DO UPDATE
        SET state = excluded.state, held = excluded.held, amount = excluded.amount,
            attention = excluded.attention, listed_from = excluded.listed_from, request_id = excluded.request_id, next_try_at = excluded.next_try_at, tries = 0, changed_at = now()
    )
    SELECT settlement_id FROM moved`,
};

const FIND = `SELECT ${SETTLEMENT_COLUMNS} FROM attempt a LEFT JOIN card_authorization c USING (settlement_id)`;

export const FIND_BY_ID = {
  name: 'journal-find-by-id',
  text: `${FIND} WHERE a.settlement_id = $1 ORDER BY c.ordinal`,
};

export const FIND_BY_ATTEMPT = {
  name: 'journal-find-by-attempt',
  text: `${FIND} WHERE a.relay = $1 AND a.attempt_id = $2 ORDER BY c.ordinal`,
};

export const FIND_BY_AUTHORIZATION = {
  name: 'journal-find-by-authorization',
  text: `${FIND} WHERE ($1::text IS NULL OR a.relay = $1)
           AND a.settlement_id = (SELECT settlement_id FROM card_authorization WHERE authorization_id = $2)
         ORDER BY c.ordinal`,
};

export const OVERDUE = {
  name: 'journal-overdue',
  text: `
    (SELECT settlement_id, state FROM attempt WHERE state = 'started' AND deadline_at < $1 ORDER BY deadline_at LIMIT $2)
    UNION ALL
    (SELECT settlement_id, state FROM attempt WHERE state = 'granted' AND NOT confirmed AND confirm_by < $1
     ORDER BY confirm_by LIMIT $2)
    UNION ALL
    (SELECT a.settlement_id, 'orphaned' FROM attempt a JOIN attempt b ON b.settlement_id = a.continues
     WHERE a.continues IS NOT NULL AND a.state IN ('started', 'granted') AND b.state IN ('cancelled', 'abandoned')
     LIMIT $2)`,
};

/**
 * Takes rows that are due and sets their next try at once, later by every try: while this process asks, nobody else does,
 * and if it dies somebody will.
 */
export const CLAIM = {
  name: 'queue-claim',
  text: `
    WITH due AS MATERIALIZED (
      SELECT authorization_id FROM card_authorization WHERE next_try_at <= now()
      ORDER BY next_try_at LIMIT $1 FOR UPDATE SKIP LOCKED
    )
    UPDATE card_authorization c SET
      tries = c.tries + 1,
      next_try_at = now() + make_interval(
        secs => ($2::float8 + least($3::float8 * power(2, least(c.tries, 20)), $4::float8)) / 1000)
    FROM due, attempt a
    WHERE c.authorization_id = due.authorization_id AND a.settlement_id = c.settlement_id
    RETURNING ${SETTLEMENT_COLUMNS}, c.request_id, c.tries`,
};

/** No answer will come any more: the time that was left for it is not waited for. */
export const POSTPONE = {
  name: 'queue-postpone',
  text: `
    UPDATE card_authorization SET next_try_at = now() + make_interval(secs => $3::float8 / 1000)
    WHERE authorization_id = $1 AND request_id = $2 AND next_try_at IS NOT NULL`,
};

/** Once for one version of a settlement: who loses the race decides again. */
export const KEEP_ACTION = {
  name: 'case-keep-action',
  text: `
    INSERT INTO case_action (case_id, action, by, note)
    SELECT $1, $2, $3, $4 FROM attempt WHERE settlement_id = $5 AND version = $6 FOR UPDATE
    RETURNING case_id`,
};

/** Whatever is still to be asked is asked now. */
export const HURRY = {
  name: 'queue-hurry',
  text: `
    UPDATE card_authorization SET next_try_at = now()
    WHERE settlement_id = ANY ($1) AND next_try_at IS NOT NULL`,
};

export const FORGET_TRIES = {
  name: 'queue-forget-tries',
  text: 'UPDATE card_authorization SET tries = 0 WHERE authorization_id = $1',
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
