import { createPool } from '@couplet/postgres';
import { reconcile } from '../src/referee/reconcile.ts';
import { startSampleSystem, type SampleSystem } from './sample-system.ts';

let system: SampleSystem;
beforeAll(async () => {
  system = await startSampleSystem();
}, 120_000);
afterAll(() => system?.stop(), 60_000);

/** The receipts of the sample again and again, each time as baskets of their own. */
function receipts(count: number) {
  const { receipts: sample } = system.journey;
  return Array.from({ length: count }, (_, index) => {
    const receipt = sample[index % sample.length]!;
    return { ...receipt, basketId: `${receipt.basketId}-${Math.floor(index / sample.length)}` };
  }).sort((a, b) => a.at.getTime() - b.at.getTime());
}

it('loses and doubles nothing when analytics stops, 1,000 settlements happen, and it starts again', async () => {
  const { topology } = system;
  await topology.services.stop('analytics');

  const { settled } = await system.replay('as-couplet', receipts(1_000));
  expect(
    settled.filter(({ answer }) => answer.kind === 'reply' && answer.reply.outcome === 'approved'),
  ).toHaveLength(1_000);
  expect(await settlementsInAnalytics()).toBe(0n);

  await topology.services.start('analytics');
  expect(await reconcile(topology, settled)).toEqual({ settlements: 1_000, underWay: [], differences: [] });
  expect(await settlementsInAnalytics()).toBe(1_000n);
}, 300_000);

async function settlementsInAnalytics(): Promise<bigint> {
  const admin = createPool(system.topology.adminUrl, { max: 1 });
  const { rows } = await admin.query<{ count: bigint }>('SELECT count(*) FROM analytics.settlement_fact');
  await admin.end();
  return rows[0]!.count;
}
