import {
  startNats,
  startPostgres,
  startProcess,
  type RunningNats,
  type RunningPostgres,
} from '@couplet/infra';
import { connectNats, RequestClient, RequestTimeout } from '@couplet/nats';
import { ScriptV1 } from '@couplet/contracts';
import type { NatsConnection } from '@nats-io/transport-node';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PROGRAM = join(import.meta.dirname, 'program', 'main.mjs');

let nats: RunningNats;
let postgres: RunningPostgres;
let databaseUrl: string;
let connection: NatsConnection;
let operator: RequestClient;

beforeAll(async () => {
  [nats, postgres] = await Promise.all([startNats(), startPostgres()]);
  databaseUrl = (await postgres.provision(['network-simulator']))['network-simulator'];
  connection = await connectNats({ url: nats.url, name: 'operator' });
  operator = new RequestClient(connection, 'operator');
}, 120_000);
afterAll(async () => {
  await connection?.close();
  await Promise.all([nats?.stop(), postgres?.stop()]);
});

const start = (env: Record<string, string> = {}) =>
  startProcess({
    name: 'program',
    args: [PROGRAM],
    env: { NATS_URL: nats.url, DATABASE_URL: databaseUrl, ...env },
    readyTimeoutMs: 15_000,
  });
const script = () => operator.request(ScriptV1, {}, { timeoutMs: 5_000 });

describe('a service in its own process', () => {
  it('says ready once it answers, and takes settings from files', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'couplet-config-'));
    await writeFile(join(directory, 'url'), `${databaseUrl}\n`);
    const program = await start({ DATABASE_URL: '', DATABASE_URL_FILE: join(directory, 'url') });
    await rm(directory, { recursive: true });
    expect(await script()).toEqual({ faults: 0 });
    expect(program.output().join('\n')).not.toContain(new URL(databaseUrl).password);
    await program.stop();
  }, 30_000);

  it('on SIGTERM answers what it has, then ends with 0', async () => {
    const program = await start({ HANDLER_MS: '300' });
    const answer = script();
    while (!program.output().some((line) => line.includes('in the handler'))) await connection.flush();
    const exit = await program.kill('SIGTERM');
    expect(await answer).toEqual({ faults: 0 });
    expect(exit).toEqual({ code: 0, signal: null });
    expect(program.output().join('\n')).toContain('"msg":"stopped"');
  }, 30_000);

  it('dies at its failpoint as in a power cut', async () => {
    const program = await start({ COUPLET_FAILPOINT: 'in-the-handler' });
    const answer = operator.request(ScriptV1, {}, { timeoutMs: 300 });
    await expect(answer).rejects.toThrow(RequestTimeout);
    expect(await program.exited).toEqual({ code: null, signal: 'SIGKILL' });
  }, 30_000);

  it('with a wrong configuration tells all of it at once and ends with 78', async () => {
    const failed = start({ NATS_URL: 'http://localhost', DATABASE_URL: '', LOG_LEVEL: 'loud' });
    await expect(failed).rejects.toThrow(/NATS_URL must be[\s\S]*DATABASE_URL is missing[\s\S]*LOG_LEVEL/);
  }, 30_000);

  it('with a wrong password of the database ends instead of waiting', async () => {
    const wrong = new URL(databaseUrl);
    wrong.password = 'wrong';
    await expect(start({ DATABASE_URL: wrong.href })).rejects.toThrow(/28P01/);
  }, 30_000);
});
