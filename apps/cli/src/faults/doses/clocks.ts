import { SERVICES } from '@couplet/contracts';
import type { DoseContext, Fault, Healing } from '../dose.ts';
import { preloading } from '../preload/preloading.ts';
import { SALE_NAMES } from '../traffic/sales.ts';

const MINUTES = [5, -5];
/** A deadline of a confirmation that was set by a clock ahead comes five minutes after healing. */
const KINDS = SALE_NAMES.filter((name) => name !== 'forgotten');

/** One service has the wrong time. */
export const CLOCK_FAULTS: readonly Fault[] = SERVICES.flatMap((service) =>
  MINUTES.map((minutes): Fault => ({
    name: `clock:${service}:${minutes > 0 ? 'ahead' : 'behind'}`,
    row: 'the clock of a service five minutes ahead, or behind',
    seeds: 1,
    among: { phase: 'clocks', lane: 'all' },
    async run({ system }: DoseContext): Promise<Healing> {
      const { services } = system.topology;
      await services.startOnce(service, {
        ...preloading('shift-clock'),
        COUPLET_CLOCK_SHIFT_MS: String(minutes * 60_000),
      });
      const cohort = await system.traffic.sell(KINDS);
      await cohort.answers.catch(() => undefined);
      await services.startOnce(service, {});
      return { healedAt: performance.now(), cohorts: [cohort] };
    },
  })),
);
