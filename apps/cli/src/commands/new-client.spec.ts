import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { jest } from '@jest/globals';
import { program } from '../program.ts';

let directory: string;
beforeEach(() => (directory = mkdtempSync(path.join(tmpdir(), 'couplet-client-'))));
afterEach(() => {
  rmSync(directory, { recursive: true });
  jest.restoreAllMocks();
});

async function newClient(...args: string[]): Promise<Record<string, unknown>> {
  const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
  await program().parseAsync(['new-client', ...args], { from: 'user' });
  return JSON.parse(String(log.mock.calls[0]![0])) as Record<string, unknown>;
}

it('keeps the private half for its client alone, and registers the public one', async () => {
  const key = path.join(directory, 'key');
  const entry = await newClient(
    'store-309',
    '--scope',
    'store',
    '--store',
    '309',
    '--relay',
    'sim',
    '--key',
    key,
  );
  const kept = JSON.parse(readFileSync(key, 'utf8')) as Record<string, unknown>;
  expect(statSync(key).mode & 0o777).toBe(0o600);
  expect(entry).toMatchObject({ clientId: 'store-309', scopes: ['store'], storeId: '309', relay: 'sim' });
  const { d, ...publicHalf } = kept;
  expect(d).toEqual(expect.any(String));
  expect(entry['keys']).toEqual([publicHalf]);
});

it('never overwrites a key', async () => {
  const key = path.join(directory, 'key');
  await newClient('ada', '--scope', 'marketing', '--key', key);
  const before = readFileSync(key, 'utf8');
  await expect(newClient('ada', '--scope', 'marketing', '--key', key)).rejects.toThrow(/EEXIST/);
  expect(readFileSync(key, 'utf8')).toBe(before);
});
