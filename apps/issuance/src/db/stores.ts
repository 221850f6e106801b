import type { RegisterStoresV1 } from '@couplet/contracts';
import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import { Store } from './entities.ts';

type NewStore = z.output<typeof RegisterStoresV1.request>['stores'][number];

/** Adds or changes stores; the last of several with one id counts. @returns those that are new or changed */
export async function putStores(manager: EntityManager, stores: readonly NewStore[]): Promise<Store[]> {
  const last = [...new Map(stores.map((store) => [store.storeId, store])).values()].sort((a, b) =>
    a.storeId < b.storeId ? -1 : 1,
  );
  const rows: { store_id: string; time_zone: string; version: number }[] = await manager.query(
    `INSERT INTO store AS known (store_id, time_zone)
     SELECT * FROM unnest($1::text[], $2::text[])
     ON CONFLICT (store_id) DO UPDATE SET time_zone = excluded.time_zone, version = known.version + 1
     WHERE known.time_zone <> excluded.time_zone
     RETURNING store_id, time_zone, version`,
    [last.map(({ storeId }) => storeId), last.map(({ timeZone }) => timeZone)],
  );
  return rows.map(({ store_id, time_zone, version }) => ({
    storeId: store_id,
    timeZone: time_zone,
    version,
  }));
}

/** Time zones in which there are stores. */
export async function zonesOfStores(manager: EntityManager): Promise<string[]> {
  const rows: { time_zone: string }[] = await manager.query('SELECT DISTINCT time_zone FROM store');
  return rows.map(({ time_zone }) => time_zone);
}

/** The time zones of those of the stores that are registered. */
export async function zoneByStore(
  manager: EntityManager,
  storeIds: readonly string[],
): Promise<Map<string, string>> {
  const stores = await manager
    .createQueryBuilder(Store, 'store')
    .where('store.storeId = ANY(:storeIds)', { storeIds })
    .getMany();
  return new Map(stores.map(({ storeId, timeZone }) => [storeId, timeZone]));
}
