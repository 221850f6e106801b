import {
  CampaignCreatedV1,
  DailyUsageV1,
  DEAD_LETTER_STREAM,
  DiscountByPartyV1,
  requestSubject,
} from '@couplet/contracts';
import { applyStreams } from '@couplet/nats';
import { jest } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { deleteConsumers } from '../src/clients/event-streams.ts';
import { rebuild } from '../src/rebuild/rebuild.ts';
import { emptyFacts } from '../src/db/empty-facts.ts';
import { anAbandonment, aSale, aSearch, DAY, eventsOf } from './sales.ts';
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
      { party: 'manufacturer:36200', currency: 'USD', discount: 60n, uses: 1 },
      { party: 'store:309', currency: 'USD', discount: 40n, uses: 1 },
    ],
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
    expect(after).toEqual({ ...before, campaign_fact: [] });
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

const aCampaign = () => ({
  campaignId: uuidv7(),
  title: 'Spring',
  startsAt: `${DAY}T00:00:00Z`,
  endsAt: '2017-04-01T00:00:00Z',
});
