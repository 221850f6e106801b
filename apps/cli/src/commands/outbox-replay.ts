import type { Service } from '@couplet/contracts';
import { replay } from '@couplet/outbox';
import { createPool } from '@couplet/postgres';
import { parseConfig } from '@couplet/service-host';
import { z } from 'zod';
import { variableOf } from './migrate.ts';

/**
 * Marks the events that a service published since a moment for publishing again; its running relays then publish them.
 *
 * @returns the number of events
 * @throws ConfigError if the environment does not name the database of the service
 */
export async function outboxReplay(
  env: Readonly<Record<string, string | undefined>>,
  service: Service,
  since: Date,
): Promise<number> {
  const config = parseConfig(z.object({ [variableOf(service)]: z.string().min(1) }), env);
  const pool = createPool(config[variableOf(service)]!, { applicationName: 'couplet outbox replay', max: 1 });
  return replay(pool, { since }).finally(() => pool.end());
}
