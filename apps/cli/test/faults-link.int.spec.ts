import { startNats, type RunningNats } from '@couplet/infra';
import { connectNats } from '@couplet/nats';
import { setTimeout as sleep } from 'node:timers/promises';
import { bothWays, startLink, type Link } from '../src/faults/link/start-link.ts';
import type { NatsConnection } from '../src/topology/start-topology.ts';
import { until } from './until.ts';

const MESSAGES = 200;

let nats: RunningNats;
let link: Link;
let near: NatsConnection;
let far: NatsConnection;
beforeAll(async () => {
  nats = await startNats();
});
afterAll(() => nats?.stop(), 30_000);

beforeEach(async () => {
  link = await startLink({ target: nats.url, seed: 7 });
  [near, far] = await Promise.all([
    connectNats({ url: nats.url, name: 'near' }),
    connectNats({ url: link.url, name: 'far' }),
  ]);
});
afterEach(async () => {
  await Promise.all([near.close(), far.close()]);
  await link.close();
});

it('passes everything on in order while nothing is wrong with it', async () => {
  const heard = await listen();
  publish();
  await until(async () => heard.length === MESSAGES);
  expect(heard).toEqual(numbers());
  expect(link.stats).toMatchObject({ passed: MESSAGES, dropped: 0, duplicated: 0, reordered: 0 });
});

it('drops the share it was told, and the same messages for the same seed', async () => {
  link.set({ down: { drop: 0.3 } });
  const heard = await listen();
  publish();
  await until(async () => link.stats.passed + link.stats.dropped === MESSAGES);
  link.heal();
  near.publish('numbers', 'last');
  await until(async () => heard.at(-1) === 'last');

  const lost = numbers().filter((number) => !heard.includes(number));
  expect(lost).toHaveLength(link.stats.dropped);
  expect(lost.slice(0, 5)).toEqual(['0', '1', '7', '10', '11']);
});

it('doubles and mixes messages without breaking one', async () => {
  link.set({ down: { duplicate: 0.5, reorder: 0.5, strayMs: 20 } });
  const heard = await listen();
  publish();
  await until(
    async () => heard.length === MESSAGES + link.stats.duplicated && link.stats.passed === MESSAGES,
  );

  expect(link.stats.duplicated).toBeGreaterThan(0);
  expect(heard).not.toEqual([...heard].sort((a, b) => Number(a) - Number(b)));
  expect(new Set(heard)).toEqual(new Set(numbers()));
});

it('keeps the order of what it delays', async () => {
  link.set(bothWays({ delayMs: { min: 5, max: 40 } }));
  const heard = await listen();
  publish();
  await until(async () => heard.length === MESSAGES);
  expect(heard).toEqual(numbers());
});

it('leaves other subjects alone', async () => {
  link.set({ down: { drop: 1, subjects: ['other.'] } });
  const heard = await listen('other.one');
  near.publish('other.one', '');
  publish();
  await until(async () => heard.length === MESSAGES);
  expect(link.stats.dropped).toBe(1);
});

it('swallows everything while it is half open, keeps the connection, and passes on what comes after', async () => {
  const heard = await listen();
  link.set(bothWays({ halfOpen: true }));
  near.publish('numbers', 'lost');
  await expect(far.request('anything', '', { timeout: 200 })).rejects.toThrow();
  expect(far.isClosed()).toBe(false);
  link.heal();
  near.publish('numbers', 'heard');
  await until(async () => heard.length > 0);
  expect(heard).toEqual(['heard']);
});

it('ends connections while it is cut, and takes new ones when it is whole again', async () => {
  const heard = await listen();
  link.set({ cut: true });
  await until(async () => (await far.rtt().catch(() => undefined)) === undefined);
  link.heal();
  await until(async () => {
    near.publish('numbers', 'back');
    return heard.includes('back');
  });
});

it('strands the connections of now without closing them; new ones work', async () => {
  await far.flush();
  link.strand();
  const ping = far.rtt().then(
    () => 'answered',
    () => 'answered',
  );
  expect(await Promise.race([ping, sleep(300, 'silence')])).toBe('silence');
  const another = await connectNats({ url: link.url, name: 'another' });
  await another.flush();
  await another.close();
});

const numbers = () => Array.from({ length: MESSAGES }, (_, index) => `${index}`);

function publish(): void {
  for (const number of numbers()) near.publish('numbers', number);
}

/** What arrives of the numbers at the far end of the link. @param subject also listened to */
async function listen(subject?: string): Promise<string[]> {
  const heard: string[] = [];
  far.subscribe('numbers', { callback: (_, message) => void heard.push(message.string()) });
  if (subject !== undefined) far.subscribe(subject, { callback: () => undefined });
  await far.flush();
  return heard;
}
