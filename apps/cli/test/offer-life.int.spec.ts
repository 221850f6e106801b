import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import {
  AcquireByCodeV1,
  AcquireCouponsV1,
  ApproveOffersV1,
  CodeBatchStatusV1,
  CreateCampaignsV1,
  DraftOffersV1,
  EndOffersV1,
  ImportProductsV1,
  OfferBody,
  PauseOffersV1,
  RegisterFundingPartiesV1,
  RegisterHoldersV1,
  RegisterStoresV1,
  ResumeOffersV1,
  ReturnOffersV1,
  SearchCouponsV1,
  SubmitOffersV1,
} from '@couplet/contracts';
import { createPool } from '@couplet/postgres';
import type { z } from 'zod';
import { Operator } from '../src/replay/operator.ts';
import { RELAY } from '../src/topology/nats-users.ts';
import { startTopology, type NatsConnection, type Topology } from '../src/topology/start-topology.ts';
import { WORKSPACE } from '../src/workspace.ts';
import { until } from './until.ts';

const PRODUCT = 'cereal';
const CAMPAIGN = randomUUID();
const COUPLET = path.join(WORKSPACE, 'apps/cli/dist/main.js');

let topology: Topology;
let operator: Operator;
let relay: NatsConnection;
let folder: string;
beforeAll(async () => {
  topology = await startTopology({ durable: false });
  operator = new Operator(await topology.connect('operator'));
  relay = await topology.connect(RELAY);
  folder = await mkdtemp(path.join(tmpdir(), 'couplet-offer-life-'));
  await operator.ask(ImportProductsV1, {
    products: [
      {
        productId: PRODUCT,
        manufacturer: '1',
        department: '',
        brand: '',
        category: '',
        type: '',
        packageSize: '',
      },
    ],
  });
  await operator.ask(RegisterFundingPartiesV1, {
    parties: [{ party: 'manufacturer:1', kind: 'manufacturer', title: 'Maker' }],
  });
  await operator.ask(CreateCampaignsV1, {
    createdBy: 'ada',
    campaigns: [
      {
        campaignId: CAMPAIGN,
        title: 'Spring',
        startsAt: '2026-01-01T00:00:00Z',
        endsAt: '2036-01-01T00:00:00Z',
        budget: { currency: 'USD', amount: 100_000n },
      },
    ],
  });
}, 120_000);
afterAll(async () => {
  await topology?.stop();
  if (folder) await rm(folder, { recursive: true });
}, 60_000);

/** A dollar off cereal in the window of today, by the clock of the store. */
function anOffer(conditions: object = {}): z.output<typeof OfferBody> {
  return OfferBody.parse({
    offerId: randomUUID(),
    campaignId: CAMPAIGN,
    title: '1.00 off cereal',
    terms: {
      currency: 'USD',
      requires: [{ productIds: [PRODUCT], quantity: 1 }],
      reward: { kind: 'amount-off', amount: 100 },
      funding: [{ party: 'manufacturer:1', shareBps: 10_000 }],
    },
    conditions: {
      purposes: ['purchase'],
      validFrom: '2026-01-01T00:00',
      validTo: '2036-01-01T00:00',
      limits: { budget: 1_000 },
      ...conditions,
    },
  });
}

const draft = (offer: z.output<typeof OfferBody>) =>
  operator.ask(DraftOffersV1, { draftedBy: 'ada', offers: [offer] });
const submit = (offerId: string) => operator.ask(SubmitOffersV1, { submittedBy: 'ada', offerIds: [offerId] });
const approve = (offerId: string, approvedBy = 'grace') =>
  operator.ask(ApproveOffersV1, { approvedBy, offerIds: [offerId] });

async function live(offer = anOffer()): Promise<string> {
  await draft(offer);
  await submit(offer.offerId);
  await approve(offer.offerId);
  await known();
  return offer.offerId;
}

async function aHolder(): Promise<{
  holderId: string;
  pointCard: { kind: 'point-card'; scheme: string; id: string };
}> {
  const holderId = randomUUID();
  const pointCard = { kind: 'point-card' as const, scheme: 'grocer', id: holderId.slice(-12) };
  await operator.ask(RegisterHoldersV1, { holders: [{ holderId, attributes: {}, media: [pointCard] }] });
  return { holderId, pointCard };
}

const acquire = (holderId: string, offerId: string) =>
  operator.ask(AcquireCouponsV1, {
    acquisitionId: randomUUID(),
    holderId,
    channel: 'mobile',
    acquiredAt: new Date().toISOString(),
    offerIds: [offerId],
  });
const acquireByCode = (holderId: string, code: string, acquisitionId: string = randomUUID()) =>
  operator.ask(AcquireByCodeV1, {
    acquisitionId,
    holderId,
    channel: 'mobile',
    acquiredAt: new Date().toISOString(),
    code,
  });

