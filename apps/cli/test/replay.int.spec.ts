import { createPool } from '@couplet/postgres';
import { reconcile } from '../src/referee/reconcile.ts';
import { receiptsOf, startSampleSystem, type SampleSystem } from './sample-system.ts';

let system: SampleSystem;
beforeAll(async () => {
  system = await startSampleSystem();
}, 120_000);
afterAll(() => system?.stop(), 60_000);

it('loses and doubles nothing when analytics stops, 1,000 settlements happen, and it starts again', async () => {
  const { topology, journey } = system;
  await topology.services.stop('analytics');

  const { settled } = await system.replay('as-couplet', receiptsOf(journey, 1_000));
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
