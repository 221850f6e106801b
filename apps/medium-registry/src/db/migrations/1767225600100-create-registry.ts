import { FIND_BY_KEY, FIND_FREELY } from '@couplet/postgres';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Everything that grows with use is keyed by holder or by settlement, so that it can be split by them later. What a
 * redemption changes is in no index, and rows that it changes leave room on their page: such updates stay HOT. Rows that
 * are written together are soon changed together, so their pages leave room for all of them once more.
 */
export class CreateRegistry1767225600100 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(HOLDERS);
    await db.query(OFFERS);
    await db.query(COUPONS);
    await db.query(RESERVATIONS);
    await db.query(FIND_BY_KEY);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP TABLE open_reservation, reservation, reservation_set;
      DROP TABLE coupon_usage, coupon, acquisition;
      DROP TABLE escrow_slot, offer_product, offer;
      DROP TABLE medium, holder;
      ${FIND_FREELY}`);
  }
}

const HOLDERS = `
  CREATE TABLE holder (
    holder_id     uuid PRIMARY KEY,
    attributes    jsonb NOT NULL,
    registered_at timestamptz NOT NULL DEFAULT now()
  );
  CREATE TABLE medium (
    token         text PRIMARY KEY,
    kind          text NOT NULL CHECK (kind IN ('credit-card', 'debit-card', 'point-card', 'mileage-card')),
    holder_id     uuid NOT NULL REFERENCES holder,
    registered_at timestamptz NOT NULL DEFAULT now()
  );
  COMMENT ON COLUMN medium.token IS 'Keyed hash; the number itself is stored nowhere.';`;

const OFFERS = `
  CREATE TABLE offer (
    offer_id    uuid PRIMARY KEY,
    campaign_id uuid NOT NULL,
    title       text NOT NULL,
    terms       jsonb NOT NULL,
    conditions  jsonb NOT NULL,
    valid_to    timestamptz NOT NULL,
    approved_at timestamptz NOT NULL
  );
  COMMENT ON TABLE offer IS 'Read model of approved offers. Rows never change.';
  CREATE TABLE offer_product (
    product_id text NOT NULL,
    offer_id   uuid NOT NULL,
    PRIMARY KEY (product_id, offer_id)
  );
  CREATE TABLE escrow_slot (
    offer_id  uuid NOT NULL,
    kind      text NOT NULL CHECK (kind IN ('budget', 'uses')),
    slot      int2 NOT NULL,
    remaining int8 NOT NULL CHECK (remaining >= 0),
    PRIMARY KEY (offer_id, kind, slot)
  ) WITH (fillfactor = 50);
  COMMENT ON TABLE escrow_slot IS
    'What is left of a limit in total = sum over its slots. Budget in minor units.';`;

const COUPONS = `
  CREATE TABLE acquisition (
    acquisition_id uuid PRIMARY KEY,
    holder_id      uuid NOT NULL REFERENCES holder,
    channel        text NOT NULL CHECK (channel IN ('web', 'mobile', 'broadcast')),
    acquired_at    timestamptz NOT NULL,
    offer_ids      uuid[] NOT NULL,
    coupon_ids     uuid[] NOT NULL
  );
  COMMENT ON COLUMN acquisition.coupon_ids IS 'One for each of offer_ids, in their order.';

  -- No foreign keys: they cost a trigger a row, and rows come only from an acquisition that has checked both.
  CREATE TABLE coupon (
    coupon_id      uuid NOT NULL,
    holder_id      uuid NOT NULL,
    offer_id       uuid NOT NULL,
    acquisition_id uuid NOT NULL,
    uses_left      int NOT NULL DEFAULT 1 CHECK (uses_left >= 0),
    PRIMARY KEY (holder_id, offer_id, coupon_id)
  ) WITH (fillfactor = 90);
  CREATE TABLE coupon_usage (
    holder_id uuid NOT NULL,
    offer_id  uuid NOT NULL,
    held      int NOT NULL CHECK (held >= 0),
    used      int NOT NULL CHECK (used >= 0),
    PRIMARY KEY (holder_id, offer_id)
  ) WITH (fillfactor = 50);
  COMMENT ON COLUMN coupon_usage.held IS 'Uses in reservations whose settlement has not ended.';
  COMMENT ON COLUMN coupon_usage.used IS 'Uses made, less those rolled back.';`;

const RESERVATIONS = `
  CREATE TABLE reservation_set (
    settlement_id uuid PRIMARY KEY,
    state         text NOT NULL
                  CHECK (state IN ('empty', 'reserved', 'consumed', 'released', 'rolled-back')),
    sale          jsonb,
    answer        jsonb
  ) WITH (fillfactor = 50);
  COMMENT ON TABLE reservation_set IS
    'One row per settlement; a tombstone (the end came before the reserve) has neither sale nor answer.';
  CREATE TABLE reservation (
    settlement_id uuid NOT NULL,
    coupon_id     uuid NOT NULL,
    holder_id     uuid NOT NULL,
    offer_id      uuid NOT NULL,
    discount      int8 NOT NULL CHECK (discount > 0),
    state         text NOT NULL CHECK (state IN ('reserved', 'consumed', 'released', 'rolled-back')),
    PRIMARY KEY (settlement_id, coupon_id)
  ) WITH (fillfactor = 50);
  -- Apart from reservation_set, so that ending a settlement changes no index there.
  CREATE TABLE open_reservation (
    settlement_id uuid PRIMARY KEY,
    ask_at        timestamptz NOT NULL,
    asked         int NOT NULL DEFAULT 0
  );
  CREATE INDEX open_reservation_ask_at ON open_reservation (ask_at);
  COMMENT ON TABLE open_reservation IS 'Reservations whose settlement has not ended, and when to ask for its end.';`;
