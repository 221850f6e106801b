import {
  CouponConsumedV1,
  CouponRolledBackV1,
  CouponsSearchedV1,
  type OfferApprovedV1,
} from '@couplet/contracts';
import type { OutboxRelay } from '@couplet/outbox';
import { v7 as uuidv7 } from 'uuid';
import { find } from '../src/db/find.ts';
import { OfferCache } from '../src/db/offers.ts';
import type { Registry } from '../src/db/registry.ts';
import { Reserver } from '../src/db/reserve.ts';
import { takeTogether } from '../src/db/take-together.ts';
import { priceTogether } from '../src/domain/price-together.ts';
import { Remaining } from '../src/domain/remaining.ts';
import type { ReserveAnswer, ReserveRequest } from '../src/domain/reservation-plan.ts';
import { FIRST_ROUND } from '../src/domain/round.ts';
import type { SettlementEnd } from '../src/domain/settlement-end.ts';
import { EndApplier } from '../src/handlers/end-applier.ts';
import { countedPool, type Statement } from './counted-pool.ts';
import { aReserve } from './samples.ts';
import { type Holder, Stack, until } from './stack.ts';

let stack: Stack;
let counted: ReturnType<typeof countedPool>;
let registry: Registry;
let reserver: Reserver;
let ends: EndApplier;
beforeAll(async () => {
  stack = await Stack.start();
  counted = countedPool(stack.databaseUrl);
  registry = aRegistry();
  reserver = new Reserver(registry);
  ends = anEndApplier(registry);
}, 120_000);
afterAll(async () => {
  await counted.pool.end();
  await stack.stop();
});

describe('sixty-four settlements at once', () => {
  it('cost hardly more statements than one, and one commit, to reserve and to end', async () => {
    const offer = await stack.offer({
      conditions: { limits: { uses: 3_200, budget: 320_000n, usesPerHolder: 9 } },
    });
    const holders = await holdersOf(65, offer);
    const [first, ...others] = holders.map(({ point }) => aReserve({ media: [point] }));

    const one = await ranBy(() => reserve([first!]));
    const all = await ranBy(() => reserve(others));
    expect(all.result.every(({ couponSearch }) => couponSearch === 'found')).toBe(true);
    expect(all.ran.length).toBeLessThanOrEqual(one.ran.length);
    expect(times('COMMIT', all.ran)).toBe(1);
    // Both limits of the offer: one row each, for all sixty-four.
    expect(rowsOf('registry.escrow-move', all.ran)).toBe(2);

    const oneEnd = await ranBy(() => end([granted(one.result[0]!)]));
    const allEnds = await ranBy(() => end(all.result.map(granted)));
    expect(allEnds.ran.length).toBeLessThanOrEqual(oneEnd.ran.length);
    expect(times('COMMIT', allEnds.ran)).toBe(1);
    expect(await told(CouponConsumedV1, others)).toBe(64);
    expect(await stack.escrowLeft(offer.offerId)).toEqual({ uses: 3_135n, budget: 313_500n });
    expect(await stack.unbalanced()).toEqual([]);
  });

  it('read nothing that cannot matter', async () => {
    const requests = (await holdersOf(3, await stack.offer())).map(({ point }) =>
      aReserve({ media: [point] }),
    );

    const { ran } = await ranBy(() => reserve(requests));

    expect(ran.map(({ name }) => name).filter((name) => !name.startsWith('outbox'))).toEqual([
      'registry.holders-presented',
      'registry.candidates',
      ...(times('registry.load-offers', ran) > 0 ? ['registry.load-offers'] : []),
      'BEGIN',
      'registry.claim',
      'registry.hold-coupons',
      'registry.keep-reservations',
      'COMMIT',
    ]);
  });
});

