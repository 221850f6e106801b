import { DataSource } from 'typeorm';
import * as entities from './entities.mjs';

/** @param synchronize creates the tables */
export function database(url, { synchronize = false } = {}) {
  return new DataSource({
    type: 'postgres',
    url,
    schema: 'baseline',
    entities: Object.values(entities),
    synchronize,
    poolSize: 20,
  }).initialize();
}
