import type { StoresRegisteredV1 } from '@couplet/contracts';
import type pg from 'pg';

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

/** Time zones of those of the stores where it is known, by storeId. */
export async function timeZonesOf(pool: pg.Pool, storeIds: readonly string[]): Promise<Map<string, string>> {
  if (storeIds.length === 0) return new Map();
  const { rows } = await pool.query<{ store_id: string; time_zone: string }>({
    name: 'registry.time-zones',
    text: 'SELECT store_id, time_zone FROM store WHERE store_id = ANY ($1::text[])',
    values: [[...new Set(storeIds)]],
  });
  return new Map(rows.map(({ store_id, time_zone }) => [store_id, time_zone]));
}
