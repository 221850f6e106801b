import { connectNats } from '@couplet/nats';
import type { Platform, ServiceOptions } from '@couplet/service-host';
import type { DynamicModule } from '@nestjs/common';
import { SettlementRelayClient } from './clients/settlement-relay.client.ts';
import type { NetworkSimulatorConfig } from './config.ts';
import { Books } from './db/books.ts';
import { networkKey } from './db/network-key.ts';
import { Advices } from './handlers/advices.ts';
import { CardTokens } from './handlers/card-tokens.ts';
import { NetworkController } from './handlers/network.controller.ts';
import { OperatorController } from './handlers/operator.controller.ts';
import { Scene } from './handlers/scene.ts';
import { Sightings } from './handlers/sightings.ts';
import { CLOCK_TOLERANCE_MS, POOL } from './tokens.ts';

class NetworkSimulatorModule {}

const SERVICE = 'network-simulator';
const RELAY = 'sim';

/** Everything that running this service takes. */
export function networkSimulator(config: NetworkSimulatorConfig): ServiceOptions {
  return {
    service: SERVICE,
    relay: RELAY,
    config,
    module: (platform) => moduleOf(config, platform),
    transport: { drainMs: 1_000 }, // What it was told to hold back or to keep silent about must not hold up its end.
  };
}

function moduleOf(config: NetworkSimulatorConfig, { pool, logger }: Platform): DynamicModule {
  const { NATS_URL: url, NATS_USER: user, NATS_PASSWORD: password } = config;
  const connect = () => connectNats({ url, name: SERVICE, user, password });
  return {
    module: NetworkSimulatorModule,
    controllers: [NetworkController, OperatorController],
    providers: [
      { provide: POOL, useValue: pool },
      { provide: CLOCK_TOLERANCE_MS, useValue: config.CLOCK_TOLERANCE_MS },
      { provide: Books, useFactory: () => new Books(pool) },
      { provide: CardTokens, useFactory: async () => new CardTokens(await networkKey(pool)) },
      { provide: Sightings, useFactory: () => new Sightings(connect) },
      {
        provide: Advices,
        useFactory: () => new Advices(pool, new SettlementRelayClient(connect, RELAY, SERVICE), logger),
      },
      {
        provide: Scene,
        useFactory: (sightings: Sightings, advices: Advices) => Scene.load(pool, sightings, advices),
        inject: [Sightings, Advices],
      },
    ],
  };
}
