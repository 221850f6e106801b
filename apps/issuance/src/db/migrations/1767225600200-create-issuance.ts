import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateIssuance1767225600200 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE product (
        product_id   text PRIMARY KEY,
        manufacturer text NOT NULL,
        department   text NOT NULL,
        brand        text NOT NULL,
        category     text NOT NULL,
        type         text NOT NULL,
        package_size text NOT NULL
      );

      CREATE TABLE funding_party (
        party text PRIMARY KEY,
        kind  text NOT NULL CHECK (kind IN ('manufacturer', 'retailer', 'bank', 'other')),
        title text NOT NULL
      );

      CREATE TABLE campaign (
        campaign_id uuid PRIMARY KEY,
        title       text NOT NULL,
        starts_at   timestamptz NOT NULL,
        ends_at     timestamptz NOT NULL CHECK (ends_at > starts_at),
        created_by  text NOT NULL,
        created_at  timestamptz NOT NULL DEFAULT now()
      );

      CREATE TABLE offer (
        offer_id     uuid PRIMARY KEY,
        campaign_id  uuid NOT NULL REFERENCES campaign,
        title        text NOT NULL,
        terms        jsonb NOT NULL,
        conditions   jsonb NOT NULL,
        state        text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'submitted', 'live')),
        drafted_by   text NOT NULL,
        drafted_at   timestamptz NOT NULL DEFAULT now(),
        submitted_by text,
        submitted_at timestamptz,
        approved_by  text,
        approved_at  timestamptz,
        CHECK ((state = 'draft') = (submitted_by IS NULL)),
        CHECK ((state = 'live') = (approved_by IS NOT NULL)),
        CHECK (approved_by NOT IN (drafted_by, submitted_by))
      );
      CREATE INDEX offer_by_campaign ON offer (campaign_id);
      COMMENT ON COLUMN offer.terms IS 'As on the wire.';

      CREATE TABLE audit_entry (
        id      int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        at      timestamptz NOT NULL DEFAULT now(),
        actor   text NOT NULL,
        caller  text NOT NULL,
        act     text NOT NULL,
        subject text NOT NULL,
        detail  jsonb
      );
      CREATE INDEX audit_by_subject ON audit_entry (subject, id);
      COMMENT ON TABLE audit_entry IS 'Every change: by whom, through which caller. Written in its transaction, never changed.';`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE audit_entry, offer, campaign, funding_party, product');
  }
}