describe('one batch', () => {
  it('gives a coupon of several uses to as many settlements as it has uses', async () => {
    const holder = await stack.holder(await stack.offer());
    const [couponId] = holder.couponIds as [string];
    await stack.pool.query('UPDATE coupon SET uses_left = 5 WHERE coupon_id = $1', [couponId]);

    const answers = await reserve(Array.from({ length: 8 }, () => aReserve({ media: [holder.point] })));

    expect(answers.filter(isFound)).toHaveLength(5);
    expect(await stack.couponState(couponId)).toEqual({ usesLeft: 0, held: 5, used: 0 });
    await end(answers.map(({ settlementId }) => ({ settlementId, end: { kind: 'abandoned' } })));
    expect(await stack.couponState(couponId)).toEqual({ usesLeft: 5, held: 0, used: 0 });
    await stack.pool.query('UPDATE coupon SET uses_left = 1 WHERE coupon_id = $1', [couponId]);
  });

  it('gives the last uses under a limit to those who came first, and tells the others', async () => {
    const offer = await stack.offer({ conditions: { limits: { uses: 3 } } });
    const requests = (await holdersOf(8, offer)).map(({ point }) => aReserve({ media: [point] }));

    const answers = await reserve(requests);

    expect(answers.map(isFound)).toEqual([true, true, true, false, false, false, false, false]);
    expect(answers.at(-1)!.refused).toMatchObject([{ offerId: offer.offerId, reason: 'limit-reached' }]);
    expect(await stack.escrowLeft(offer.offerId)).toEqual({ uses: 0n });
  });

  it('holds a limit per holder', async () => {
    const offer = await stack.offer({ conditions: { limits: { usesPerHolder: 2 } } });
    const holder = await stack.holder(offer, offer, offer, offer);

    const answers = await reserve(Array.from({ length: 6 }, () => aReserve({ media: [holder.point] })));

    expect(answers.map(isFound)).toEqual([true, true, false, false, false, false]);
    expect(new Set(answers.filter(isFound).map(({ coupons }) => coupons[0]!.couponId)).size).toBe(2);
    expect(answers.at(-1)!.refused).toMatchObject([{ reason: 'limit-reached' }, { reason: 'limit-reached' }]);
  });

  it('answers a settlement that is in it twice once, and tells of it once', async () => {
    const holder = await stack.holder(await stack.offer());
    const request = aReserve({ media: [holder.point] });
    const other = aReserve({ media: [holder.point] });

    const [first, none, repeated] = await reserve([request, other, request]);

    expect(first).toMatchObject({ couponSearch: 'found' });
    expect(none).toMatchObject({ couponSearch: 'none' });
    expect(repeated).toEqual(first);
    expect(await told(CouponsSearchedV1, [request])).toBe(1);
  });

  it('does not let a repeat keep from another what it takes no more', async () => {
    const offer = await stack.offer();
    const holder = await stack.holder(offer);
    const early = aReserve({ media: [holder.point] });
    await reserve([early]);
    await end([{ settlementId: early.settlementId, end: { kind: 'abandoned' } }]);

    const [again, other] = await reserve([early, aReserve({ media: [holder.point] })]);

    expect(again).toMatchObject({ couponSearch: 'none' });
    expect(other).toMatchObject({ couponSearch: 'found' });
  });

  it('refuses a settlement that ends while it is priced, and prices again who got less because of it', async () => {
    const holder = await stack.holder(await stack.offer());
    const [ended, other] = [aReserve({ media: [holder.point] }), aReserve({ media: [holder.point] })];
    const priced = await price([ended, other]);
    await end([{ settlementId: ended.settlementId, end: { kind: 'abandoned' } }]);

    const outcomes = await takeTogether(registry, priced);

    expect(outcomes).toEqual([
      { answer: expect.objectContaining({ couponSearch: 'none', coupons: [] }) },
      { again: FIRST_ROUND },
    ]);
    expect(await stack.couponState(holder.couponIds[0]!)).toEqual({ usesLeft: 1, held: 0, used: 0 });
    expect(await reserve([other])).toMatchObject([{ couponSearch: 'found' }]);
  });

  it('takes nothing of a settlement that was priced with what another took meanwhile', async () => {
    const one = await stack.holder(await stack.offer());
    const two = await stack.holder(await stack.offer(offOf('bread')));
    const slow = aReserve({ media: [one.point, two.point], products: ['milk', 'bread'] });
    const priced = await price([slow]);
    await reserve([aReserve({ media: [two.point], products: ['bread'] })]);

    const outcomes = await takeTogether(registry, priced);

    expect(outcomes).toEqual([{ again: { number: 1, droppedOffers: new Set() } }]);
    expect(await stack.couponState(one.couponIds[0]!)).toEqual({ usesLeft: 1, held: 0, used: 0 });
    expect(await stack.reservationStates(slow.settlementId)).toEqual([]);
    expect(await reserve([slow])).toMatchObject([{ coupons: [{ couponId: one.couponIds[0] }] }]);
  });

  it('gives an error to the one it belongs to', async () => {
    const offer = await stack.offer();
    const [one, two] = await holdersOf(2, offer);
    const broken = { ...aReserve({ media: [one!.point] }), settlementId: 'none' };
    const fine = aReserve({ media: [two!.point] });

    const [failed, answered] = await Promise.allSettled(
      [broken, fine].map((one) => reserver.reserve(one, 'barcode')),
    );

    expect(failed).toMatchObject({ status: 'rejected' });
    expect(answered).toMatchObject({ status: 'fulfilled', value: { couponSearch: 'found' } });
  });
});

