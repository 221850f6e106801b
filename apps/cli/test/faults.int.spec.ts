import { allFaults } from '../src/faults/catalogue.ts';
import type { Fault } from '../src/faults/dose.ts';
import { pick, randomOf } from '../src/faults/random.ts';
import { repeatCommand } from '../src/faults/report.ts';
import { CaseFile, runGroup } from '../src/faults/run-doses.ts';
import { startFaultSystem, type FaultSystem } from '../src/faults/system.ts';

/** FAULTS_SEED repeats a run; each run of the tests takes another. `npm run faults` gives every dose. */
const SEED = Number(process.env['FAULTS_SEED'] ?? Date.now() % 100_000);
const STEPS = 4;
const ALWAYS = [
  'kill:settlement-relay',
  'kill:postgres',
  'kill:nats',
  'race:coupon',
  'race:budget',
  'race:attempt',
];

let system: FaultSystem;
beforeAll(async () => {
  system = await startFaultSystem();
}, 120_000);
afterAll(() => system?.stop(), 60_000);

it(`breaks no rule under a handful of faults, seed ${SEED}`, async () => {
  const caseFile = new CaseFile(system);
  // One after the other, so that all of them wait only once until everything is at rest.
  const doses = (await someFaults()).map((fault) => ({ fault, seed: SEED }));
  const results = await runGroup(system, [doses], caseFile, () => undefined);
  const broken = results.filter(({ violations }) => violations.length > 0);
  expect(broken.map(({ fault, seed, violations }) => [repeatCommand(fault, seed), ...violations])).toEqual(
    [],
  );
}, 300_000);

/** Some steps at which a service is killed, and the faults that every run takes. */
async function someFaults(): Promise<Fault[]> {
  const faults = await allFaults();
  const random = randomOf(SEED);
  const steps = faults.filter(({ among }) => among?.phase === 'steps');
  const chosen = new Set(Array.from({ length: STEPS }, () => pick(random, steps)));
  return [...chosen, ...faults.filter(({ name }) => ALWAYS.includes(name))];
}
