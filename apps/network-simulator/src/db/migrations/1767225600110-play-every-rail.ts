import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One open hold per settlement, stand-in, results that are told late, rails by card, and advices to send. */
export class PlayEveryRail1767225600110 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE card_authorization
        ADD COLUMN stand_in  boolean NOT NULL DEFAULT false,
        ADD COLUMN test_card text,
        ADD COLUMN live      boolean GENERATED ALWAYS AS (CASE WHEN state IN ('held', 'captured') THEN true END) STORED;
      CREATE UNIQUE INDEX one_live_per_settlement ON card_authorization (settlement_id, live);
      COMMENT ON COLUMN card_authorization.test_card IS 'Name of the test card that it is on.';
      COMMENT ON COLUMN card_authorization.live IS 'True or null: nulls are distinct, so others do not count in the index.';

      ALTER TABLE follow_up ADD COLUMN told_from timestamptz;
      COMMENT ON COLUMN follow_up.told_from IS 'Answered pending before; null: told at once.';

      ALTER TABLE card_balance DROP CONSTRAINT card_balance_available_check;
      COMMENT ON COLUMN card_balance.available IS 'Below zero after an offline sale.';

      CREATE TABLE card_rail (
        card         text PRIMARY KEY,
        capabilities jsonb NOT NULL
      );
      COMMENT ON TABLE card_rail IS 'Cards, by token, whose rail differs from what the relay declares.';

      CREATE TABLE advice (
        advice_id uuid PRIMARY KEY,
        due_at    timestamptz NOT NULL,
        advice    jsonb NOT NULL,
        tries     int NOT NULL DEFAULT 0,
        answer    text
      );
      CREATE INDEX advice_due ON advice (due_at) WHERE answer IS NULL;
      COMMENT ON COLUMN advice.answer IS 'The effect that settlement-relay told, or the problem; null: not answered yet.';`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP TABLE advice, card_rail;
      ALTER TABLE card_balance ADD CONSTRAINT card_balance_available_check CHECK (available >= 0) NOT VALID;
      ALTER TABLE follow_up DROP COLUMN told_from;
      DROP INDEX one_live_per_settlement;
      ALTER TABLE card_authorization DROP COLUMN live, DROP COLUMN test_card, DROP COLUMN stand_in;`);
  }
}
