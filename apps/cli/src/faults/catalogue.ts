import type { Fault } from './dose.ts';
import { ANSWER_FAULTS } from './doses/answers.ts';
import { CARD_NUMBER_SEARCH } from './doses/card-numbers.ts';
import { CLOCK_FAULTS } from './doses/clocks.ts';
import { CRASH_FAULTS } from './doses/crashes.ts';
import { diskFaults } from './doses/disks.ts';
import { failpointFaults } from './doses/failpoints.ts';
import { OLDER_STORE_FAULTS } from './doses/older-store.ts';
import { PAUSE_FAULTS } from './doses/pauses.ts';
import { RACE_FAULTS } from './doses/races.ts';
import { WIRE_FAULTS } from './doses/wire.ts';

/** Every fault of the suite. */
export async function allFaults(): Promise<Fault[]> {
  return [
    ...(await failpointFaults()),
    ...CRASH_FAULTS,
    ...RACE_FAULTS,
    ...WIRE_FAULTS,
    ...ANSWER_FAULTS,
    ...OLDER_STORE_FAULTS,
    ...CLOCK_FAULTS,
    ...diskFaults(),
    ...PAUSE_FAULTS,
    CARD_NUMBER_SEARCH,
  ];
}
