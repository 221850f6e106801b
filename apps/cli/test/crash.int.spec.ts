import type { Service } from '@couplet/contracts';
import { FAILPOINTS as ANALYTICS_FAILPOINTS } from '../../analytics/src/failpoints.ts';
import { FAILPOINTS as ISSUANCE_FAILPOINTS } from '../../issuance/src/failpoints.ts';
import { FAILPOINTS as REGISTRY_FAILPOINTS } from '../../medium-registry/src/failpoints.ts';
import { FAILPOINTS as NETWORK_FAILPOINTS } from '../../network-simulator/src/failpoints.ts';
import { FAILPOINTS as RELAY_FAILPOINTS } from '../../settlement-relay/src/failpoints.ts';
import { reconcile } from '../src/referee/reconcile.ts';
import type { Settled } from '../src/replay/settled.ts';
import { CrashTraffic } from './crash-traffic.ts';
import { LeftBehind } from './left-behind.ts';
import { receiptsOf, startSampleSystem, type SampleSystem } from './sample-system.ts';

/** Short, so that what a crash leaves undecided is decided soon; in the order that the services insist on. */
const SETTINGS = {
  'settlement-relay': {
    SEARCH_DEADLINE_MS: '1000',
    ATTEMPT_DEADLINE_MS: '2500',
    RESERVATION_DEADLINE_MS: '3000',
    CONFIRM_DEADLINE_MS: '1500',
    CLOCK_SKEW_MS: '200',
    QUEUE_TIMEOUT_MS: '500',
    QUEUE_POLL_MS: '200',
    // Longer than the registry waits, so that some ends are asked for by the registry, and some decided by the sweeper.
    SWEEP_MS: '6000',
  },
  'medium-registry': { RESOLVE_EVERY_MS: '200' },
};
const BASKETS_AT_ONCE = 50;
/** Rounds of traffic in which a failpoint must come up. */
const ROUNDS_MAX = 12;

let system: SampleSystem;
let leftBehind: LeftBehind;
let kills = 0;
beforeAll(async () => {
  system = await startSampleSystem({ settings: SETTINGS });
  leftBehind = new LeftBehind(system.topology.adminUrl);
}, 120_000);
afterAll(async () => {
  await leftBehind?.close();
  await system?.stop();
}, 60_000);

it('ends in order after every service was killed at every step of the protocol during a replay', async () => {
  const traffic = new CrashTraffic(system);
  const walks = [
    new Walk('settlement-relay', RELAY_FAILPOINTS, traffic),
    new Walk('medium-registry', REGISTRY_FAILPOINTS, traffic),
    new Walk('network-simulator', NETWORK_FAILPOINTS, traffic),
    new Walk('analytics', ANALYTICS_FAILPOINTS, traffic),
    new Walk('issuance', ISSUANCE_FAILPOINTS, traffic),
  ];
  for (const walk of walks) walk.start();
  const replaying = replayWhile(() => walks.some(({ over }) => !over));
  const told: Settled['answer'][] = [];
  while (walks.some(({ over }) => !over)) {
    const [answers] = await Promise.all([traffic.round(), killOneOf(walks.filter(({ over }) => over))]);
    told.push(...answers);
    for (const walk of walks) walk.checkPace();
  }

  const replayed = await replaying;
  expect(replayed.filter(({ answer }) => answer.kind !== 'reply')).toEqual([]);
  const settled = [...replayed, ...told.map((answer) => ({ answer }) as Settled)];
  const { settlements, underWay, differences } = await reconcile(system.topology, settled, 120_000);
  expect({ underWay, differences }).toEqual({ underWay: [], differences: [] });
  expect(settlements).toBeGreaterThanOrEqual(settled.length);
}, 900_000);

/** Services that are through with their failpoints are killed in the middle of the traffic, in turn. */
async function killOneOf(walked: readonly Walk[]): Promise<void> {
  const next = walked[kills++ % walked.length];
  if (!next) return;
  const service = system.topology.services.of(next.service);
  await service.kill();
  await service.ready();
}

/** Replays the sample's baskets, over and over; every request is repeated until it is answered. */
async function replayWhile(wanted: () => boolean): Promise<Settled[]> {
  const settled: Settled[] = [];
  for (let series = 0; wanted(); series++) {
    const receipts = receiptsOf(system.journey, BASKETS_AT_ONCE, `${series}.`);
    settled.push(...(await system.replay('as-couplet', receipts)).settled);
  }
  return settled;
}

/** Starts a service so that it kills itself at a failpoint, and when it has, for the next one; in the end without. */
class Walk {
  over = false;
  private failure: unknown;
  private at: string | undefined;
  private since = 0;

  constructor(
    readonly service: Service,
    private readonly failpoints: readonly string[],
    private readonly traffic: CrashTraffic,
  ) {}

  start(): void {
    this.run().catch((error: unknown) => (this.failure = error));
  }

  /** @throws if the walk failed, or the traffic does not bring the service to its failpoint */
  checkPace(): void {
    if (this.failure) throw this.failure;
    if (!this.over && this.traffic.rounds - this.since > ROUNDS_MAX) {
      throw new Error(`${this.service} was not at ${this.at} in ${ROUNDS_MAX} rounds of traffic`);
    }
  }

  private async run(): Promise<void> {
    const { services } = system.topology;
    for (const failpoint of this.failpoints) {
      [this.at, this.since] = [failpoint, this.traffic.rounds];
      // While the relay is up its handlers and the registry leave the sweeper little to do.
      if (failpoint.startsWith('sweeper.')) await leftBehind.crashWithOverdue(services, failpoint);
      else await services.crash(this.service);
      await services
        .startOnce(this.service, { COUPLET_FAILPOINT: failpoint })
        .then(({ exited }) => exited, killedAtStart);
    }
    await services.start(this.service);
    this.over = true;
  }
}

/** What lies there overdue is taken up before the service says that it is ready. */
function killedAtStart(error: Error): void {
  if (!error.message.includes('SIGKILL')) throw error;
}
