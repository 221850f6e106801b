import { createPool } from '@couplet/postgres';
import { untilAtRest } from '../referee/rest.ts';
import type { Topology } from '../topology/start-topology.ts';

const PATIENCE_MS = 120_000;

/**
 * Approved offers reach the registry as events; an acquisition before that would be refused.
 *
 * @throws if they have not arrived in two minutes, with what is under way
 */
export async function untilOffersAreKnown(topology: Topology): Promise<void> {
  const admin = createPool(topology.adminUrl, { applicationName: 'couplet demo', max: 1 });
  const operator = await topology.connect('operator');
  try {
    const underWay = await untilAtRest(admin, operator, PATIENCE_MS);
    if (underWay.length > 0)
      throw new Error(
        `The registry does not know all offers yet: ${underWay.join(', ')}. --keep leaves the logs of the services.`,
      );
  } finally {
    await operator.close();
    await admin.end();
  }
}
