import { randomBytes } from 'node:crypto';
import { TokenKey } from '@couplet/medium-id';
import type { Queryable } from './queryable.ts';

/** The key of this database, made at its first use: what leaks from it fits no other. */
export async function networkKey(db: Queryable): Promise<TokenKey> {
  await db.query('INSERT INTO network_key (secret) VALUES ($1) ON CONFLICT DO NOTHING', [randomBytes(32)]);
  const { rows } = await db.query<{ secret: Buffer }>('SELECT secret FROM network_key');
  return new TokenKey('sim', rows[0]!.secret);
}
