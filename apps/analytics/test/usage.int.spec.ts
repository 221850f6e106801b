import {
  CampaignCreatedV1,
  CreditsOwedV1,
  DailyUsageV1,
  DEAD_LETTER_STREAM,
  DiscountByPartyV1,
  OfferApprovedV1,
  requestSubject,
} from '@couplet/contracts';
import { applyStreams } from '@couplet/nats';
import { jest } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { deleteConsumers } from '../src/clients/event-streams.ts';
import { rebuild } from '../src/rebuild/rebuild.ts';
import { emptyFacts } from '../src/db/empty-facts.ts';
import {
  aCreditedSale,
  aCreditedScan,
  aScanAtOnce,
  anAbandonment,
  aSale,
  aSearch,
  DAY,
  eventsOf,
} from './sales.ts';
import { type Stack, startStack, until } from './stack.ts';

const ONE_DAY = { from: DAY, to: DAY };

jest.setTimeout(120_000);

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
  await stack.startAnalytics({ backOffMs: [10] });
});
afterAll(() => stack.stop());
beforeEach(() => emptyFacts(stack.pool));

it('[000-2] accumulates the result of every search, empty ones too, and every use of a coupon', async () => {
  await stack.publish([...eventsOf(aSale()), aSearch(), aSearch(), anAbandonment()]);
  await stack.allRead();

  expect(await stack.operator.request(DailyUsageV1, ONE_DAY, { timeoutMs: 5_000 })).toEqual({
    days: [
      {
        day: DAY,
        currency: 'USD',
        searches: 3,
        searchesEmpty: 2,
        couponsAcquired: 1,
        settlements: 1,
        abandoned: 1,
        couponsConsumed: 1,
        couponsRolledBack: 0,
        originalAmount: 386n,
        discount: 100n,
        amount: 286n,
        scans: 0,
        scanDiscount: 0n,
        credit: 0n,
      },
    ],
  });
  const { search_fact } = await stack.snapshot();
  expect(search_fact).toHaveLength(3);
});

it('[000-12] accumulates who used which coupon on which product, and who pays the discount', async () => {
  const sale = aSale();
  await stack.publish(eventsOf(sale));
  await stack.allRead();

  const { coupon_use_fact, coupon_use_line, settlement_fact } = await stack.snapshot();
  expect(coupon_use_fact).toMatchObject([
    {
      holder_id: sale.consumed.payload.holderId,
      attributes: { ageGroup: '35-44' },
      state: 'consumed',
      discount: 100n,
    },
  ]);
  expect(coupon_use_line).toMatchObject([{ product_id: '940996', quantity: '2', discount: 100n }]);
  expect(settlement_fact).toMatchObject([
    { state: 'granted', original_amount: 386n, discount: 100n, amount: 286n, captured_amount: 286n },
  ]);
  expect(await stack.operator.request(DiscountByPartyV1, ONE_DAY, { timeoutMs: 5_000 })).toEqual({
    parties: [
      { party: 'manufacturer:36200', currency: 'USD', discount: 60n, credit: 0n, uses: 1 },
      { party: 'store:309', currency: 'USD', discount: 40n, credit: 0n, uses: 1 },
    ],
  });
});

