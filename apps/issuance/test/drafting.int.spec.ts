import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
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
let issuance: RunningIssuance;
const campaign = aCampaign();

beforeAll(async () => {
  issuance = await startIssuance();
  await issuance.ask('import-products', { products: PRODUCTS });
  await issuance.ask('register-funding-parties', { parties: PARTIES });
  await issuance.ask('create-campaigns', { createdBy: 'ann', campaigns: [campaign] });
  await issuance.ask('register-stores', { stores: [{ storeId: '309', timeZone: 'America/New_York' }] });
}, 120_000);
afterAll(() => issuance.stop());

const draft = (...offers: Json[]) => issuance.ask('draft-from-coupons', { draftedBy: 'ann', offers });
const aPaper = (coupon: Json, over: Json = {}): Json => ({
  offerId: randomUUID(),
  campaignId: campaign.campaignId,
  title: 'On paper',
  coupon,
  products: [{ productIds: ['1', '2'] }],
  party: 'manufacturer:2',
  ...over,
});

describe('offers from paper coupons', () => {
  it('are drafts as any other: read, submitted, approved by a second person', async () => {
    const gs1 = aPaper({ kind: 'gs1-8110', data: '10614141654321325011010033012314300101' });
    const { conditions } = anOffer(campaign.campaignId);
    const upc = aPaper({ kind: 'upc-a', code: '53620012308' }, { conditions });
    expect(await draft(gs1, upc)).toMatchObject({
      drafted: 2,
      offers: [
        {
          terms: { reward: { kind: 'amount-off', amount: 250 } },
          conditions: { validFrom: '2030-01-01T00:00' },
        },
        { terms: { reward: { kind: 'amount-off', amount: 300 }, requires: [{ quantity: 2 }] }, conditions },
      ],
    });
    expect(await draft(gs1, upc)).toMatchObject({ drafted: 0 });
    const offerIds = [gs1['offerId'], upc['offerId']];
    expect(await issuance.ask('submit-offers', { submittedBy: 'ann', offerIds })).toEqual({ submitted: 2 });
    expect(await issuance.ask('approve-offers', { approvedBy: 'ann', offerIds })).toMatchObject({
      code: 'conflict',
    });
    expect(await issuance.ask('approve-offers', { approvedBy: 'cleo', offerIds })).toEqual({ approved: 2 });
  });

  it('are refused by the field, with what the code says', async () => {
    const broken = aPaper({ kind: 'gs1-8110', data: '1061' });
    const unvalued = aPaper({ kind: 'upc-a', code: '53620012300' });
    expect(await draft(broken, unvalued)).toMatchObject({
      code: 'invalid-request',
      errors: [
        { field: 'offers[0].coupon.data', detail: 'COUPON_TRUNCATED_GCP' },
        { field: 'offers[1].coupon.code', detail: 'value-not-encoded' },
      ],
    });
    const stranger = aPaper(
      { kind: 'gs1-8110', data: '10614141654321325011010033012314300101' },
      { party: 'nobody' },
    );
    expect(await draft(stranger)).toMatchObject({ errors: [{ field: 'offers[0].terms.funding[0].party' }] });
  });
});

