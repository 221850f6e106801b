import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What must be remembered for minutes or hours, and by every copy of the gateway. Hashes are keyed: a copy of these rows signs nobody in. */
export class CreateSignIn1767225800000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE session (
        token_hash text PRIMARY KEY,
        holder_id  uuid NOT NULL,
        expires_at timestamptz NOT NULL
      );
      CREATE INDEX session_expiry ON session (expires_at);

      CREATE TABLE sign_in_code (
        code_hash  text PRIMARY KEY,
        holder_id  uuid NOT NULL,
        expires_at timestamptz NOT NULL
      );
      CREATE INDEX sign_in_code_expiry ON sign_in_code (expires_at);

      CREATE TABLE used_assertion (
        client_id  text NOT NULL,
        jti        text NOT NULL,
        expires_at timestamptz NOT NULL,
        PRIMARY KEY (client_id, jti)
      );
      CREATE INDEX used_assertion_expiry ON used_assertion (expires_at);`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE session, sign_in_code, used_assertion');
  }
}
