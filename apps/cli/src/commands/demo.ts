import { writeFile } from 'node:fs/promises';
import { SERVICES } from '@couplet/contracts';
import { readJourney } from '../journey/read-journey.ts';
import type { Journey } from '../journey/types.ts';
import { agendaOf } from '../plan/agenda.ts';
import { CURRENCY, planOffers } from '../plan/offers.ts';
import { reconcile } from '../referee/reconcile.ts';
import { importJourney } from '../replay/import-journey.ts';
import { Operator } from '../replay/operator.ts';
import { replayJourney } from '../replay/replay-journey.ts';
import { Showcase } from '../replay/showcase.ts';
import { watchWire } from '../replay/watch-wire.ts';
import { untilOffersAreKnown } from '../replay/until-offers-are-known.ts';
import { compareRecorded } from '../report/recorded.ts';
import { reportJson, type Report } from '../report/report.ts';
import { showReport } from '../report/show.ts';
import { tallyOf } from '../report/tally.ts';
import { OBSERVER, RELAY } from '../topology/nats-users.ts';
import { startTopology, type Topology } from '../topology/start-topology.ts';
import { SAMPLE } from '../workspace.ts';
import type { DemoOptions } from './demo-options.ts';
import { Progress } from './progress.ts';

/**
 * Starts everything, replays the baskets, and says what happened.
 *
 * @returns whether every basket was answered, everything came to rest and no side differs from another
 * @throws DataError if the data cannot be used; Error if a part of the system cannot be had
 */
export async function demo(options: DemoOptions): Promise<boolean> {
  const progress = new Progress(process.stdout);
  const journey = await readData(options, progress);
  progress.line('Starting the system: everything below runs in processes of its own and ends with this one.');
  const topology = await startTopology({ keep: options.keep, say: (what) => progress.line(`  ${what}`) });
  const signals = stopOnSignals(topology);
  try {
    const report = await replay(topology, journey, options, progress);
    for (const line of ['', ...showReport(report)]) progress.line(line);
    if (options.report) await writeFile(options.report, reportJson(report));
    const { underWay, differences } = report.reconciliation;
    return report.outcomes.failed === 0 && underWay.length === 0 && differences.length === 0;
  } catch (error) {
    if (signals.received) return new Promise(() => undefined); // What was cut off fails; the handler ends the process.
    throw error;
  } finally {
    signals.off();
    await topology.stop();
  }
}

async function readData({ data, limit }: DemoOptions, progress: Progress): Promise<Journey> {
  progress.line(
    data ? `Reading ${data}` : 'Reading the sample that comes with the project (--data DIR for another)',
  );
  const journey = await readJourney(data ?? SAMPLE);
  return limit === undefined ? journey : { ...journey, receipts: journey.receipts.slice(0, limit) };
}

async function replay(
  topology: Topology,
  journey: Journey,
  options: DemoOptions,
  progress: Progress,
): Promise<Report> {
  const startedAt = new Date();
  const [operatorConnection, tills] = await Promise.all([
    topology.connect('operator'),
    topology.connect(RELAY),
  ]);
  const operator = new Operator(operatorConnection);
  const plan = planOffers(journey, options);
  progress.line(`Importing ${plan.offers.length} offers and what they need`);
  const imported = await importJourney(operator, journey, plan, (what) => progress.step(what));
  await untilOffersAreKnown(topology);

  const agenda = agendaOf(options.mode, journey, plan.offers);
  progress.line(
    `Replaying ${journey.receipts.length} baskets, ${options.mode}, ${options.concurrency} at once`,
  );
  const showcase = new Showcase(await watchWire(topology.accessOf(OBSERVER)));
  const replayed = await replayJourney(
    agenda,
    journey,
    { operator, tills },
    {
      concurrency: options.concurrency,
      onStep: (done, { at }) =>
        progress.step(`${at.toISOString().slice(0, 10)}  ${percent(done, agenda.length)}`),
      onSettled: (settled) => showcase.onSettled(settled),
    },
  );

  progress.line('Waiting until everything is at rest, then comparing what each side remembers');
  const reconciliation = await reconcile(topology, replayed.settled);
  const timeline = await showcase.end();
  await Promise.all([operatorConnection.close(), tills.close()]);
  return {
    mode: options.mode,
    data: options.data ?? 'sample',
    currency: CURRENCY,
    startedAt: startedAt.toISOString(),
    elapsedMs: Math.round(replayed.elapsedMs),
    concurrency: options.concurrency,
    imported,
    couponsAcquired: replayed.couponsAcquired,
    ...tallyOf(replayed.settled, replayed.elapsedMs),
    reconciliation,
    recorded: compareRecorded(journey, plan, replayed.settled),
    timeline: timeline ?? null,
  };
}

function percent(done: number, of: number): string {
  return `${done} of ${of} steps (${Math.floor((100 * done) / of)} %)`;
}

function stopOnSignals(topology: Topology): { received: boolean; off: () => void } {
  const signals = {
    received: false,
    off: () => void process.off('SIGINT', onSignal).off('SIGTERM', onSignal),
  };
  function onSignal(signal: NodeJS.Signals): void {
    signals.received = true;
    process.stderr.write(`\n${signal}: ending ${SERVICES.length} services, NATS and PostgreSQL\n`);
    void topology.stop().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143));
  }
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  return signals;
}
