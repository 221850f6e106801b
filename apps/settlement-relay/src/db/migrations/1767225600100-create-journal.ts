import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The settlement journal, and the store-and-forward queue to the card network, which is its authorization rows. */
export class CreateJournal1767225600100 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE attempt (
        settlement_id     uuid PRIMARY KEY,
        relay             text NOT NULL,
        attempt_id        uuid NOT NULL,
        fingerprint       text,
        state             text NOT NULL CHECK (state IN ('started', 'granted', 'cancelled', 'abandoned')),
        confirmed         boolean NOT NULL DEFAULT false,
        version           int NOT NULL,
        deadline_at       timestamptz NOT NULL,
        confirm_by        timestamptz,
        store_id          text,
        terminal_id       text,
        presented_at      timestamptz,
        purpose           text,
        currency          text,
        price             int8 CHECK (price >= 0),
        capture           text CHECK (capture IN ('immediate', 'on-confirm')),
        coupon_search     text,
        amount            int8 CHECK (amount BETWEEN 0 AND price),
        coupons           jsonb,
        strategy          text,
        approval_code     text,
        network_reference text,
        decline_reason    text,
        changed_at        timestamptz NOT NULL DEFAULT now(),
        UNIQUE (relay, attempt_id),
        CHECK ((state IN ('granted', 'cancelled')) = (amount IS NOT NULL)),
        CHECK (NOT confirmed OR amount IS NOT NULL)
      );
      CREATE INDEX attempt_undecided ON attempt (deadline_at) WHERE state = 'started';
      CREATE INDEX attempt_unconfirmed ON attempt (confirm_by) WHERE state = 'granted' AND NOT confirmed;
      COMMENT ON COLUMN attempt.fingerprint IS 'Keyed hash of the request; absent when it was ended before it was seen.';
      COMMENT ON COLUMN attempt.amount IS 'What was granted, minor units.';

      CREATE TABLE card_authorization (
        authorization_id uuid PRIMARY KEY,
        settlement_id    uuid NOT NULL REFERENCES attempt,
        ordinal          smallint NOT NULL CHECK (ordinal IN (1, 2)),
        state            text NOT NULL CHECK (state IN
          ('sending', 'live', 'shrunk', 'kept', 'remainder', 'captured', 'refunded',
           'declined', 'reversing', 'reversed', 'never-sent', 'listed')),
        held             int8 NOT NULL CHECK (held >= 0),
        amount           int8 NOT NULL CHECK (amount BETWEEN 0 AND held),
        expires_at       timestamptz NOT NULL,
        attention        text,
        request_id       uuid NOT NULL,
        next_try_at      timestamptz,
        tries            int NOT NULL DEFAULT 0,
        changed_at       timestamptz NOT NULL DEFAULT now(),
        UNIQUE (settlement_id, ordinal)
      );
      CREATE UNIQUE INDEX card_authorization_one_live ON card_authorization (settlement_id) WHERE state IN
        ('sending', 'live', 'shrunk', 'kept', 'remainder', 'captured', 'reversing', 'listed');
      CREATE INDEX card_authorization_due ON card_authorization (next_try_at) WHERE next_try_at IS NOT NULL;
      COMMENT ON COLUMN card_authorization.request_id IS
        'Of what its state asks of the card network: the same on every try, so that the network acts once.';
      COMMENT ON COLUMN card_authorization.next_try_at IS 'Absent: nothing to ask.';

      CREATE VIEW for_a_person AS
        SELECT c.authorization_id, c.settlement_id, a.relay, a.attempt_id, c.state, c.held, c.amount, a.currency,
               coalesce(c.attention, c.tries || ' tries without an answer') AS attention, c.changed_at
        FROM card_authorization c JOIN attempt a USING (settlement_id)
        WHERE c.attention IS NOT NULL OR c.tries >= 6;`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP VIEW for_a_person; DROP TABLE card_authorization; DROP TABLE attempt');
  }
}
