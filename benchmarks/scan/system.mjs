/** barcode and medium-registry as processes of their own, on a durable PostgreSQL and a NATS of their own, with codes to scan. */
import { execFile } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { OfferApprovedV1, requestSubject, ScanCodeV1 } from '@couplet/contracts';
import { startNats, startPostgres, startProcess, tempDirectory } from '@couplet/infra';
import { applyStreams, connectNats, EventPublisher } from '@couplet/nats';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { CodeKeys } from '../../apps/barcode/dist/codes/code-keys.js';
import { CodeGenerator } from '../../apps/barcode/dist/codes/generator.js';
import { writeContent } from '../../apps/barcode/dist/domain/code-content.js';
import { Asker } from '../settlement/load/asker.mjs';
import { PostgresCounters } from '../settlement/measure/postgres-counters.mjs';
import { measureProcesses } from '../settlement/measure/processes.mjs';
import { PRELOAD } from '../settlement/profile/profile.mjs';
import { summarise } from '../settlement/profile/summarise.mjs';
import { pgbenchVersion } from './ceiling.mjs';

const run = promisify(execFile);
const WORKSPACE = path.join(import.meta.dirname, '../..');
const SERVICES = ['medium-registry', 'barcode'];
/** Room enough that what is measured is not this server's smallest settings; durability as PostgreSQL ships it. */
const POSTGRES = {
  shared_buffers: '1GB',
  max_wal_size: '8GB',
  checkpoint_timeout: '15min',
  shared_preload_libraries: 'pg_stat_statements',
};
const newKey = () => `bench:${randomBytes(32).toString('base64')}`;

export async function startSystem({ codes: count, profiled = false }) {
  const [postgres, nats, profiles] = await Promise.all([
    startPostgres({ settings: POSTGRES }),
    startNats(),
    tempDirectory('scan-profiles'),
  ]);
  const urls = await postgres.provision(SERVICES);
  const connection = await connectNats({ url: nats.url, name: 'bench' });
  await applyStreams(connection);
  const codeKeys = newKey();
  const settings = { 'medium-registry': { TOKEN_KEY: newKey() }, barcode: { CODE_KEYS: codeKeys } };
  const processes = await Promise.all(
    SERVICES.map(async (name) => {
      const env = { DATABASE_URL: urls[name], NATS_URL: nats.url, LOG_LEVEL: 'warn', ...settings[name] };
      const profiling = profiled && {
        NODE_OPTIONS: `--import=${PRELOAD}`,
        PROFILE_DIRECTORY: profiles.path,
        PROFILE_NAME: name,
      };
      await run(process.execPath, [`apps/${name}/dist/migrate.js`], {
        cwd: WORKSPACE,
        env: { ...process.env, ...env },
      });
      return startProcess({
        name,
        args: [`apps/${name}/dist/main.js`],
        cwd: WORKSPACE,
        env: { ...env, ...profiling },
      });
    }),
  );
  const admin = new pg.Client({ connectionString: postgres.adminUrl });
  await admin.connect();
  const contents = await issue(admin, connection, codeKeys, count);
  const counters = new PostgresCounters(admin);
  await counters.prepare();
  const pids = {
    ...Object.fromEntries(SERVICES.map((name, n) => [name, processes[n].pid])),
    tills: process.pid,
  };
  const store = new Asker(connection, `_INBOX_relay.sim.${randomUUID()}`);
  const subject = requestSubject(ScanCodeV1, 'sim');
  return {
    adminUrl: postgres.adminUrl,
    pgbench: (await pgbenchVersion()) ?? 'connections of this process',
    async scan() {
      const code = contents.pop();
      if (!code) throw new Error('all codes are used: give fewer --seconds');
      const { body, problem } = await store.ask(subject, JSON.stringify(aScan(code)));
      if (body?.result !== 'valid') throw new Error(`a scan was refused: ${problem ?? body.reason}`);
    },
    /** Processor time by process, and what PostgreSQL counts, until now. */
    async costs() {
      await untilPublished(admin);
      return { processes: measureProcesses(pids), database: await counters.read() };
    },
    forgetStatements: () => counters.forgetStatements(),
    dearest: () => counters.dearest(),
    /** Begins to profile the services, or ends it. */
    toggleProfiles() {
      for (const { pid } of processes) process.kill(pid, 'SIGUSR2');
    },
    async profiles() {
      const files = SERVICES.map((name) => path.join(profiles.path, `${name}.cpuprofile`));
      const texts = await Promise.all(files.map(written));
      return Object.fromEntries(SERVICES.map((name, n) => [name, summarise(JSON.parse(texts[n]), 40)]));
    },
    async stop() {
      await Promise.all([admin.end(), connection.close()]);
      for (const running of processes) await running.stop();
      await Promise.all([postgres.stop(), nats.stop(), profiles.remove()]);
    },
  };
}

