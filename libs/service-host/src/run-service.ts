import type { Service } from '@couplet/contracts';
import { CoupletTransport, type TransportOptions } from '@couplet/nats';
import type { NatsConnection } from '@nats-io/transport-node';
import type { DynamicModule, INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import type { ServiceConfig } from './config.ts';
import { NestLogger } from './logger.ts';
import { type Platform, runProgram, type RunningProgram } from './run-program.ts';

export interface ServiceOptions {
  readonly service: Service;
  readonly config: ServiceConfig;
  readonly module: (platform: Platform) => DynamicModule;
  /** The card-network relay that this service answers as, too. */
  readonly relay?: string;
  /** Overrides of the transport's limits. */
  readonly transport?: Pick<TransportOptions, 'requestLimits' | 'eventLimits' | 'drainMs'>;
}

export type RunningService = RunningProgram<INestMicroservice>;

/** Runs one service that answers on NATS. */
export function runService(options: ServiceOptions): Promise<RunningService> {
  return runProgram({
    name: options.service,
    config: options.config,
    start: (platform, connection) => startNest(options, platform, connection),
  });
}

async function startNest(
  { service, module, relay, transport }: ServiceOptions,
  platform: Platform,
  connection: NatsConnection,
): Promise<INestMicroservice> {
  const strategy = new CoupletTransport({
    connection,
    events: platform.events,
    service,
    relay,
    ...transport,
  });
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(module(platform), {
    strategy,
    logger: new NestLogger(platform.logger),
    abortOnError: false,
  });
  try {
    await app.listen();
  } catch (error) {
    await app.close();
    throw error;
  }
  return app;
}
