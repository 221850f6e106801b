import { FIND_BY_KEY, FIND_FREELY } from '@couplet/postgres';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the network remembers, and what it was told to play. */
export class CreateNetwork1767225600100 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE network_key (
        only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
        secret   bytea NOT NULL
      );
      COMMENT ON TABLE network_key IS 'Random per database; tokens of cards are made with it.';

      CREATE TABLE card_balance (
        card      text NOT NULL,
        currency  text NOT NULL,
        available int8 NOT NULL CHECK (available >= 0),
        PRIMARY KEY (card, currency)
      ) WITH (fillfactor = 50);
      COMMENT ON TABLE card_balance IS 'A card without a row has no limit.';

      CREATE TABLE card_authorization (
        authorization_id  uuid PRIMARY KEY,
        settlement_id     uuid NOT NULL,
        card              text,
        last4             text NOT NULL,
        currency          text NOT NULL,
        state             text NOT NULL CHECK (state IN ('held', 'declined', 'reversed', 'captured')),
        authorized        int8 NOT NULL,
        held              int8 NOT NULL,
        captured          int8 NOT NULL DEFAULT 0,
        refunded          int8 NOT NULL DEFAULT 0,
        decline_reason    text,
        approval_code     text,
        network_reference text,
        capture_refusal   text,
        version           int NOT NULL DEFAULT 1,
        at                timestamptz NOT NULL DEFAULT now(),
        CHECK (held >= 0 AND captured >= 0 AND held + captured <= authorized),
        CHECK (refunded BETWEEN 0 AND captured)
      ) WITH (fillfactor = 70);
      COMMENT ON COLUMN card_authorization.card IS 'Token; null when the id was reversed before it was seen.';

      CREATE TABLE follow_up (
        request_id       uuid PRIMARY KEY,
        authorization_id uuid NOT NULL,
        verb             text NOT NULL,
        outcome          text NOT NULL,
        reason           text,
        at               timestamptz NOT NULL DEFAULT now()
      );
      COMMENT ON TABLE follow_up IS 'Every request after authorize with its answer, which its repeats get too.';

      CREATE TABLE rail (
        only_row     boolean PRIMARY KEY DEFAULT true CHECK (only_row),
        capabilities jsonb NOT NULL,
        latency_ms   jsonb NOT NULL
      );
      INSERT INTO rail (capabilities, latency_ms) VALUES (
        '{"shrink": true, "finalPartialCapture": false, "secondAuthorization": true, "partialApproval": false, "refund": true}',
        '{"min": 0, "max": 0}');

      CREATE TABLE fault (
        position  int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        verb      text NOT NULL,
        card      text,
        action    jsonb NOT NULL,
        uses_left int NOT NULL CHECK (uses_left >= 0)
      );

      ${FIND_BY_KEY}`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(
      'DROP TABLE fault, rail, follow_up, card_authorization, card_balance, network_key; ' + FIND_FREELY,
    );
  }
}
