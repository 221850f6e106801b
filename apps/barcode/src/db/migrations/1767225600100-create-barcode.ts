import { FIND_BY_KEY, FIND_FREELY } from '@couplet/postgres';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Nothing here can be turned into a bar code without the key: of a code only a keyed hash is stored. */
export class CreateBarcode1767225600100 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(ISSUED_CODES);
    await db.query(SCANS);
    await db.query(LIMITS);
    await db.query(FIND_BY_KEY);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP TABLE attempt_limit;
      DROP TABLE code_use, asked_scan, scan;
      DROP TABLE typed_code, issued_code;
      ${FIND_FREELY}`);
  }
}

const ISSUED_CODES = `
  CREATE TABLE issued_code (
    code_id     uuid PRIMARY KEY,
    code_hash   bytea NOT NULL UNIQUE,
    key_id      text NOT NULL,
    holder_id   uuid NOT NULL,
    mode        text NOT NULL CHECK (mode IN ('single-use', 'rotating')),
    request     bytea NOT NULL,
    coupons     jsonb NOT NULL,
    gs1         text,
    currency    text NOT NULL,
    product_ids text[],
    store_ids   text[],
    issued_at   timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    revoked_at  timestamptz
  );
  COMMENT ON TABLE issued_code IS 'Every bar code ever issued (seed 003, claim 5).';
  COMMENT ON COLUMN issued_code.request IS 'Keyed hash of the body that asked for it: a repeat must be the same.';
  COMMENT ON COLUMN issued_code.gs1 IS 'Data of AI (8110) without its serial number, which is made from the key.';
  COMMENT ON COLUMN issued_code.product_ids IS 'The combination; absent: whatever the coupons are for.';
  CREATE TABLE typed_code (
    code_id    uuid PRIMARY KEY,
    typed_hash bytea NOT NULL UNIQUE,
    expires_at timestamptz NOT NULL
  );`;

/**
 * Half of each page of scans is left free: one that is held moves once, and so stays where its indexes point. One that is
 * asked for grows by its sale, and often moves; room for that in every page would cost the held ones a page each.
 */
const SCANS = `
  CREATE TABLE scan (
    settlement_id uuid PRIMARY KEY,
    caller        text,
    store_id      text,
    scan_id       uuid,
    state         text NOT NULL
                  CHECK (state IN ('asked', 'refused', 'held', 'granted', 'abandoned', 'rolled-back')),
    reason        text,
    code_id       uuid,
    scanned_at    timestamptz,
    received_at   timestamptz NOT NULL DEFAULT now(),
    confirm_by    timestamptz,
    sale          jsonb
  ) WITH (fillfactor = 50);
  CREATE UNIQUE INDEX scan_of_store ON scan (store_id, scan_id, caller);
  COMMENT ON COLUMN scan.settlement_id IS
    'Names the reservation. A row without scan_id is a tombstone: its end was asked for before it was decided.';
  COMMENT ON COLUMN scan.sale IS
    'What was bought, which of it was eligible, and the discount of each line (seed 003, claims 11, 18, 25).';
  -- Apart from scan, so that deciding a scan changes no index there.
  CREATE TABLE asked_scan (
    settlement_id uuid PRIMARY KEY,
    since         timestamptz NOT NULL DEFAULT now()
  ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, vacuum_truncate = off);
  COMMENT ON TABLE asked_scan IS 'Scans that are written down and not yet decided.';
  CREATE TABLE code_use (
    code_id       uuid NOT NULL,
    step          int8 NOT NULL,
    settlement_id uuid NOT NULL,
    PRIMARY KEY (code_id, step)
  );
  COMMENT ON COLUMN code_use.step IS 'Second at which the step of a rotating code began; 0 for a code of a single use.';`;

const LIMITS = `
  CREATE TABLE attempt_limit (
    key    text PRIMARY KEY,
    points int NOT NULL DEFAULT 0,
    expire float8
  );
  COMMENT ON TABLE attempt_limit IS 'Guesses counted by rate-limiter-flexible, for all replicas together.';`;
