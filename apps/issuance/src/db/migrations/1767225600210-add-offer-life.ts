import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Offers can be revised, paused and ended; stores have clocks; campaigns may have a budget; offers may have codes. */
export class AddOfferLife1767225600210 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(OFFERS);
    await db.query(STORES_AND_BUDGETS);
    await db.query(CODES);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP TABLE offer_code, code_batch, store;
      ALTER TABLE campaign DROP COLUMN budget_currency, DROP COLUMN budget_amount;
      DELETE FROM offer WHERE state IN ('paused', 'ended');
      ALTER TABLE offer DROP CONSTRAINT offer_state, DROP CONSTRAINT offer_submitted, DROP CONSTRAINT offer_approved,
        DROP CONSTRAINT offer_second_person;
      UPDATE offer SET state = 'live' WHERE state = 'approved';
      ALTER TABLE offer DROP COLUMN version, DROP COLUMN written_by, DROP COLUMN closes_at,
        ADD CHECK (state IN ('draft', 'submitted', 'live')),
        ADD CHECK ((state = 'draft') = (submitted_by IS NULL)),
        ADD CHECK ((state = 'live') = (approved_by IS NOT NULL)),
        ADD CHECK (approved_by NOT IN (drafted_by, submitted_by))`);
  }
}

const OFFERS = `
  ALTER TABLE offer
    DROP CONSTRAINT offer_state_check, DROP CONSTRAINT offer_check, DROP CONSTRAINT offer_check1,
    DROP CONSTRAINT offer_check2;
  UPDATE offer SET state = 'approved' WHERE state = 'live';
  ALTER TABLE offer
    ADD COLUMN version int NOT NULL DEFAULT 1,
    ADD COLUMN written_by text[],
    ADD COLUMN closes_at timestamptz;
  UPDATE offer SET written_by = ARRAY[drafted_by], closes_at = (conditions->>'validTo')::timestamptz,
    version = CASE state WHEN 'draft' THEN 1 WHEN 'submitted' THEN 2 ELSE 3 END;
  ALTER TABLE offer
    ALTER COLUMN written_by SET NOT NULL,
    ALTER COLUMN closes_at SET NOT NULL,
    ADD CONSTRAINT offer_state CHECK (state IN ('draft', 'submitted', 'approved', 'paused', 'ended')),
    ADD CONSTRAINT offer_submitted CHECK (state <> 'submitted' OR submitted_by IS NOT NULL),
    ADD CONSTRAINT offer_approved CHECK (state NOT IN ('approved', 'paused') OR approved_by IS NOT NULL),
    ADD CONSTRAINT offer_second_person CHECK (
      approved_by IS NULL OR (approved_by <> ALL (written_by) AND approved_by <> submitted_by));
  COMMENT ON COLUMN offer.version IS 'Counts every change; events of an offer carry it.';
  COMMENT ON COLUMN offer.written_by IS 'Everybody who drafted or revised it.';
  COMMENT ON COLUMN offer.closes_at IS 'From then on it is open at no store, whatever the time zone.';
  CREATE INDEX offer_by_draft ON offer (drafted_at, offer_id);`;

const STORES_AND_BUDGETS = `
  CREATE TABLE store (
    store_id  text PRIMARY KEY,
    time_zone text NOT NULL,
    version   int NOT NULL DEFAULT 1
  );
  ALTER TABLE campaign
    ADD COLUMN budget_currency text,
    ADD COLUMN budget_amount int8 CHECK (budget_amount >= 0),
    ADD CHECK ((budget_currency IS NULL) = (budget_amount IS NULL));
  COMMENT ON COLUMN campaign.budget_amount IS 'Minor units; the budgets of its approved offers never sum to more.';`;

const CODES = `
  CREATE TABLE code_batch (
    batch_id     uuid PRIMARY KEY,
    offer_id     uuid NOT NULL REFERENCES offer,
    kind         text NOT NULL CHECK (kind IN ('generated', 'imported')),
    prefix       text,
    length       int,
    alphabet     text,
    count        int NOT NULL,
    written      int NOT NULL DEFAULT 0 CHECK (written <= count),
    requested_by text NOT NULL,
    requested_at timestamptz NOT NULL DEFAULT now(),
    CHECK (kind = 'imported' OR (prefix IS NOT NULL AND length IS NOT NULL AND alphabet IS NOT NULL))
  );
  CREATE INDEX code_batch_running ON code_batch (requested_at) WHERE written < count;

  CREATE TABLE offer_code (
    code       text COLLATE "C" PRIMARY KEY,
    batch_id   uuid NOT NULL REFERENCES code_batch,
    shown      text,
    claim_id   uuid,
    claimed_at timestamptz
  );
  CREATE INDEX offer_code_by_batch ON offer_code (batch_id, code);
  CREATE UNIQUE INDEX offer_code_claimed ON offer_code (claim_id) WHERE claim_id IS NOT NULL;
  COMMENT ON COLUMN offer_code.code IS 'As it is looked up: upper case, without separators, O as 0, I and L as 1.';
  COMMENT ON COLUMN offer_code.shown IS 'As it was imported, where that differs.';`;
