import { cardNumbersIn } from '../../referee/card-numbers.ts';
import type { Fault } from '../dose.ts';

/** After all the others: what they left in databases, logs and streams. */
export const CARD_NUMBER_SEARCH: Fault = {
  name: 'card-numbers',
  row: 'search of all databases, logs and streams for card numbers',
  seeds: 1,
  afterAll: true,
  async run({ system }) {
    const { nats } = system.topology;
    const directories = [system.logDirectory, ...(nats.storeDirectory ? [nats.storeDirectory] : [])];
    const found = await cardNumbersIn(system.admin, directories);
    const violations = found.map(({ rule, says }) => `${rule}: ${Object.keys(says).join()}`);
    return { healedAt: performance.now(), cohorts: [], violations };
  },
};
