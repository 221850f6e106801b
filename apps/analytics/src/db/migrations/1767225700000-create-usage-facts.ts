import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Facts, what each adds to the roll-ups, and the roll-ups.
 *
 * Events come in any order and from several streams, so each kind of event writes columns of its own and `state` follows
 * from which of them are filled: any order ends in the same row. What has not come yet is NULL.
 */
export class CreateUsageFacts1767225700000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(FACTS);
    await db.query(SHARES);
    await db.query(ROLL_UPS);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP VIEW usage_share, party_share, credit_share;
      DROP TABLE daily_usage, daily_party_discount, daily_credit, search_fact, acquisition_fact, settlement_fact,
        scan_fact, coupon_use_fact, coupon_use_line, coupon_use_funding, credit_fact, campaign_fact, offer_fact`);
  }
}

const FACTS = `
  CREATE TABLE search_fact (
    search_id     uuid PRIMARY KEY,
    settlement_id uuid,
    holder_ids    uuid[] NOT NULL,
    store_id      text,
    purpose       text NOT NULL,
    presented_at  timestamptz NOT NULL,
    result        text NOT NULL CHECK (result IN ('found', 'none')),
    offer_ids     uuid[] NOT NULL
  );

  CREATE TABLE acquisition_fact (
    acquisition_id uuid NOT NULL,
    coupon_id      uuid NOT NULL,
    offer_id       uuid NOT NULL,
    holder_id      uuid NOT NULL,
    channel        text NOT NULL,
    acquired_at    timestamptz NOT NULL,
    PRIMARY KEY (acquisition_id, coupon_id)
  );

  CREATE TABLE settlement_fact (
    settlement_id    uuid PRIMARY KEY,
    attempt_id       uuid,
    relay            text NOT NULL,
    store_id         text,
    terminal_id      text,
    purpose          text,
    presented_at     timestamptz,
    currency         text,
    original_amount  int8,
    discount         int8,
    amount           int8,
    credit           int8,
    strategy         text,
    coupon_search    text,
    lines            jsonb,
    granted_at       timestamptz,
    abandoned_at     timestamptz,
    abandon_reason   text,
    rolled_back_at   timestamptz,
    roll_back_reason text,
    captured_amount  int8 NOT NULL DEFAULT 0,
    captured_at      timestamptz,
    state            text NOT NULL GENERATED ALWAYS AS (
      CASE WHEN rolled_back_at IS NOT NULL THEN 'rolled-back'
           WHEN abandoned_at IS NOT NULL THEN 'abandoned'
           WHEN granted_at IS NOT NULL THEN 'granted'
           ELSE 'grant-awaited' END) STORED
  ) WITH (fillfactor = 50); -- It is granted, and captured later: in its page there is room for that.
  COMMENT ON COLUMN settlement_fact.credit IS 'Paid in full at the till and given back on the card later; no part of discount.';
  COMMENT ON COLUMN settlement_fact.captured_amount IS
    'Sum of all captures: a second one of the same settlement must show, not vanish.';

  CREATE TABLE scan_fact (
    settlement_id  uuid PRIMARY KEY,
    scan_id        uuid NOT NULL,
    code_id        uuid,
    holder_id      uuid,
    store_id       text NOT NULL,
    terminal_id    text,
    purpose        text,
    scanned_at     timestamptz,
    currency       text,
    discount       int8,
    credit         int8,
    lines          jsonb,
    granted_at     timestamptz,
    rolled_back_at timestamptz,
    state          text NOT NULL GENERATED ALWAYS AS (
      CASE WHEN rolled_back_at IS NOT NULL THEN 'rolled-back'
           WHEN granted_at IS NOT NULL THEN 'granted'
           ELSE 'grant-awaited' END) STORED
  );
  COMMENT ON COLUMN scan_fact.credit IS 'Paid in full at the till and owed to the holder; no part of discount.';

  CREATE TABLE coupon_use_fact (
    settlement_id  uuid NOT NULL,
    coupon_id      uuid NOT NULL,
    offer_id       uuid NOT NULL,
    holder_id      uuid NOT NULL,
    attributes     jsonb,
    store_id       text,
    purpose        text,
    presented_at   timestamptz,
    currency       text,
    discount       int8,
    settled_by     text,
    rolled_back_at timestamptz,
    state          text NOT NULL GENERATED ALWAYS AS (
      CASE WHEN rolled_back_at IS NOT NULL THEN 'rolled-back'
           ELSE 'consumed' END) STORED,
    PRIMARY KEY (settlement_id, coupon_id)
  );
  COMMENT ON COLUMN coupon_use_fact.settled_by IS
    'statement-credit: discount was paid in full and is credited later. NULL: the till took it off.';

  CREATE TABLE coupon_use_line (
    settlement_id uuid NOT NULL,
    coupon_id     uuid NOT NULL,
    line_id       text NOT NULL,
    product_id    text NOT NULL,
    quantity      numeric NOT NULL,
    unit          text NOT NULL,
    discount      int8 NOT NULL,
    PRIMARY KEY (settlement_id, coupon_id, line_id)
  );

  CREATE TABLE coupon_use_funding (
    settlement_id uuid NOT NULL,
    coupon_id     uuid NOT NULL,
    party         text NOT NULL,
    amount        int8 NOT NULL,
    PRIMARY KEY (settlement_id, coupon_id, party)
  );

  CREATE TABLE credit_fact (
    settlement_id uuid NOT NULL,
    coupon_id     uuid NOT NULL,
    refund_id     uuid NOT NULL,
    credited_at   timestamptz NOT NULL,
    PRIMARY KEY (settlement_id, coupon_id)
  );
  COMMENT ON TABLE credit_fact IS 'Uses whose discount came back on the card that paid, and by which refund.';

  CREATE TABLE campaign_fact (
    campaign_id uuid PRIMARY KEY,
    title       text NOT NULL,
    starts_at   timestamptz NOT NULL,
    ends_at     timestamptz NOT NULL
  );

  CREATE TABLE offer_fact (
    offer_id    uuid PRIMARY KEY,
    campaign_id uuid NOT NULL,
    title       text NOT NULL,
    terms       jsonb NOT NULL,
    conditions  jsonb NOT NULL,
    approved_at timestamptz NOT NULL
  );`;

/**
 * A roll-up is the sum of these rows, by construction: a write takes the shares of the facts it touches out, changes the
 * facts and puts their new shares in. Days are UTC days.
 */
const SHARES = `
  CREATE VIEW usage_share AS
    SELECT 'search' AS fact, search_id AS key, (presented_at AT TIME ZONE 'UTC')::date AS day, NULL::text AS currency,
           1 AS searches, (result = 'none')::int AS searches_empty, 0 AS coupons_acquired,
           0 AS settlements, 0 AS abandoned, 0 AS coupons_consumed, 0 AS coupons_rolled_back,
           0::int8 AS original_amount, 0::int8 AS discount, 0::int8 AS amount,
           0 AS scans, 0::int8 AS scan_discount, 0::int8 AS credit
    FROM search_fact
    UNION ALL
    SELECT 'acquisition', acquisition_id, (acquired_at AT TIME ZONE 'UTC')::date, NULL, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0,
           0, 0, 0
    FROM acquisition_fact
    UNION ALL
    SELECT 'settlement', settlement_id, (presented_at AT TIME ZONE 'UTC')::date, currency, 0, 0, 0, kept, 0, 0, 0,
           kept * original_amount, kept * discount, kept * amount, 0, 0, kept * credit
    FROM settlement_fact, LATERAL (SELECT (state = 'granted')::int AS kept) AS net
    WHERE granted_at IS NOT NULL
    UNION ALL
    SELECT 'settlement', settlement_id, (coalesce(presented_at, abandoned_at) AT TIME ZONE 'UTC')::date, NULL,
           0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0
    FROM settlement_fact WHERE state = 'abandoned'
    UNION ALL
    SELECT 'use', settlement_id, (presented_at AT TIME ZONE 'UTC')::date, currency,
           0, 0, 0, 0, 0, 1, (state = 'rolled-back')::int, 0, 0, 0, 0, 0, 0
    FROM coupon_use_fact WHERE presented_at IS NOT NULL
    UNION ALL
    SELECT 'scan', settlement_id, (scanned_at AT TIME ZONE 'UTC')::date, currency,
           0, 0, 0, 0, 0, 0, 0, 0, 0, 0, kept, kept * discount, kept * credit
    FROM scan_fact, LATERAL (SELECT (state = 'granted')::int AS kept) AS net
    WHERE granted_at IS NOT NULL;

  CREATE VIEW party_share AS
    SELECT settlement_id AS key, (presented_at AT TIME ZONE 'UTC')::date AS day, party, currency,
           kept AS uses, (1 - credited) * kept * amount AS discount, credited * kept * amount AS credit
    FROM coupon_use_fact JOIN coupon_use_funding USING (settlement_id, coupon_id),
      LATERAL (SELECT (state = 'consumed')::int AS kept, (settled_by IS NOT NULL)::int AS credited) AS net
    WHERE presented_at IS NOT NULL;

  CREATE VIEW credit_share AS
    SELECT settlement_id AS key, (presented_at AT TIME ZONE 'UTC')::date AS day, offer_id, party, currency,
           kept AS uses, kept * amount AS credit, (refund_id IS NOT NULL)::int * kept * amount AS paid
    FROM coupon_use_fact JOIN coupon_use_funding USING (settlement_id, coupon_id)
      LEFT JOIN credit_fact USING (settlement_id, coupon_id),
      LATERAL (SELECT (state = 'consumed')::int AS kept) AS net
    WHERE presented_at IS NOT NULL AND settled_by IS NOT NULL;`;

const ROLL_UPS = `
  CREATE TABLE daily_usage (
    day                 date NOT NULL,
    currency            text,
    searches            int8 NOT NULL,
    searches_empty      int8 NOT NULL,
    coupons_acquired    int8 NOT NULL,
    settlements         int8 NOT NULL,
    abandoned           int8 NOT NULL,
    coupons_consumed    int8 NOT NULL,
    coupons_rolled_back int8 NOT NULL,
    original_amount     int8 NOT NULL,
    discount            int8 NOT NULL,
    amount              int8 NOT NULL,
    scans               int8 NOT NULL,
    scan_discount       int8 NOT NULL,
    credit              int8 NOT NULL,
    UNIQUE NULLS NOT DISTINCT (day, currency)
  ) WITH (fillfactor = 50);
  COMMENT ON COLUMN daily_usage.currency IS 'NULL for what has none: searches, acquisitions, abandoned settlements.';

  CREATE TABLE daily_party_discount (
    day      date NOT NULL,
    party    text NOT NULL,
    currency text NOT NULL,
    uses     int8 NOT NULL,
    discount int8 NOT NULL,
    credit   int8 NOT NULL,
    PRIMARY KEY (day, party, currency)
  ) WITH (fillfactor = 50);

  CREATE TABLE daily_credit (
    day      date NOT NULL,
    offer_id uuid NOT NULL,
    party    text NOT NULL,
    currency text NOT NULL,
    uses     int8 NOT NULL,
    credit   int8 NOT NULL,
    paid     int8 NOT NULL,
    PRIMARY KEY (day, offer_id, party, currency)
  ) WITH (fillfactor = 50);`;
