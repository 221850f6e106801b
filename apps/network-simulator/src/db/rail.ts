import type { Capabilities } from '@couplet/contracts';
import type { z } from 'zod';
import type { Latency } from '../domain/script.ts';
import type { Queryable } from './queryable.ts';

/** What the network declares and how slow it is. */
export interface RailSettings {
  capabilities: z.output<typeof Capabilities>;
  latencyMs: Latency;
}

export async function readRail(db: Queryable): Promise<RailSettings> {
  const { rows } = await db.query<RailSettings>('SELECT capabilities, latency_ms AS "latencyMs" FROM rail');
  return rows[0]!;
}

export async function writeRail(db: Queryable, { capabilities, latencyMs }: RailSettings): Promise<void> {
  await db.query('UPDATE rail SET capabilities = $1, latency_ms = $2', [capabilities, latencyMs]);
}
