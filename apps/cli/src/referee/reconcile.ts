import { createPool } from '@couplet/postgres';
import type { Settled } from '../replay/settled.ts';
import type { Topology } from '../topology/start-topology.ts';
import { readFacts } from './read-facts.ts';
import type { Difference } from './difference.ts';
import { referee } from './referee.ts';
import { untilAtRest } from './rest.ts';

export interface Reconciliation {
  settlements: number;
  underWay: string[];
  differences: Difference[];
}

/** Waits until everything is at rest, then compares row by row what every side remembers. */
export async function reconcile(
  topology: Topology,
  settled: readonly Pick<Settled, 'answer'>[],
  patienceMs = 120_000,
): Promise<Reconciliation> {
  const admin = createPool(topology.adminUrl, { applicationName: 'couplet demo', max: 2 });
  const operator = await topology.connect('operator');
  try {
    const underWay = await untilAtRest(admin, operator, patienceMs);
    const facts = await readFacts(admin, operator, settled);
    return { settlements: facts.journal.length, underWay, differences: referee(facts) };
  } finally {
    await operator.close();
    await admin.end();
  }
}