describe('what shoppers paid in full and are credited later', () => {
  const ask = { timeoutMs: 5_000 };
  const offerId = uuidv7();

  it('[003-82] is owed by offer and by who pays it, and no part of what tills took off', async () => {
    const approved = anOffer(offerId, '1 back');
    const scan = aCreditedScan(offerId);
    await stack.publish([approved, ...eventsOf(aSale()), scan.granted, scan.consumed, scan.consumedToo]);
    await stack.allRead();

    const owed = {
      party: 'manufacturer:36200',
      currency: 'USD',
      credit: 100n,
      paid: 0n,
      owed: 100n,
      uses: 1,
    };
    expect(await stack.operator.request(CreditsOwedV1, ONE_DAY, ask)).toEqual({
      credits: [{ offerId, title: '1 back', ...owed }],
    });
    expect(await stack.operator.request(DiscountByPartyV1, ONE_DAY, ask)).toEqual({
      parties: [
        { party: 'manufacturer:36200', currency: 'USD', discount: 110n, credit: 100n, uses: 3 },
        { party: 'store:309', currency: 'USD', discount: 40n, credit: 0n, uses: 1 },
      ],
    });
    expect(await stack.operator.request(DailyUsageV1, ONE_DAY, ask)).toMatchObject({
      days: [{ settlements: 1, discount: 100n, scans: 1, scanDiscount: 50n, credit: 100n }],
    });
  });

  it('[003-82] is paid once the card that paid the sale has it back, and no part of what tills took off', async () => {
    const sale = aCreditedSale(offerId);
    const credits = async () => (await stack.operator.request(CreditsOwedV1, ONE_DAY, ask)).credits;
    await stack.publish([anOffer(offerId, '1 back'), sale.granted, sale.consumed, sale.captured]);
    await stack.allRead();
    expect(await credits()).toMatchObject([{ credit: 100n, paid: 0n, owed: 100n, uses: 1 }]);

    await stack.publish([sale.credited]);
    await stack.allRead();
    expect(await credits()).toMatchObject([{ credit: 100n, paid: 100n, owed: 0n, uses: 1 }]);
    expect(await stack.operator.request(DiscountByPartyV1, ONE_DAY, ask)).toMatchObject({
      parties: [{ party: 'manufacturer:36200', discount: 0n, credit: 100n }],
    });
    expect(await stack.operator.request(DailyUsageV1, ONE_DAY, ask)).toMatchObject({
      days: [{ settlements: 1, discount: 0n, amount: 386n, credit: 100n }],
    });
  });

  it('is as much in any order, and nothing when the coupon was given back', async () => {
    const [kept, undone] = [aCreditedSale(offerId), aCreditedSale(offerId)];
    await stack.publish([kept.credited, undone.credited, undone.couponRolledBack]);
    await stack.allRead();
    await stack.publish([kept.consumed, kept.granted, undone.consumed]);
    await stack.allRead();

    expect(await stack.operator.request(CreditsOwedV1, ONE_DAY, ask)).toMatchObject({
      credits: [{ credit: 100n, paid: 100n, owed: 0n, uses: 1 }],
    });
  });

  it('[003-82] is owed of a scan that was final at once, and is told by the uses alone', async () => {
    const scan = aScanAtOnce(offerId);
    await stack.publish([scan.consumed, scan.consumedToo]);
    await stack.allRead();
    expect(await stack.operator.request(DailyUsageV1, ONE_DAY, ask)).toMatchObject({
      days: [{ couponsConsumed: 2, scans: 1, scanDiscount: 50n, credit: 100n }],
    });

    await stack.publish([scan.couponRolledBack, scan.rolledBack, scan.couponRolledBackToo]);
    await stack.allRead();
    expect(await stack.operator.request(CreditsOwedV1, ONE_DAY, ask)).toEqual({ credits: [] });
    expect(await stack.operator.request(DailyUsageV1, ONE_DAY, ask)).toMatchObject({
      days: [{ couponsConsumed: 2, couponsRolledBack: 2, scans: 0, scanDiscount: 0n, credit: 0n }],
    });
  });

  it('is owed no longer when the scan is voided, even if that is heard of first', async () => {
    const scan = aCreditedScan(offerId);
    await stack.publish([scan.rolledBack, scan.couponRolledBack, scan.couponRolledBackToo]);
    await stack.allRead();
    await stack.publish([scan.consumed, scan.consumedToo]);
    await stack.allRead();
    await stack.publish([scan.granted]);
    await stack.allRead();

    expect(await stack.operator.request(CreditsOwedV1, ONE_DAY, ask)).toEqual({ credits: [] });
    expect(await stack.operator.request(DailyUsageV1, ONE_DAY, ask)).toMatchObject({
      days: [{ couponsConsumed: 2, couponsRolledBack: 2, scans: 0, scanDiscount: 0n, credit: 0n }],
    });
    expect(await stack.snapshot()).toMatchObject({ scan_fact: [{ state: 'rolled-back', credit: 100n }] });
  });
});

it('takes a use out of amounts and parties when it is given back, even if that is heard of first', async () => {
  const sale = aSale();
  await stack.publish([sale.rolledBack, sale.couponRolledBack]);
  await stack.allRead();
  await stack.publish(eventsOf(sale));
  await stack.allRead();

  const { settlement_fact, coupon_use_fact } = await stack.snapshot();
  expect(settlement_fact).toMatchObject([{ state: 'rolled-back', amount: 286n }]);
  expect(coupon_use_fact).toMatchObject([{ state: 'rolled-back', discount: 100n }]);
  const { days } = await stack.operator.request(DailyUsageV1, ONE_DAY, { timeoutMs: 5_000 });
  expect(days).toMatchObject([
    { settlements: 0, couponsConsumed: 1, couponsRolledBack: 1, discount: 0n, amount: 0n },
  ]);
  expect(await stack.operator.request(DiscountByPartyV1, ONE_DAY, { timeoutMs: 5_000 })).toEqual({
    parties: [],
  });
});

it('changes nothing when every event is delivered again', async () => {
  await readFromTheStart();
  await stack.publish(Array.from({ length: 20 }, () => eventsOf(aSale())).flat());
  await stack.allRead();
  const before = await stack.snapshot();

  await deleteConsumers(stack.deployer);
  await applyStreams(stack.deployer);
  await stack.allRead();

  expect(await stack.snapshot()).toEqual(before);
});