describe('ends in one batch', () => {
  it.each([
    { order: ['granted', 'rolled-back'], events: { consumed: 1, rolledBack: 1 } },
    { order: ['rolled-back', 'granted'], events: { consumed: 0, rolledBack: 0 } },
  ])('of one settlement are applied in the order in which they came: $order', async ({ order, events }) => {
    const holder = await stack.holder(
      await stack.offer({ conditions: { limits: { uses: 4, budget: 400n } } }),
    );
    const request = aReserve({ media: [holder.point] });
    const [answer] = await reserve([request]);
    const rolledBack: SettlementEnd = { kind: 'rolled-back', keptCouponIds: [], at: request.presentedAt };
    const told1 = { granted: granted(answer!).end, 'rolled-back': rolledBack };

    const { ran } = await ranBy(() =>
      end(
        order.map((kind) => ({ settlementId: request.settlementId, end: told1[kind as keyof typeof told1] })),
      ),
    );

    expect(times('COMMIT', ran)).toBe(1);
    expect(await stack.couponState(holder.couponIds[0]!)).toEqual({ usesLeft: 1, held: 0, used: 0 });
    expect(await told(CouponConsumedV1, [request])).toBe(events.consumed);
    expect(await told(CouponRolledBackV1, [request])).toBe(events.rolledBack);
    expect(await stack.unbalanced()).toEqual([]);
  });

  it('are applied once when one event is in it twice', async () => {
    const holder = await stack.holder(await stack.offer());
    const [answer] = await reserve([aReserve({ media: [holder.point] })]);
    const { settlementId, end: grant } = granted(answer!);
    const eventId = uuidv7();
    const twice = [1, 2].map(() => ({ eventId, settlementId, step: 'granted' as const, end: grant }));

    await Promise.all(twice.map((one) => ends.apply(one)));

    expect(await stack.couponState(holder.couponIds[0]!)).toEqual({ usesLeft: 0, held: 0, used: 1 });
    expect(await told(CouponConsumedV1, [answer!])).toBe(1);
  });
});

