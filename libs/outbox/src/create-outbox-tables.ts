import type { MigrationInterface, QueryRunner } from 'typeorm';
import { KEPT_TABLES, DAYS_AHEAD } from './daily-tables.ts';
import { dayOf, makeDay } from './day-partitions.ts';

/**
 * `outbox` and `inbox`, in the schema of the service whose migrations list this class first.
 *
 * What is published is no longer due: a row of 16 bytes goes, and the event itself is never written again. So finding
 * work costs the same with a month of published events behind it, and a month is dropped day by day, without a vacuum.
 */
export class CreateOutboxTables1767225600001 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE outbox (
        id          uuid PRIMARY KEY,
        subject     text NOT NULL,
        payload     text NOT NULL,
        time        timestamptz NOT NULL DEFAULT now(),
        traceparent text
      ) PARTITION BY RANGE (id);
      CREATE TABLE outbox_default PARTITION OF outbox DEFAULT;
      COMMENT ON COLUMN outbox.id IS 'UUIDv7: event id, ce-id and Nats-Msg-Id.';
      COMMENT ON COLUMN outbox.payload IS 'JSON exactly as it goes onto the wire; nothing here reads into it.';

      CREATE TABLE outbox_due (
        id uuid PRIMARY KEY
      ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, vacuum_truncate = off);
      COMMENT ON TABLE outbox_due IS 'Events to be published.';

      CREATE TABLE outbox_batch (
        id           uuid NOT NULL,
        published_at timestamptz NOT NULL
      ) PARTITION BY RANGE (id);
      CREATE TABLE outbox_batch_default PARTITION OF outbox_batch DEFAULT;
      CREATE INDEX outbox_batch_published ON outbox_batch USING brin (published_at);
      COMMENT ON TABLE outbox_batch IS 'What was published together: the first id of it, and when.';

      CREATE TABLE inbox (
        event_id uuid NOT NULL,
        consumer text NOT NULL,
        PRIMARY KEY (event_id, consumer)
      ) PARTITION BY RANGE (event_id);
      CREATE TABLE inbox_default PARTITION OF inbox DEFAULT;
      COMMENT ON TABLE inbox IS 'Events whose effect is in this database; written in the transaction of the effect.';`);
    const today = dayOf(new Date());
    for (const table of KEPT_TABLES) {
      for (let day = today; day <= today + DAYS_AHEAD; day++) await db.query(makeDay(table, day));
    }
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE inbox; DROP TABLE outbox_batch; DROP TABLE outbox_due; DROP TABLE outbox');
  }
}
