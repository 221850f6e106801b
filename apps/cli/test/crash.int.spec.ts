import type { Service } from '@couplet/contracts';
import { FAILPOINTS as REGISTRY_FAILPOINTS } from '../../medium-registry/src/failpoints.ts';
import { FAILPOINTS as RELAY_FAILPOINTS } from '../../settlement-relay/src/failpoints.ts';
import { reconcile } from '../src/referee/reconcile.ts';
import type { Settled } from '../src/replay/settled.ts';
import { CrashTraffic } from './crash-traffic.ts';
import { startSampleSystem, type SampleSystem } from './sample-system.ts';

/** Short, so that what a crash leaves undecided is decided soon; in the order that the services insist on. */
const SETTINGS = {
  'settlement-relay': {
    SEARCH_DEADLINE_MS: '1000',
    ATTEMPT_DEADLINE_MS: '2500',
    RESERVATION_DEADLINE_MS: '4000',
    CONFIRM_DEADLINE_MS: '1500',
    CLOCK_SKEW_MS: '200',
    QUEUE_TIMEOUT_MS: '500',
    QUEUE_POLL_MS: '200',
    SWEEP_MS: '200',
  },
  'medium-registry': { RESOLVE_EVERY_MS: '200' },
};
/** Services without failpoints of their own are killed in the middle of the traffic, in turn. */
const OTHERS: readonly Service[] = ['network-simulator', 'analytics', 'issuance'];

let system: SampleSystem;
beforeAll(async () => {
  system = await startSampleSystem({ settings: SETTINGS });
}, 120_000);
afterAll(() => system?.stop(), 60_000);

it('ends in order after every service was killed at every step of the protocol', async () => {
  const traffic = new CrashTraffic(system);
  const told: Settled['answer'][] = [];
  const reached = new Set<string>();
  const rounds = Math.max(RELAY_FAILPOINTS.length, REGISTRY_FAILPOINTS.length);
  for (let round = 0; round < rounds; round++) {
    await traffic.leaveBehind(2);
    const armed = await Promise.all([
      arm('settlement-relay', RELAY_FAILPOINTS[round], REGISTRY_FAILPOINTS[round], reached),
      arm('medium-registry', REGISTRY_FAILPOINTS[round], undefined, reached),
    ]);
    const other = system.topology.services.of(OTHERS[round % OTHERS.length]!);
    const [answers] = await Promise.all([traffic.round(), other.kill().then(() => other.ready())]);
    told.push(...answers);
    for (const disarm of armed) await disarm();
  }

  const settled = told.map((answer) => ({ answer }) as Settled);
  const { settlements, underWay, differences } = await reconcile(system.topology, settled, 60_000);
  expect({ underWay, differences }).toEqual({ underWay: [], differences: [] });
  expect(settlements).toBeGreaterThan(rounds * 10);
  expect(
    [...RELAY_FAILPOINTS, ...REGISTRY_FAILPOINTS].filter((failpoint) => !reached.has(failpoint)),
  ).toEqual([]);
}, 900_000);

/**
 * Kills a service and starts it so that it kills itself at a failpoint; when it has, it is started again without.
 *
 * @returns waits for that, if it happens at all
 */
async function arm(
  service: Service,
  failpoint: string | undefined,
  beside: string | undefined,
  reached: Set<string>,
): Promise<() => Promise<void>> {
  const { services } = system.topology;
  if (!failpoint) return () => Promise.resolve();
  await services.crash(service);
  const settings = {
    COUPLET_FAILPOINT: failpoint,
    // The registry asks for the end of a settlement only while the relay has not decided it by itself.
    ...(service === 'settlement-relay' && beside?.startsWith('registry.resolved') && { SWEEP_MS: '60000' }),
  };
  let disarmed = false;
  const again = services
    .startOnce(service, settings)
    .then(({ exited }) => exited, killedAtStart)
    .then(async () => {
      if (!disarmed) reached.add(failpoint);
      await services.start(service);
    });
  return async () => {
    if (!reached.has(failpoint)) {
      disarmed = true;
      await services.crash(service);
    }
    await again;
  };
}

/** What lies there overdue is taken up before the service says that it is ready. */
function killedAtStart(error: Error): void {
  if (!error.message.includes('SIGKILL')) throw error;
}
