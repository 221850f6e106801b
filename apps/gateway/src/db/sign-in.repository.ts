import type pg from 'pg';

/** Who a session or a code stands for, and until when. */
export interface Grant {
  readonly holderId: string;
  readonly expiresAt: Date;
}

interface Row {
  readonly holder_id: string;
  readonly expires_at: Date;
}

/** Sessions, sign-in codes and used assertions; everything by hash, and nothing for longer than it is good. */
export class SignInRepository {
  constructor(private readonly pool: pg.Pool) {}

  async addCode(codeHash: string, { holderId, expiresAt }: Grant): Promise<void> {
    await this.pool.query('INSERT INTO sign_in_code (code_hash, holder_id, expires_at) VALUES ($1, $2, $3)', [
      codeHash,
      holderId,
      expiresAt,
    ]);
  }

  /** @returns undefined for a code that is unknown, over, or was taken before: of two at once, one gets it */
  async takeCode(hashes: readonly string[], now: Date): Promise<string | undefined> {
    const { rows } = await this.pool.query<Row>(
      'DELETE FROM sign_in_code WHERE code_hash = ANY($1) AND expires_at > $2 RETURNING holder_id, expires_at',
      [hashes, now],
    );
    return rows[0]?.holder_id;
  }

  async addSession(tokenHash: string, { holderId, expiresAt }: Grant): Promise<void> {
    await this.pool.query('INSERT INTO session (token_hash, holder_id, expires_at) VALUES ($1, $2, $3)', [
      tokenHash,
      holderId,
      expiresAt,
    ]);
  }

  async findSession(hashes: readonly string[], now: Date): Promise<Grant | undefined> {
    const { rows } = await this.pool.query<Row>({
      name: 'gateway.session',
      text: 'SELECT holder_id, expires_at FROM session WHERE token_hash = ANY($1) AND expires_at > $2',
      values: [hashes, now],
    });
    return rows[0] && { holderId: rows[0].holder_id, expiresAt: rows[0].expires_at };
  }

  async removeSession(hashes: readonly string[]): Promise<void> {
    await this.pool.query('DELETE FROM session WHERE token_hash = ANY($1)', [hashes]);
  }

  /** @returns false if it was used before */
  async useAssertion(clientId: string, jti: string, expiresAt: Date): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      'INSERT INTO used_assertion (client_id, jti, expires_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
      [clientId, jti, expiresAt],
    );
    return rowCount === 1;
  }

  async removeExpired(now: Date): Promise<void> {
    for (const table of ['session', 'sign_in_code', 'used_assertion'])
      await this.pool.query(`DELETE FROM ${table} WHERE expires_at <= $1`, [now]);
  }
}
