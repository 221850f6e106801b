import { migrate } from '@couplet/postgres';
import { readConfig, ServiceConfig } from '@couplet/service-host';
import { MIGRATIONS } from './migrations.ts';

const { DATABASE_URL: url } = readConfig(ServiceConfig.pick({ DATABASE_URL: true }));
await migrate({ url, schema: 'barcode', migrations: MIGRATIONS });
