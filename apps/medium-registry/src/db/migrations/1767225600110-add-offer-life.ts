import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Approved offers never change; what may stop them, the clocks of stores and claims of codes stand beside them. */
export class AddOfferLife1767225600110 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE offer_standing (
        offer_id uuid PRIMARY KEY,
        state    text NOT NULL CHECK (state IN ('going-on', 'paused', 'ended')),
        version  int NOT NULL
      );
      COMMENT ON TABLE offer_standing IS
        'What the latest event after approval said of an offer; without a row it goes on. May be there before the offer.';

      CREATE TABLE store (
        store_id  text PRIMARY KEY,
        time_zone text NOT NULL,
        version   int NOT NULL
      );

      CREATE TABLE open_claim (
        acquisition_id uuid PRIMARY KEY,
        holder_id      uuid NOT NULL REFERENCES holder,
        channel        text NOT NULL,
        acquired_at    timestamptz NOT NULL,
        code           text NOT NULL,
        ask_at         timestamptz NOT NULL,
        asked          int NOT NULL DEFAULT 0
      );
      CREATE INDEX open_claim_ask_at ON open_claim (ask_at);
      -- A coupon may give a benefit alone.
      ALTER TABLE reservation
        DROP CONSTRAINT reservation_discount_check,
        ADD CONSTRAINT reservation_discount_check CHECK (discount >= 0);

      ALTER TABLE acquisition ADD COLUMN code text;
      COMMENT ON COLUMN acquisition.code IS 'As it was typed, of an acquisition by code.';
      COMMENT ON TABLE open_claim IS 'Codes asked of issuance whose coupon is not there yet, and when to ask again.';`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE open_claim, store, offer_standing; ALTER TABLE acquisition DROP COLUMN code');
  }
}