describe('the code of a paper coupon', () => {
  const [upc, gs1] = [{ kind: 'upc-a', manufacturer: '36200', family: '123' }, { kind: 'gs1-8110' }];
  const write = (offerId: unknown, as: Json) => issuance.ask('write-coupon-code', { offerId, as });
  async function offerOf(coupon: Json): Promise<unknown> {
    const { conditions } = anOffer(campaign.campaignId);
    const days = { ...(conditions as Json), validFrom: '2030-01-01T00:00', validTo: '2031-01-01T00:00' };
    const offer = aPaper(coupon, { conditions: days });
    expect(await draft(offer)).toMatchObject({ drafted: 1 });
    return offer['offerId'];
  }

  it.each(['536200123084', '536200123558', '536200123336', '536200123145', '536200123619'])(
    'UPC-A %s is written as it was read',
    async (code) => {
      expect(await write(await offerOf({ kind: 'upc-a', code }), upc)).toEqual({ code });
      expect(await write(await offerOf({ kind: 'upc-a', code: code.slice(0, 11) }), upc)).toEqual({ code });
    },
  );

  it.each([
    ['with both dates', '10614141654321325011010033012314300101'],
    ['with its last day', '1061414165432132501101203301231'],
    ['off the whole order', '106141416543213500110000330123196000'],
    ['that no store may add to', '1061414165432132501101003301231430010190001'],
    ['for three purchases', '10360002777001275120512111103009214030101234563301231430010190101'],
  ])('AI (8110) %s is written as it was read', async (_what, data) => {
    expect(await write(await offerOf({ ...gs1, data }), { ...gs1, like: data })).toEqual({ code: data });
  });

  it('says what the offer became', async () => {
    const data = '10614141654321325011010033012314300101';
    const offerId = await offerOf({ ...gs1, data });
    const { version, campaignId, title, terms, conditions } = await issuance.ask('read-offer', { offerId });
    const revised = {
      ...{ offerId, version, campaignId, title },
      terms: { ...(terms as Json), reward: { kind: 'free-item', quantity: 1 } },
      conditions: { ...(conditions as Json), validTo: '2030-03-01T00:00' },
    };
    expect(await issuance.ask('revise-offers', { revisedBy: 'eve', offers: [revised] })).toEqual({
      revised: 1,
    });
    expect(await write(offerId, { ...gs1, like: data })).toEqual({
      code: '10614141654321' + '10' + '110100' + '3300228' + '4300101' + '91000',
    });
  });

  it('is refused by every term that it cannot say, and why', async () => {
    const terms = { reward: { kind: 'amount-off', amount: 105 }, usesPerBasket: 2 };
    const offer = anOffer(campaign.campaignId, ['1'], terms);
    await issuance.ask('draft-offers', { draftedBy: 'ann', offers: [offer] });
    expect(await write(offer.offerId, upc)).toMatchObject({
      code: 'conflict',
      detail: 'no upc-a code says this offer: see terms.reward.amount, terms.usesPerBasket',
      errors: [
        {
          field: 'terms.reward.amount',
          detail: expect.stringContaining('no value code takes 105 off 1; off 1 they take'),
        },
        { field: 'terms.usesPerBasket', detail: 'the code would say 1, not 2' },
      ],
    });
    expect(await write(offer.offerId, { ...gs1, like: '1061' })).toMatchObject({
      errors: [{ field: 'as.like', detail: 'COUPON_TRUNCATED_GCP' }],
    });
  });

  it('is printed by the command line', async () => {
    const offerId = String(await offerOf({ kind: 'upc-a', code: '53620012308' }));
    const couplet = (...args: string[]) =>
      promisify(execFile)(process.execPath, [COUPLET, 'coupon-code', offerId, ...args], {
        env: { ...process.env, NATS_URL: issuance.natsUrl },
      });
    expect(await couplet('--upc-a', '36200/123')).toMatchObject({ stdout: '536200123084\n' });
    const like = '10614141654321325011010033012314300101';
    expect(await couplet('--like', like)).toMatchObject({
      stdout: '10614141654321' + '3300' + '120100' + '33012314300101\n',
    });
    await expect(couplet()).rejects.toThrow('give --upc-a or --like');
    await expect(couplet('--like', '1061')).rejects.toThrow('COUPON_TRUNCATED_GCP');
  });

  it('is of an offer that there is, and asked for with what it needs', async () => {
    expect(await write(randomUUID(), upc)).toMatchObject({ code: 'not-found' });
    const half = await write(randomUUID(), { kind: 'upc-a', manufacturer: '3620', family: '123' });
    expect(half).toMatchObject({ code: 'invalid-request', errors: [{ field: 'as.manufacturer' }] });
  });
});

describe('a preview', () => {
  const offer = (conditions: Json = {}): Json => {
    const { offerId, terms, conditions: own } = anOffer(campaign.campaignId) as Json;
    return { offerId, terms, conditions: { ...(own as Json), ...conditions } };
  };
  const basket = (at: string, over: Json = {}): Json => ({
    basketId: randomUUID(),
    at,
    storeId: '309',
    currency: 'USD',
    lines: [{ lineId: '1', productId: '1', quantity: '1', unit: 'each', amount: 60, discountable: true }],
    ...over,
  });
  const preview = (offers: Json[], baskets: Json[], over: Json = {}) =>
    issuance.ask('preview-offers', { offers, baskets, ...over });

  it('says what an offer would have done, whatever the order of the baskets, and writes nothing', async () => {
    const days = ['2017-01-03', '2017-01-01', '2017-01-02'].map((day) => basket(`${day}T12:00:00Z`));
    const rows = 'SELECT count(*)::int FROM offer';
    const before = await issuance.rows(rows);
    expect(await preview([offer({ limits: { budget: 120 } })], days)).toMatchObject({
      offers: [
        {
          basketsTouched: 3,
          uses: 2,
          discount: 120,
          byParty: [{ party: 'manufacturer:2', amount: 120 }],
          budgetRanOutAt: '2017-01-03T12:00:00.000Z',
        },
      ],
    });
    expect(await issuance.rows(rows)).toEqual(before);
  });

  it("knows the clocks of registered stores, and takes a basket's own", async () => {
    const evenings = offer({ hours: [{ days: ['monday'], from: '18:00', to: '20:00' }] });
    const at = '2017-01-02T23:30:00Z';
    const baskets = [
      basket(at),
      basket(at, { storeId: 'x' }),
      basket(at, { storeId: 'x', timeZone: 'Asia/Tokyo' }),
    ];
    expect(await preview([evenings], baskets)).toMatchObject({ offers: [{ basketsTouched: 1 }] });
  });

  it('heeds dates when asked to', async () => {
    const baskets = [basket('2016-12-31T12:00:00Z'), basket('2017-01-01T12:00:00Z')];
    expect(await preview([offer()], baskets)).toMatchObject({ offers: [{ basketsTouched: 2 }] });
    expect(await preview([offer()], baskets, { heedDates: true })).toMatchObject({
      offers: [{ basketsTouched: 1 }],
    });
  });

  it('refuses what no till could have had, by its field', async () => {
    const line = { lineId: '1', productId: '1', quantity: '1', unit: 'each', amount: 60, discountable: true };
    const twice = basket('2017-01-01T12:00:00Z', { basketId: 'b7', lines: [line, line] });
    expect(await preview([offer()], [twice])).toMatchObject({
      code: 'invalid-request',
      errors: [{ field: 'baskets.b7' }],
    });
    const one = offer();
    expect(await preview([one, one], [basket('2017-01-01T12:00:00Z')])).toMatchObject({
      errors: [{ field: 'offers[1].offerId' }],
    });
  });
});
