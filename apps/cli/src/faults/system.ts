import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { SERVICES, type Service } from '@couplet/contracts';
import { tempDirectory, type RunningProcess } from '@couplet/infra';
import { createPool } from '@couplet/postgres';
import { Operator } from '../replay/operator.ts';
import { untilOffersAreKnown } from '../replay/until-offers-are-known.ts';
import { RELAY } from '../topology/nats-users.ts';
import { startTopology, type NatsConnection, type Topology } from '../topology/start-topology.ts';
import { preloading } from './preload/preloading.ts';
import { ASK, SETTINGS } from './settings.ts';
import { ADJUSTABLE } from './traffic/rails.ts';
import { Shop } from './traffic/shop.ts';
import { Traffic } from './traffic/traffic.ts';

/** The real system, started once, for all doses. */
export interface FaultSystem {
  topology: Topology;
  operator: Operator;
  /** As the relay of the card network, through which the tills ask. */
  tills: NatsConnection;
  admin: ReturnType<typeof createPool>;
  shop: Shop;
  traffic: Traffic;
  /** Where every service writes its log. */
  logDirectory: string;
  /** Lets the service kill itself when it passes that step for the n-th time from now on. @returns its process */
  arm(service: Service, failpoint: string, passing: number): Promise<RunningProcess>;
  /** Starts every service anew, whatever has become of it. */
  startAll(): Promise<void>;
  stop(): Promise<void>;
}

export interface FaultSystemOptions {
  say?: (what: string) => void;
  /** Beside those of the suite. */
  settings?: Partial<Record<Service, Record<string, string>>>;
}

export async function startFaultSystem({
  say = () => undefined,
  settings = {},
}: FaultSystemOptions = {}): Promise<FaultSystem> {
  const logs = await tempDirectory('faults');
  const armFileOf = (service: Service) => path.join(logs.path, `${service}.armed.json`);
  const settingsOf = (service: Service) => ({
    ...preloading('arm-failpoints'),
    COUPLET_ARM_FILE: armFileOf(service),
    ...SETTINGS[service],
    ...settings[service],
  });
  const topology = await startTopology({
    say,
    settings: Object.fromEntries(SERVICES.map((service) => [service, settingsOf(service)])),
    logDirectory: logs.path,
  });
  const admin = createPool(topology.adminUrl, {
    applicationName: 'couplet faults',
    max: 4,
    onIdleError: () => undefined, // Here it is killed on purpose.
  });
  const stop = async () => {
    await admin.end();
    await topology.stop();
    await logs.remove();
  };
  try {
    const [operatorConnection, tills] = await Promise.all([
      topology.connect('operator'),
      topology.connect(RELAY),
    ]);
    const operator = new Operator(operatorConnection, ASK);
    const shop = new Shop(operator);
    await shop.open();
    await untilOffersAreKnown(topology);
    const traffic = new Traffic(shop, operator, tills);
    await traffic.setRail(ADJUSTABLE);
    const arm = async (service: Service, failpoint: string, passing: number) => {
      const running = topology.services.of(service);
      await writeFile(armFileOf(service), JSON.stringify({ failpoint, passing }));
      process.kill(running.pid, 'SIGUSR2');
      return running;
    };
    const startAll = async () => {
      await Promise.all(SERVICES.map((service) => topology.services.startOnce(service, {})));
    };
    // From here on a dose decides who is started again, and when.
    await startAll();
    return { topology, operator, tills, admin, shop, traffic, logDirectory: logs.path, arm, startAll, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