/** What a reply leaves to be done is paid for, too. */
async function untilPublished(admin) {
  for (;;) {
    const { rows } = await admin.query(
      'SELECT (SELECT count(*) FROM barcode.outbox_due) + (SELECT count(*) FROM medium_registry.outbox_due) AS due',
    );
    if (Number(rows[0].due) === 0) return;
    await sleep(50);
  }
}

async function written(file) {
  for (;;) {
    try {
      return await readFile(file, 'utf8');
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
      await sleep(50);
    }
  }
}

function aScan(code) {
  const lines = [{ productId: 'milk', quantity: '1', unit: 'each', amount: 386 }];
  return {
    ...{
      scanId: uuidv7(),
      storeId: '309',
      terminalId: '4',
      scannedAt: new Date().toISOString(),
      code,
      lines,
    },
    ...{ purpose: 'purchase', finish: 'immediate' },
  };
}

/** Holders with a coupon and a code each, as their verbs would have written them; drawing the pictures is another benchmark. */
async function issue(admin, connection, codeKeys, count) {
  const offerId = await offer(admin, connection);
  const generator = new CodeGenerator(CodeKeys.load(codeKeys));
  const [issuedAt, expiresAt] = [new Date(), new Date(Date.now() + 86_400_000)];
  const codes = Array.from({ length: count }, () => {
    const coupons = [
      { couponId: uuidv7(), offerId, title: 'A dollar off milk', validTo: expiresAt.toISOString() },
    ];
    const code = {
      codeId: uuidv7(),
      keyId: generator.keyId,
      holderId: uuidv7(),
      mode: 'single-use',
      coupons,
    };
    const issued = { ...code, currency: 'USD', issuedAt, expiresAt };
    const content = generator.contentOf(issued, issuedAt.getTime());
    return { issued, hash: generator.hash(content), text: writeContent(content) };
  });
  const holders = codes.map(({ issued }) => issued.holderId);
  await admin.query(
    `INSERT INTO medium_registry.holder (holder_id, attributes) SELECT unnest($1::uuid[]), '{}'`,
    [holders],
  );
  await admin.query(
    `INSERT INTO medium_registry.coupon (coupon_id, holder_id, offer_id, acquisition_id)
     SELECT c.*, $3, gen_random_uuid() FROM unnest($1::uuid[], $2::uuid[]) AS c`,
    [codes.map(({ issued }) => issued.coupons[0].couponId), holders, offerId],
  );
  await admin.query(
    `INSERT INTO barcode.issued_code (code_id, code_hash, key_id, holder_id, mode, request, coupons, currency, issued_at, expires_at)
     SELECT c.code_id, c.code_hash, $5, c.holder_id, 'single-use', '\\x00', c.coupons, 'USD', $6, $7
     FROM unnest($1::uuid[], $2::bytea[], $3::uuid[], $4::jsonb[]) AS c (code_id, code_hash, holder_id, coupons)`,
    [
      codes.map(({ issued }) => issued.codeId),
      codes.map(({ hash }) => hash),
      holders,
      codes.map(({ issued }) => JSON.stringify(issued.coupons)),
      generator.keyId,
      issuedAt,
      expiresAt,
    ],
  );
  await admin.query('ANALYZE');
  return codes.map(({ text }) => text);
}

async function offer(admin, connection) {
  const offerId = randomUUID();
  const event = {
    ...{ offerId, version: 1, campaignId: randomUUID(), title: 'A dollar off milk' },
    terms: {
      currency: 'USD',
      requires: [{ productIds: ['milk'], quantity: 1 }],
      reward: { kind: 'amount-off', amount: 100n },
      funding: [{ party: 'manufacturer:614141', shareBps: 10_000 }],
    },
    conditions: {
      purposes: ['purchase'],
      validFrom: '2020-01-01T00:00:00Z',
      validTo: '2099-01-01T00:00:00Z',
    },
    approvedAt: new Date().toISOString(),
  };
  await new EventPublisher(connection, 'bench').publish({
    ...{ id: uuidv7(), subject: OfferApprovedV1.subject, source: 'urn:couplet:issuance' },
    ...{ time: new Date().toISOString(), body: JSON.stringify(z.encode(OfferApprovedV1.payload, event)) },
  });
  for (;;) {
    const { rowCount } = await admin.query('SELECT FROM medium_registry.offer WHERE offer_id = $1', [
      offerId,
    ]);
    if (rowCount === 1) return offerId;
    await sleep(20);
  }
}