it('searches thousands of held coupons by index before anything is priced', async () => {
  const [milk, other] = [await stack.offer(), await stack.offer(offOf('bread'))];
  const holder = await stack.holder(milk, ...Array.from({ length: 1_999 }, () => other));

  const { result, ran } = await ranBy(() =>
    find(registry, [{ by: { media: [holder.point] }, productIds: ['milk', 'eggs'] }]),
  );

  expect(result.found[0]!.candidates.map(({ couponId }) => couponId)).toEqual([holder.couponIds[0]]);
  const { text, values } = ran.find(({ name }) => name === 'registry.candidates')!;
  const plan = await planOf(`EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, values);
  const reads = nodesOf(plan).filter((node) => node['Relation Name'] === 'coupon');
  expect(reads).toMatchObject([{ 'Node Type': 'Index Scan', 'Actual Rows': 1, 'Actual Loops': 1 }]);
  expect(reads[0]!['Rows Removed by Filter'] ?? 0).toBe(0);
});

it('finds rows by index, also in tables that are small when their statements are prepared', async () => {
  await stack.pool.query('ANALYZE');
  const statements = new Map(counted.ran.map((one) => [one.name, one]));
  for (const { name, text } of statements.values()) {
    if (!name.startsWith('registry.')) continue;
    const plan = await planOf(`EXPLAIN (GENERIC_PLAN, FORMAT JSON) ${text}`);
    const whole = nodesOf(plan).filter((node) => node['Node Type'] === 'Seq Scan');
    expect({ name, whole }).toEqual({ name, whole: [] });
  }
  expect(statements.size).toBeGreaterThan(12);
});

it('changes rows where they are: what a redemption changes is in no index, and there is room on the page', async () => {
  const offer = await stack.offer({ conditions: { limits: { uses: 6_400, budget: 640_000n } } });
  const others = Array.from({ length: 9 }, () => offer); // Nobody uses all that he has at once.
  for (let batch = 0; batch < 8; batch++) {
    const requests = (await holdersOf(64, offer, ...others)).map(({ point }) => aReserve({ media: [point] }));
    const answers = await reserve(requests);
    await end(answers.map((answer, index) => (index % 2 ? granted(answer) : abandoned(answer))));
  }
  await counted.pool.query('SELECT pg_stat_force_next_flush()');

  const updates = async () => {
    const { rows } = await stack.pool.query<{ what: string; updates: bigint; hot: bigint }>(`
      SELECT relname AS what, n_tup_upd AS updates, n_tup_hot_upd AS hot FROM pg_stat_user_tables
      WHERE relname IN ('coupon', 'coupon_usage', 'escrow_slot', 'reservation_set', 'reservation')`);
    return rows;
  };
  await until(async () => (await updates()).every(({ updates }) => updates > 0n));
  for (const { what, updates: all, hot } of await updates())
    expect({ what, all, hot, isHot: Number(hot) >= 0.9 * Number(all) }).toMatchObject({ isHot: true });
}, 60_000);

it('balances its books and never deadlocks when two replicas reserve and end in batches', async () => {
  const offers = await Promise.all([
    stack.offer({ ...offOf('p1'), conditions: { limits: { uses: 40 } } }),
    stack.offer({ ...offOf('p2'), conditions: { limits: { budget: 4_050n } } }),
    stack.offer({ ...offOf('p3'), conditions: { limits: { usesPerHolder: 3, uses: 60, budget: 5_000n } } }),
    stack.offer(offOf('p4')),
  ]);
  const holders = await Promise.all(
    Array.from({ length: 6 }, () => stack.holder(...offers, ...offers, ...offers, ...offers, ...offers)),
  );
  const replicas = [1, 2].map(() => {
    const replica = { ...registry, offers: new OfferCache() };
    return { reserver: new Reserver(replica), ends: anEndApplier(replica) };
  });
  const deadlocksBefore = await stack.deadlocks();

  const answers = await Promise.all(
    Array.from({ length: 240 }, async (_, index) => {
      const [one, other] = [holders[index % 6]!, holders[(index * 5 + 1) % 6]!];
      const request = aReserve({ media: [one.point, other.credit], products: ['p4', 'p3', 'p2', 'p1'] });
      const at = replicas[index % 2]!;
      const isEarly = index % 12 === 0; // The end overtakes the reserve.
      if (isEarly) void at.ends.apply(anEnd(abandoned(request)));
      const [answer, repeated] = await Promise.all([
        at.reserver.reserve(request, 'settlement-relay'),
        index % 5 === 0
          ? replicas[1 - (index % 2)]!.reserver.reserve(request, 'settlement-relay')
          : undefined,
      ]);
      if (repeated && !isEarly) expect(repeated).toEqual(answer);
      await Promise.all(
        [
          index % 3 === 0 ? abandoned(answer) : granted(answer),
          ...(index % 4 === 0 ? [rolledBack(answer)] : []),
        ].map((told, n) => replicas[(index + n) % 2]!.ends.apply(anEnd(told))),
      );
      return answer;
    }),
  );

  expect(answers.some(isFound)).toBe(true);
  expect((await stack.deadlocks()) - deadlocksBefore).toBe(0n);
  expect(await stack.unbalanced()).toEqual([]);
}, 60_000);

function aRegistry(): Registry {
  return { pool: counted.pool, offers: new OfferCache(), reached: () => undefined };
}

function anEndApplier(of: Registry): EndApplier {
  return new EndApplier(of, { wake: () => undefined } as unknown as OutboxRelay);
}

function reserve(requests: readonly ReserveRequest[]): Promise<ReserveAnswer[]> {
  return Promise.all(requests.map((request) => reserver.reserve(request, 'settlement-relay')));
}

/** As a batch is when it has been priced and nothing is taken yet. */
async function price(requests: readonly ReserveRequest[]) {
  const sought = requests.map(({ media }) => ({ by: { media }, productIds: ['milk', 'bread'] }));
  const { found, usesOfCoupon, allowances } = await find(registry, sought);
  const baskets = requests.map((request, index) => ({ request, round: FIRST_ROUND, ...found[index]! }));
  return priceTogether(baskets, new Remaining(usesOfCoupon, allowances)).map((priced) => ({
    ...priced,
    decider: 'settlement-relay' as const,
  }));
}

interface Ended {
  settlementId: string;
  end: SettlementEnd;
}

async function end(ended: readonly Ended[]): Promise<void> {
  await Promise.all(ended.map((one) => ends.apply(anEnd(one))));
}

function anEnd(ended: Ended) {
  return { ...ended, eventId: uuidv7(), step: 'granted' as const };
}

function granted({ settlementId, coupons }: ReserveAnswer): Ended {
  return { settlementId, end: { kind: 'granted', couponIds: coupons.map(({ couponId }) => couponId) } };
}

function abandoned({ settlementId }: { settlementId: string }): Ended {
  return { settlementId, end: { kind: 'abandoned' } };
}

function rolledBack({ settlementId }: { settlementId: string }): Ended {
  return { settlementId, end: { kind: 'rolled-back', keptCouponIds: [], at: '2026-05-10T12:00:00Z' } };
}

function holdersOf(count: number, ...offers: OfferApprovedV1[]): Promise<Holder[]> {
  return Promise.all(Array.from({ length: count }, () => stack.holder(...offers)));
}

async function ranBy<Result>(work: () => Promise<Result>): Promise<{ result: Result; ran: Statement[] }> {
  const before = counted.ran.length;
  const result = await work();
  return { result, ran: counted.ran.slice(before) };
}

function times(name: string, ran: readonly Statement[]): number {
  return ran.filter((one) => one.name === name).length;
}

function rowsOf(name: string, ran: readonly Statement[]): number {
  return ran.filter((one) => one.name === name).reduce((sum, { rows }) => sum + rows, 0);
}

async function told(
  contract: typeof CouponConsumedV1 | typeof CouponRolledBackV1 | typeof CouponsSearchedV1,
  of: readonly { settlementId: string }[],
): Promise<number> {
  const events = await Promise.all(of.map(({ settlementId }) => stack.told(contract, settlementId)));
  return events.flat().length;
}

function isFound({ couponSearch }: ReserveAnswer): boolean {
  return couponSearch === 'found';
}

function offOf(productId: string) {
  return { terms: { requires: [{ productIds: [productId], quantity: 1 }] } };
}

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: PlanNode[];
}

async function planOf(text: string, values: readonly unknown[] = []): Promise<PlanNode> {
  const { rows } = await stack.pool.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(text, [...values]);
  return rows[0]!['QUERY PLAN'][0].Plan;
}

function nodesOf(plan: PlanNode): PlanNode[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}
