import { agendaOf, type Mode } from '../src/plan/agenda.ts';
import { readJourney } from '../src/journey/read-journey.ts';
import type { Journey, Receipt } from '../src/journey/types.ts';
import { planOffers } from '../src/plan/offers.ts';
import { importJourney } from '../src/replay/import-journey.ts';
import { Operator } from '../src/replay/operator.ts';
import { replayJourney, type Replayed } from '../src/replay/replay-journey.ts';
import { untilOffersAreKnown } from '../src/replay/until-offers-are-known.ts';
import { RELAY } from '../src/topology/nats-users.ts';
import {
  startTopology,
  type NatsConnection,
  type Topology,
  type TopologyOptions,
} from '../src/topology/start-topology.ts';
import { SAMPLE } from '../src/workspace.ts';

/** The whole system on the sample, imported and ready to settle. */
export interface SampleSystem {
  topology: Topology;
  journey: Journey;
  operator: Operator;
  tills: NatsConnection;
  replay(mode: Mode, receipts: readonly Receipt[]): Promise<Replayed>;
  stop(): Promise<void>;
}

/** The receipts of the sample again and again, in time order, each time as baskets of their own. */
export function receiptsOf({ receipts }: Journey, count: number, series = ''): Receipt[] {
  return Array.from({ length: count }, (_, index) => {
    const receipt = receipts[index % receipts.length]!;
    return { ...receipt, basketId: `${receipt.basketId}-${series}${Math.floor(index / receipts.length)}` };
  }).sort((a, b) => a.at.getTime() - b.at.getTime());
}

export async function startSampleSystem(options: TopologyOptions = {}): Promise<SampleSystem> {
  const journey = await readJourney(SAMPLE);
  const topology = await startTopology({ durable: false, ...options });
  const [operatorConnection, tills] = await Promise.all([
    topology.connect('operator'),
    topology.connect(RELAY),
  ]);
  const operator = new Operator(operatorConnection);
  const plan = planOffers(journey, { storeMatchUpTo: 100n });
  await importJourney(operator, journey, plan, () => undefined);
  await untilOffersAreKnown(topology);
  return {
    topology,
    journey,
    operator,
    tills,
    replay: (mode, receipts) =>
      replayJourney(
        agendaOf(mode, { ...journey, receipts }, plan.offers),
        journey,
        { operator, tills },
        { concurrency: 8 },
      ),
    async stop() {
      await Promise.all([operatorConnection.close(), tills.close()]);
      await topology.stop();
    },
  };
}
