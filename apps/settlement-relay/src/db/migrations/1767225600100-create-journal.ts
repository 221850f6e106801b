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
        lines             jsonb,
        strategy          text,
        approval_code     text,
        network_reference text,
        stand_in          boolean NOT NULL DEFAULT false,
        decline_reason    text,
        continues         uuid REFERENCES attempt,
        refunds           jsonb NOT NULL DEFAULT '[]',
        refunded          int8 NOT NULL DEFAULT 0 CHECK (refunded >= 0),
        keeps_coupons     boolean NOT NULL DEFAULT false,
        changed_at        timestamptz NOT NULL DEFAULT now(),
        UNIQUE (relay, attempt_id),
        CHECK ((state IN ('granted', 'cancelled')) = (amount IS NOT NULL)),
        CHECK (NOT confirmed OR amount IS NOT NULL),
        CHECK (refunded <= coalesce(amount, 0))
      );
      CREATE INDEX attempt_undecided ON attempt (deadline_at) WHERE state = 'started';
      CREATE INDEX attempt_unconfirmed ON attempt (confirm_by) WHERE state = 'granted' AND NOT confirmed;
      CREATE UNIQUE INDEX attempt_one_continuation ON attempt (continues)
        WHERE continues IS NOT NULL AND state IN ('started', 'granted');
      COMMENT ON COLUMN attempt.fingerprint IS 'Keyed hash of the request; absent when it was ended before it was seen.';
      COMMENT ON COLUMN attempt.amount IS 'What was granted, minor units.';
      COMMENT ON COLUMN attempt.continues IS 'The settlement whose amount due this one pays by another tender.';
      COMMENT ON COLUMN attempt.lines IS 'What was sold, at the price before coupons: what can go back.';

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
        listed_from      text,
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

      CREATE TABLE advice (
        relay      text NOT NULL,
        advice_id  uuid NOT NULL,
        advice     jsonb NOT NULL,
        effect     text,
        at         timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (relay, advice_id)
      );
      COMMENT ON COLUMN advice.effect IS 'Absent: taken in, not yet acted on; the relay repeats it until it is acknowledged.';

      CREATE VIEW for_a_person AS
        SELECT c.authorization_id AS case_id, c.settlement_id, a.relay, a.attempt_id, c.state, c.held, c.amount, a.currency,
               a.store_id, a.terminal_id, a.state AS settlement_state, a.confirmed, c.tries,
               coalesce(c.attention, c.tries || ' tries without an answer') AS attention, c.changed_at
        FROM card_authorization c JOIN attempt a USING (settlement_id)
        WHERE c.attention IS NOT NULL OR c.tries >= 6
        UNION ALL
        SELECT d.advice_id, a.settlement_id, d.relay, a.attempt_id, 'told offline', (d.advice->>'amount')::int8, 0,
               d.advice->>'currency', a.store_id, a.terminal_id, a.state, a.confirmed, 0,
               'approved offline, but the attempt had ended otherwise', d.at
        FROM advice d JOIN attempt a ON a.relay = d.relay AND a.attempt_id = (d.advice->>'attemptId')::uuid
        WHERE d.effect = 'listed' AND d.advice->>'kind' = 'offline-approval';

      CREATE TABLE case_action (
        case_id  uuid NOT NULL,
        action   jsonb NOT NULL,
        by       text NOT NULL,
        note     text NOT NULL,
        at       timestamptz NOT NULL DEFAULT now()
      );
      COMMENT ON TABLE case_action IS 'What people did about what needed them.';`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(
      'DROP VIEW for_a_person; DROP TABLE advice; DROP TABLE case_action; DROP TABLE card_authorization; DROP TABLE attempt',
    );
  }
}
