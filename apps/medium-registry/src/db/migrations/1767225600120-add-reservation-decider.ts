import type { MigrationInterface, QueryRunner } from 'typeorm';

/** More than one service reserves coupons; each decides, and is asked, how its own settlements end. */
export class AddReservationDecider1767225600120 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(
      `ALTER TABLE open_reservation ADD COLUMN decider text NOT NULL DEFAULT 'settlement-relay'
       CHECK (decider IN ('settlement-relay', 'barcode'))`,
    );
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE open_reservation DROP COLUMN decider');
  }
}
