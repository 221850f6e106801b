import type { StoresRegisteredV1 } from '@couplet/contracts';
import type pg from 'pg';
import type { Candidate } from '../domain/candidate.ts';

/** Keeps what is told of stores; of one store what was said last, in whatever order it comes. */
export async function putStores(client: pg.ClientBase, { stores }: StoresRegisteredV1): Promise<void> {
  await client.query({
    name: 'registry.put-stores',
    text: `INSERT INTO store AS known (store_id, time_zone, version)
           SELECT * FROM unnest($1::text[], $2::text[], $3::int[]) AS s (store_id, time_zone, version) ORDER BY 1
           ON CONFLICT (store_id) DO UPDATE SET time_zone = excluded.time_zone, version = excluded.version
           WHERE known.version < excluded.version`,
    values: [
      stores.map(({ storeId }) => storeId),
      stores.map(({ timeZone }) => timeZone),
      stores.map(({ version }) => version),
    ],
  });
}

/** The time zone of a store, where it is known; not even looked for if no candidate needs a clock. */
export async function timeZoneOf(
  client: pg.ClientBase,
  storeId: string | undefined,
  candidates: readonly Candidate[],
): Promise<string | undefined> {
  if (storeId === undefined || !candidates.some(({ offer }) => offer.conditions.window.needsClock)) {
    return undefined;
  }
  const { rows } = await client.query<{ time_zone: string }>({
    name: 'registry.store-time-zone',
    text: 'SELECT time_zone FROM store WHERE store_id = $1',
    values: [storeId],
  });
  return rows[0]?.time_zone;
}