/** Resolves when the registry has taken in everything that issuance has told so far. */
async function known(): Promise<void> {
  const registry = createPool(topology.adminUrl, { applicationName: 'test', max: 1 });
  const missing = `SELECT FROM issuance.outbox o WHERE NOT EXISTS (
    SELECT FROM medium_registry.inbox i WHERE i.event_id = o.id) AND o.subject ~ 'offer-|stores-'`;
  await until(async () => (await registry.query(missing)).rowCount === 0);
  await registry.end();
}

interface Sale {
  discount: number;
  couponSearch: string;
}

/** A purchase paid in cash at a store, with a point card. */
async function settle(pointCard: object, storeId = '301', purpose = 'purchase'): Promise<Sale> {
  const body = {
    attemptId: randomUUID(),
    storeId,
    terminalId: '1',
    presentedAt: new Date().toISOString(),
    media: [pointCard],
    purpose,
    currency: 'USD',
    amount: 386,
    lines: [
      { lineId: '1', productId: PRODUCT, quantity: '1', unit: 'each', amount: 386, discountable: true },
    ],
  };
  const subject = `couplet.request.settlement-relay.settle.v1.${RELAY}`;
  return (await relay.request(subject, JSON.stringify(body), { timeout: 20_000 })).json<Sale>();
}

async function found(holder: {
  pointCard: { kind: 'point-card'; scheme: string; id: string };
}): Promise<number> {
  const { coupons } = await operator.ask(SearchCouponsV1, {
    searchId: randomUUID(),
    media: [holder.pointCard],
    purpose: 'purchase',
    presentedAt: new Date().toISOString(),
    limit: 50,
  });
  return coupons.length;
}

it('lives from draft to its end on the whole system; no till finds it before it is approved, while it is paused, or after', async () => {
  await operator.ask(RegisterStoresV1, { stores: [{ storeId: '301', timeZone: 'America/New_York' }] });
  const holder = await aHolder();
  const offer = anOffer();
  const { offerId } = offer;

  await draft(offer);
  await expect(approve(offerId)).rejects.toThrow('must be submitted first');
  await submit(offerId);
  await operator.ask(ReturnOffersV1, { returnedBy: 'grace', reason: 'look again', offerIds: [offerId] });
  await submit(offerId);
  await expect(approve(offerId, 'ada')).rejects.toThrow('was written by ada');
  await expect(acquire(holder.holderId, offerId)).rejects.toThrow('is not live');
  expect(await settle(holder.pointCard)).toMatchObject({ discount: 0, couponSearch: 'none' });

  await approve(offerId);
  await known();
  for (let coupons = 0; coupons < 3; coupons++) await acquire(holder.holderId, offerId);
  expect(await settle(holder.pointCard)).toMatchObject({ discount: 100, couponSearch: 'found' });

  await operator.ask(PauseOffersV1, { pausedBy: 'grace', reason: 'sold out', offerIds: [offerId] });
  await known();
  expect([await settle(holder.pointCard), await found(holder)]).toMatchObject([{ discount: 0 }, 0]);
  await operator.ask(ResumeOffersV1, { resumedBy: 'grace', offerIds: [offerId] });
  await known();
  expect(await settle(holder.pointCard)).toMatchObject({ discount: 100 });

  await operator.ask(EndOffersV1, { endedBy: 'grace', reason: 'over', offerIds: [offerId] });
  await known();
  expect([await settle(holder.pointCard), await found(holder)]).toMatchObject([{ discount: 0 }, 0]);
  await expect(acquire(holder.holderId, offerId)).rejects.toThrow('has ended');
}, 60_000);

it('is found at a store whose clock is known, and at no other when its window is local', async () => {
  await operator.ask(RegisterStoresV1, { stores: [{ storeId: '301', timeZone: 'America/New_York' }] });
  const holder = await aHolder();
  const offerId = await live();
  await acquire(holder.holderId, offerId);
  await acquire(holder.holderId, offerId);
  expect(await settle(holder.pointCard, 'unknown-store')).toMatchObject({ discount: 0 });
  expect(await settle(holder.pointCard)).toMatchObject({ discount: 100 });
});

it('gives two purposes different results for one holder', async () => {
  const holder = await aHolder();
  const instants = { validFrom: '2026-01-01T00:00:00Z', validTo: '2036-01-01T00:00:00Z' };
  const rental = anOffer({ ...instants, purposes: ['rental'] });
  await acquire(holder.holderId, await live(anOffer(instants)));
  await acquire(
    holder.holderId,
    await live({ ...rental, terms: { ...rental.terms, reward: { kind: 'amount-off', amount: 30n } } }),
  );
  expect(await settle(holder.pointCard, '301', 'rental')).toMatchObject({ discount: 30 });
  expect(await settle(holder.pointCard, '301', 'purchase')).toMatchObject({ discount: 100 });
  expect(await settle(holder.pointCard, '301', 'purchase')).toMatchObject({ discount: 0 });
});

