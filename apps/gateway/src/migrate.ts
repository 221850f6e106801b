import { migrate } from '@couplet/postgres';
import { readConfig, ServiceConfig } from '@couplet/service-host';
import { MIGRATIONS } from './db/migrations/index.ts';

const { DATABASE_URL } = readConfig(ServiceConfig.pick({ DATABASE_URL: true }));
await migrate({ url: DATABASE_URL, schema: 'gateway', migrations: MIGRATIONS });
