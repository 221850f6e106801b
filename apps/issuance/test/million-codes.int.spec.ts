import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import {
  aCampaign,
  anOffer,
  type Json,
  PARTIES,
  PRODUCTS,
  type RunningIssuance,
  startIssuance,
} from './running-issuance.ts';

const COUPLET = path.join(import.meta.dirname, '../../cli/dist/main.js');
const PATIENCE_MS = 600_000;
const COUNT = 1_000_000;
/** Ten million codes there could be: a tenth of what is drawn is taken already at the end, and is drawn anew. */
const SHAPE = { prefix: 'MAY', length: 7, alphabet: 'digits' };

let issuance: RunningIssuance;
let folder: string;
let offers: { made: string; imported: string };
let started: Json;
let standings: Json[];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'couplet-million-codes-'));
  issuance = await startIssuance();
  await issuance.ask('import-products', { products: PRODUCTS });
  await issuance.ask('register-funding-parties', { parties: PARTIES });
  const campaign = aCampaign();
  await issuance.ask('create-campaigns', { createdBy: 'ann', campaigns: [campaign] });
  const drafts = [anOffer(campaign.campaignId), anOffer(campaign.campaignId)];
  await issuance.ask('draft-offers', { draftedBy: 'ann', offers: drafts });
  offers = { made: drafts[0]!.offerId, imported: drafts[1]!.offerId };

  started = await generate(COUNT);
  standings = [started];
  while (standings.at(-1)!['state'] === 'running') {
    await sleep(100);
    standings.push(await issuance.ask('code-batch-status', { batchId: started['batchId'] }));
  }
}, PATIENCE_MS);
afterAll(async () => {
  await issuance?.stop();
  if (folder) await rm(folder, { recursive: true });
}, 60_000);

const generate = (count: number) =>
  issuance.ask('generate-codes', {
    ...{ batchId: randomUUID(), requestedBy: 'ann', offerId: offers.made, count },
    ...SHAPE,
  });
const couplet = (...args: string[]) =>
  promisify(execFile)(process.execPath, [COUPLET, 'codes', ...args, '--by', 'ann'], {
    env: { ...process.env, NATS_URL: issuance.natsUrl },
  });
const file = (name: string) => path.join(folder, name);

it('are made by one request, with progress, and how hard they are to guess is stated', () => {
  const written = standings.map((standing) => standing['written'] as number);
  expect(written).toEqual(written.toSorted((a, b) => a - b));
  expect(new Set(written).size).toBeGreaterThan(10);
  expect(started).toMatchObject({ state: 'running', count: COUNT, written: 0 });
  // A seven-digit number is worth 23.3 bits, and a million of ten are codes.
  expect(standings.at(-1)).toMatchObject({
    ...{ state: 'done', count: COUNT, written: COUNT, claimed: 0 },
    ...{ entropyBits: 23.3, guessesPerHit: '10' },
  });
});

it(
  'go out as CSV, a million different ones, and come in as CSV for another offer',
  async () => {
    await couplet('export', String(started['batchId']), '--out', file('made.csv'));
    const [heading, ...lines] = (await readFile(file('made.csv'), 'utf8')).trimEnd().split('\n');
    expect(heading).toBe('code,claimed_at');
    expect(lines.filter((line) => !/^MAY\d{7},$/.test(line))).toEqual([]);
    expect(new Set(lines).size).toBe(COUNT);

    const theirs = lines.map((line) => line.replace('MAY', 'Own-')).join('\n');
    await writeFile(file('own.csv'), `${heading}\n${theirs}\n`);
    const { stdout } = await couplet('import', file('own.csv'), '--offer', offers.imported, '--json');
    const imported = JSON.parse(stdout) as Json;
    expect(imported).toMatchObject({ imported: COUNT, known: 0, refused: 0 });
    expect(await issuance.ask('code-batch-status', { batchId: imported['batchId'] })).toMatchObject({
      ...{ offerId: offers.imported, kind: 'imported', state: 'done' },
      ...{ count: COUNT, written: COUNT },
    });
  },
  PATIENCE_MS,
);

it('never fill more than half of the codes there could be', async () => {
  expect(await generate(4_000_001)).toMatchObject({
    code: 'conflict',
    detail:
      'of 10000000 codes of this shape 1000000 are in use; 4000001 more would be over half. Ask for longer codes.',
  });
  expect(await generate(4_000_000)).toMatchObject({ state: 'running', guessesPerHit: '2' });
  expect(await generate(1)).toMatchObject({ detail: expect.stringContaining('5000000 are in use; 1 more') });
});
