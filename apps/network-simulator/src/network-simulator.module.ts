import { connectNats } from '@couplet/nats';
import type { Platform, ServiceOptions } from '@couplet/service-host';
import type { DynamicModule } from '@nestjs/common';
import type { NetworkSimulatorConfig } from './config.ts';
import { networkKey } from './db/network-key.ts';
import { CardTokens } from './handlers/card-tokens.ts';
import { NetworkController } from './handlers/network.controller.ts';
import { OperatorController } from './handlers/operator.controller.ts';
import { Scene } from './handlers/scene.ts';
import { Sightings } from './handlers/sightings.ts';
import { CLOCK_TOLERANCE_MS, POOL } from './tokens.ts';

class NetworkSimulatorModule {}

/** Everything that running this service takes. */
export function networkSimulator(config: NetworkSimulatorConfig): ServiceOptions {
  return {
    service: 'network-simulator',
    relay: 'sim',
    config,
    module: (platform) => moduleOf(config, platform),
    transport: { drainMs: 1_000 }, // What it was told to hold back or to keep silent about must not hold up its end.
  };
}

function moduleOf(config: NetworkSimulatorConfig, { pool }: Platform): DynamicModule {
  const { NATS_URL: url, NATS_USER: user, NATS_PASSWORD: password } = config;
  return {
    module: NetworkSimulatorModule,
    controllers: [NetworkController, OperatorController],
    providers: [
      { provide: POOL, useValue: pool },
      { provide: CLOCK_TOLERANCE_MS, useValue: config.CLOCK_TOLERANCE_MS },
      { provide: CardTokens, useFactory: async () => new CardTokens(await networkKey(pool)) },
      {
        provide: Sightings,
        useFactory: () =>
          new Sightings(() => connectNats({ url, name: 'network-simulator', user, password })),
      },
      {
        provide: Scene,
        useFactory: (sightings: Sightings) => Scene.load(pool, sightings),
        inject: [Sightings],
      },
    ],
  };
}
