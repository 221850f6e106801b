import { migrate } from '@couplet/postgres';
import { readConfig } from '@couplet/service-host';
import { z } from 'zod';
import { MIGRATIONS } from './db/migrations.ts';

const { DATABASE_URL } = readConfig(z.object({ DATABASE_URL: z.string() }));
await migrate({ url: DATABASE_URL, schema: 'network_simulator', migrations: MIGRATIONS });
