import { connectNats } from '@couplet/nats';
import { createPool } from '@couplet/postgres';
import { readConfig, ServiceConfig } from '@couplet/service-host';
import { parseArgs } from 'node:util';
import { rebuild } from './rebuild/rebuild.ts';

/**
 * A step of its own: `node apps/analytics/dist/rebuild.js`, with the NATS credential of the deployer and the database
 * credential of analytics. The service may run meanwhile.
 */
const { values } = parseArgs({ options: { 'discard-expired': { type: 'boolean', default: false } } });
const config = readConfig(ServiceConfig);
const { NATS_URL: url, NATS_USER: user, NATS_PASSWORD: password } = config;
const connection = await connectNats({ url, name: 'deployer', user, password });
const pool = createPool(config.DATABASE_URL, { applicationName: 'analytics rebuild', max: 1 });
try {
  const { expired } = await rebuild(pool, connection, { discardExpired: values['discard-expired'] });
  if (expired.length > 0) {
    console.error(`these streams no longer begin at their first event: ${expired.join(', ')}`);
    console.error('what they lost would be missing; --discard-expired rebuilds all the same');
    process.exitCode = 1;
  } else {
    console.log('facts and inbox are empty; the streams are being read from their first event');
  }
} finally {
  await pool.end();
  await connection.close();
}
