import { CouponConsumedV1 } from '@couplet/contracts';
import { wholeReads } from '@couplet/infra';
import { find } from '../src/db/find.ts';
import type { Statement } from './counted-pool.ts';
import { abandoned, Gathering, granted, offOf } from './gathering.ts';
import { aReserve } from './samples.ts';
import { type Stack, until } from './stack.ts';

let gathering: Gathering;
let stack: Stack;
beforeAll(async () => {
  gathering = await Gathering.start();
  ({ stack } = gathering);
}, 120_000);
afterAll(() => gathering.stop());

describe('sixty-four settlements at once', () => {
  it('cost hardly more statements than one, and one commit, to reserve and to end', async () => {
    const offer = await stack.offer({
      conditions: { limits: { uses: 3_200, budget: 320_000n, usesPerHolder: 9 } },
    });
    const holders = await gathering.holders(65, offer);
    const [first, ...others] = holders.map(({ point }) => aReserve({ media: [point] }));

    const one = await gathering.ranBy(() => gathering.reserve([first!]));
    const all = await gathering.ranBy(() => gathering.reserve(others));
    expect(all.result.every(({ couponSearch }) => couponSearch === 'found')).toBe(true);
    expect(all.ran.length).toBeLessThanOrEqual(one.ran.length);
    expect(times('COMMIT', all.ran)).toBe(1);
    // Both limits of the offer: one row each, for all sixty-four.
    expect(rowsOf('registry.escrow-move', all.ran)).toBe(2);

    const oneEnd = await gathering.ranBy(() => gathering.end([granted(one.result[0]!)]));
    const allEnds = await gathering.ranBy(() => gathering.end(all.result.map(granted)));
    expect(allEnds.ran.length).toBeLessThanOrEqual(oneEnd.ran.length);
    expect(times('COMMIT', allEnds.ran)).toBe(1);
    expect(await gathering.told(CouponConsumedV1, others)).toBe(64);
    expect(await stack.escrowLeft(offer.offerId)).toEqual({ uses: 3_135n, budget: 313_500n });
    expect(await stack.unbalanced()).toEqual([]);
  });

  it('read nothing that cannot matter', async () => {
    const requests = (await gathering.holders(3, await stack.offer())).map(({ point }) =>
      aReserve({ media: [point] }),
    );

    const { ran } = await gathering.ranBy(() => gathering.reserve(requests));

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

it('searches thousands of held coupons by index before anything is priced', async () => {
  const [milk, other] = [await stack.offer(), await stack.offer(offOf('bread'))];
  const holder = await stack.holder(milk, ...Array.from({ length: 1_999 }, () => other));

  const { result, ran } = await gathering.ranBy(() =>
    find(gathering.registry, [{ by: { media: [holder.point] }, productIds: ['milk', 'eggs'] }]),
  );

  expect(result.found[0]!.candidates.map(({ couponId }) => couponId)).toEqual([holder.couponIds[0]]);
  const { text, values } = ran.find(({ name }) => name === 'registry.candidates')!;
  const plan = await planOf(`EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, values);
  const reads = nodesOf(plan).filter((node) => node['Relation Name'] === 'coupon');
  expect(reads).toMatchObject([{ 'Node Type': 'Index Scan', 'Actual Rows': 1, 'Actual Loops': 1 }]);
  expect(reads[0]!['Rows Removed by Filter'] ?? 0).toBe(0);
});

it('reads no table whole, also by what is planned while tables are empty', async () => {
  const statements = new Map(gathering.counted.ran.map((one) => [one.name, one]));
  for (const verb of ['BEGIN', 'COMMIT']) statements.delete(verb);
  expect(await wholeReads(stack.pool, statements.values())).toEqual([]);
  expect(statements.size).toBeGreaterThan(12);
});

it('changes rows where they are: what a redemption changes is in no index, and there is room on the page', async () => {
  const offer = await stack.offer({ conditions: { limits: { uses: 6_400, budget: 640_000n } } });
  const others = Array.from({ length: 9 }, () => offer); // Nobody uses all that he has at once.
  for (let batch = 0; batch < 8; batch++) {
    const requests = (await gathering.holders(64, offer, ...others)).map(({ point }) =>
      aReserve({ media: [point] }),
    );
    const answers = await gathering.reserve(requests);
    await gathering.end(answers.map((answer, index) => (index % 2 ? granted(answer) : abandoned(answer))));
  }
  await gathering.counted.pool.query('SELECT pg_stat_force_next_flush()');

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

function times(name: string, ran: readonly Statement[]): number {
  return ran.filter((one) => one.name === name).length;
}

function rowsOf(name: string, ran: readonly Statement[]): number {
  return ran.filter((one) => one.name === name).reduce((sum, { rows }) => sum + rows, 0);
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