describe('[000-4] [000-14] what a coupon is', () => {
  const instants = { validFrom: '2026-01-01T00:00:00Z', validTo: '2036-01-01T00:00:00Z' };
  const rewards = {
    'a discount of a price': { kind: 'amount-off', amount: 100n },
    'a discount of a rate': { kind: 'percent-off', rateBps: 1_000 },
    'a gift': { kind: 'benefit', benefit: { kind: 'gift', productId: PRODUCT, quantity: 1 } },
    points: { kind: 'benefit', benefit: { kind: 'points', scheme: 'grocer', points: 500 } },
    'an upgrade': { kind: 'benefit', benefit: { kind: 'upgrade', to: 'first-class' } },
    'a ticket': { kind: 'benefit', benefit: { kind: 'ticket', event: 'matinee', admits: 2 } },
  } as const;

  it.each(Object.entries(rewards))('may be %s, used once', async (_what, reward) => {
    const offer = anOffer(instants);
    const holder = await aHolder();
    await acquire(holder.holderId, await live({ ...offer, terms: { ...offer.terms, reward } }));

    const [used, again] = [await settle(holder.pointCard), await settle(holder.pointCard)];

    const discount = reward.kind === 'amount-off' ? 100 : reward.kind === 'percent-off' ? 39 : 0;
    const benefits = reward.kind === 'benefit' ? [{ offerId: offer.offerId, benefit: reward.benefit }] : [];
    expect(used).toMatchObject({ couponSearch: 'found', discount, benefits });
    expect(again).toMatchObject({ couponSearch: 'none', discount: 0, benefits: [] });
  });
});

describe('unique codes', () => {
  const couplet = async (...args: string[]) => {
    const { url, user, password } = topology.accessOf('operator');
    const env = { ...process.env, NATS_URL: url, NATS_USER: user, NATS_PASSWORD: password };
    return promisify(execFile)(process.execPath, [COUPLET, ...args], { env }).catch(
      (failed: { stdout: string; stderr: string; code: number }) => failed,
    );
  };
  const generate = (offerId: string, ...args: string[]) =>
    couplet('codes', 'generate', '--offer', offerId, '--by', 'ada', ...args);

  it('are generated, exported, and each gives one holder one coupon, which the till finds', async () => {
    const offerId = await live(
      anOffer({
        limits: { budget: 1_000 },
        validFrom: '2026-01-01T00:00:00Z',
        validTo: '2036-01-01T00:00:00Z',
      }),
    );
    const { stdout } = await generate(offerId, '--count', '30000', '--prefix', 'SPR', '--json');
    const batch = CodeBatchStatusV1.reply.parse(JSON.parse(stdout));
    expect(batch).toMatchObject({ state: 'done', written: 30_000, entropyBits: 50 });
    const file = path.join(folder, 'codes.csv');
    await couplet('codes', 'export', batch.batchId, '--out', file, '--by', 'ada');
    const [heading, ...lines] = (await readFile(file, 'utf8')).trimEnd().split('\n');
    expect(heading).toBe('code,claimed_at');
    expect(lines).toHaveLength(30_000);

    const code = lines[0]!.replace(',', '').toLowerCase();
    const holders = await Promise.all(Array.from({ length: 50 }, aHolder));
    const outcomes = await Promise.allSettled(holders.map(({ holderId }) => acquireByCode(holderId, code)));
    const winners = holders.filter((_, index) => outcomes[index]!.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    expect(await settle(winners[0]!.pointCard)).toMatchObject({ discount: 100 });

    const { stdout: status } = await couplet('codes', 'status', batch.batchId);
    expect(status).toMatch(/claimed {3}1\n/);
    await couplet('codes', 'export', batch.batchId, '--out', file, '--by', 'ada');
    expect(await readFile(file, 'utf8')).toMatch(new RegExp(`^${code.toUpperCase()},20.*Z$`, 'm'));
  }, 60_000);

  it('of elsewhere are imported, and every line that cannot be taken is named', async () => {
    const offerId = await live(
      anOffer({ validFrom: '2026-01-01T00:00:00Z', validTo: '2036-01-01T00:00:00Z' }),
    );
    const file = path.join(folder, 'own.csv');
    await writeFile(file, 'name,voucher\nAnn,WELCOME-1\nBob,"no code!"\nCleo,WELCOME-2\n');
    const imported = await couplet(
      'codes',
      'import',
      file,
      '--offer',
      offerId,
      '--by',
      'ada',
      '--column',
      'voucher',
    );
    expect(imported).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('2 codes imported, 0 there before, 1 refused.'),
      stderr: expect.stringContaining('line 3: malformed'),
    });
    const { holderId } = await aHolder();
    expect(await acquireByCode(holderId, 'welcome 2')).toMatchObject({ offerId });
    await expect(acquireByCode(holderId, 'welcome 2')).rejects.toThrow('already-used');
  }, 30_000);

  it('are refused with a reason that people can read', async () => {
    const offerId = await live();
    expect(
      await generate(offerId, '--count', '6000', '--length', '4', '--alphabet', 'digits', '--prefix', 'N'),
    ).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Ask for longer codes.'),
    });
  }, 30_000);
});
