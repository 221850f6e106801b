import { FIND_BY_KEY, FIND_FREELY } from '@couplet/postgres';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The settlement journal, and the store-and-forward queue to the card network.
 *
 * A row of `attempt` or `card_authorization` is written anew by every step, so no index, nor the condition of one, names a
 * column that a step of a plain sale changes, and half of each page is left for the next versions: every such update then
 * stays on its page (HOT) and touches no index, also when one commit moves all rows of a page. What must be found by its
 * time is a row of its own in `open_attempt` or `network_queue`, which goes when it is done.
 *
 * Authorizations, what was granted and what is open are written by the statement that writes their attempt, from its row,
 * and attempts are never deleted: a foreign key would only look it up, and lock it, once more for each. That of `continues`
 * names another settlement than the one that is written, and looks nothing up for a sale that continues none.
 *
 * The service reads and writes by key alone, through statements that are planned once for each connection, often while the
 * tables are still empty. A scan of all, or a hash of it, looks cheap then and would be kept while millions of rows
 * come, until the next ANALYZE. So its role does not plan such.
 */
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
        strategy          text,
        approval_code     text,
        network_reference text,
        stand_in          boolean NOT NULL DEFAULT false,
        decline_reason    text,
        continues         uuid REFERENCES attempt,
        continues_now     uuid GENERATED ALWAYS AS (CASE WHEN state IN ('started', 'granted') THEN continues END) STORED,
        refunds           jsonb NOT NULL DEFAULT '[]',
        refunded          int8 NOT NULL DEFAULT 0 CHECK (refunded >= 0),
        keeps_coupons     boolean NOT NULL DEFAULT false,
        changed_at        timestamptz NOT NULL DEFAULT now(),
        UNIQUE (relay, attempt_id),
        CHECK ((state IN ('granted', 'cancelled')) = (amount IS NOT NULL)),
        CHECK (NOT confirmed OR amount IS NOT NULL),
        CHECK (refunded <= coalesce(amount, 0))
      ) WITH (fillfactor = 45);
      CREATE UNIQUE INDEX attempt_one_continuation ON attempt (continues_now) WHERE continues_now IS NOT NULL;
      COMMENT ON COLUMN attempt.fingerprint IS 'Keyed hash of the request; absent when it was ended before it was seen.';
      COMMENT ON COLUMN attempt.amount IS 'What was granted, minor units.';
      COMMENT ON COLUMN attempt.continues IS 'The settlement whose amount due this one pays by another tender.';
      COMMENT ON COLUMN attempt.continues_now IS 'The same while it may still charge.';

      CREATE TABLE granted_sale (
        settlement_id uuid PRIMARY KEY,
        coupons       jsonb NOT NULL,
        lines         jsonb NOT NULL
      );
      COMMENT ON TABLE granted_sale IS 'What was promised, written once, with the grant: beside the attempt, whose row is written anew by every step.';
      COMMENT ON COLUMN granted_sale.lines IS 'What was sold, at the price before coupons: what can go back.';

      CREATE TABLE open_attempt (
        decide_by     timestamptz NOT NULL,
        settlement_id uuid NOT NULL,
        PRIMARY KEY (decide_by, settlement_id)
      );
      COMMENT ON TABLE open_attempt IS 'Attempts without a decision, and grants without a confirm, and when they end by themselves.';

      CREATE TABLE card_authorization (
        authorization_id uuid PRIMARY KEY,
        settlement_id    uuid NOT NULL,
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
        live             boolean NOT NULL GENERATED ALWAYS AS (state IN
          ('sending', 'live', 'shrunk', 'kept', 'remainder', 'captured', 'reversing', 'listed')) STORED,
        changed_at       timestamptz NOT NULL DEFAULT now(),
        UNIQUE (settlement_id, ordinal)
      ) WITH (fillfactor = 50);
      CREATE UNIQUE INDEX card_authorization_one_live ON card_authorization (settlement_id) WHERE live;
      COMMENT ON COLUMN card_authorization.request_id IS
        'Of what its state asks of the card network: the same on every try, so that the network acts once.';

      CREATE TABLE network_queue (
        authorization_id uuid PRIMARY KEY,
        next_try_at      timestamptz NOT NULL,
        tries            int NOT NULL
      );
      CREATE INDEX network_queue_due ON network_queue (next_try_at);
      COMMENT ON TABLE network_queue IS 'Authorizations of which there is something to ask of the card network, and when.';

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
               a.store_id, a.terminal_id, a.state AS settlement_state, a.confirmed,
               -- A part of a sale of which something came back ends with its sale alone.
               a.state = 'granted' AND (a.continues IS NULL OR a.refunds = '[]') AS may_cancel,
               coalesce(q.tries, 0) AS tries,
               coalesce(c.attention, q.tries || ' tries without an answer') AS attention, c.changed_at
        FROM card_authorization c JOIN attempt a USING (settlement_id) LEFT JOIN network_queue q USING (authorization_id)
        WHERE c.attention IS NOT NULL OR q.tries >= 6
        UNION ALL
        SELECT d.advice_id, a.settlement_id, d.relay, a.attempt_id, 'told offline', (d.advice->>'amount')::int8, 0,
               d.advice->>'currency', a.store_id, a.terminal_id, a.state, a.confirmed, false, 0,
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
      COMMENT ON TABLE case_action IS 'What people did about what needed them.';

      ${FIND_BY_KEY}`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(
      'DROP VIEW for_a_person; DROP TABLE advice, case_action, network_queue, card_authorization, open_attempt, granted_sale, attempt; ' +
        FIND_FREELY,
    );
  }
}