it('lets no event it cannot store hold up others, and keeps that one as a dead letter', async () => {
  const { state: before } = await stack.streams.info(DEAD_LETTER_STREAM);
  const unstorable = { ...aCampaign(), title: 'NUL \u0000' };
  const sales = Array.from({ length: 30 }, () => aSale());
  await stack.publish([{ contract: CampaignCreatedV1, payload: unstorable }, ...sales.flatMap(eventsOf)]);
  await stack.allRead();

  const { settlement_fact, campaign_fact } = await stack.snapshot();
  expect(settlement_fact).toHaveLength(30);
  expect(campaign_fact).toEqual([]);
  const { state: after } = await stack.streams.info(DEAD_LETTER_STREAM);
  expect(after.messages - before.messages).toBe(1);
});

it('refuses a span that ends before it begins', async () => {
  const reply = await stack.operatorConnection.request(
    requestSubject(DailyUsageV1, 'operator'),
    JSON.stringify({ from: DAY, to: '2017-03-25' }),
    { timeout: 5_000 },
  );
  expect(reply.json()).toMatchObject({ code: 'invalid-request', errors: [{ field: 'to' }] });
});

describe('rebuild', () => {
  it('ends in identical facts and totals, twice in a row, while the service runs', async () => {
    await readFromTheStart();
    await stack.publish(Array.from({ length: 40 }, () => eventsOf(aSale())).flat());
    const undone = aSale();
    await stack.publish([...eventsOf(undone), undone.rolledBack, undone.couponRolledBack, aSearch()]);
    await stack.allRead();
    const before = await stack.snapshot();
    expect(before['settlement_fact']!.length).toBeGreaterThan(40);

    for (let time = 1; time <= 2; time++) {
      expect(await rebuild(stack.pool, stack.deployer)).toEqual({ expired: [] });
      await stack.allRead();
      expect(await stack.snapshot()).toEqual(before);
    }
  });

  it('changes nothing when a stream no longer has its first events, unless told to go on', async () => {
    await readFromTheStart();
    await stack.publish([{ contract: CampaignCreatedV1, payload: aCampaign() }, aSearch()]);
    await stack.allRead();
    const before = await stack.snapshot();
    await stack.streams.purge('EVENT_ISSUANCE');

    expect(await rebuild(stack.pool, stack.deployer)).toEqual({ expired: ['EVENT_ISSUANCE'] });
    expect(await stack.snapshot()).toEqual(before);

    await rebuild(stack.pool, stack.deployer, { discardExpired: true });
    await stack.allRead();
    const after = await stack.snapshot();
    expect(after).toEqual({ ...before, campaign_fact: [], offer_fact: [] });
  });
});

it('[000-2] loses and doubles nothing of 1,000 settlements that came while it was stopped, and again while it stopped', async () => {
  await stack.stopAnalytics();
  const sales = Array.from({ length: 1_000 }, () => aSale());
  await stack.publish(sales.flatMap(eventsOf));

  await stack.startAnalytics();
  await until(async () => (await stack.snapshot())['settlement_fact']!.length > 100);
  await stack.stopAnalytics();
  await stack.startAnalytics();
  await stack.allRead();

  const { days } = await stack.operator.request(DailyUsageV1, ONE_DAY, { timeoutMs: 5_000 });
  expect(days).toMatchObject([
    {
      searches: 1_000,
      settlements: 1_000,
      couponsConsumed: 1_000,
      originalAmount: 386_000n,
      amount: 286_000n,
    },
  ]);
  const { settlement_fact } = await stack.snapshot();
  expect(settlement_fact!.map((row) => (row as { captured_amount: bigint }).captured_amount)).toEqual(
    sales.map(() => 286n),
  );
});

/** Facts of every event that any test published, so that reading them all again can be compared. */
async function readFromTheStart(): Promise<void> {
  await rebuild(stack.pool, stack.deployer);
  await stack.allRead();
}

function anOffer(offerId: string, title: string) {
  const payload: OfferApprovedV1 = {
    ...{ offerId, title, version: 3, campaignId: uuidv7() },
    terms: {
      currency: 'USD',
      requires: [{ productIds: ['cereal'], quantity: 1 }],
      reward: { kind: 'amount-off', amount: 100n },
      funding: [{ party: 'manufacturer:36200', shareBps: 10_000 }],
    },
    conditions: {
      purposes: ['purchase'],
      validFrom: `${DAY}T00:00:00Z`,
      validTo: '2017-04-01T00:00:00Z',
      settledBy: 'statement-credit',
    },
    approvedAt: `${DAY}T00:00:00Z`,
  };
  return { contract: OfferApprovedV1, payload };
}

const aCampaign = () => ({
  campaignId: uuidv7(),
  title: 'Spring',
  startsAt: `${DAY}T00:00:00Z`,
  endsAt: '2017-04-01T00:00:00Z',
});
