import { NestLogger, type Platform, runProgram, type RunningProgram } from '@couplet/service-host';
import type { NatsConnection } from '@nats-io/transport-node';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { GatewayConfig } from './config.ts';
import { gatewayModule } from './gateway.module.ts';
import type { Health } from './handlers/health.ts';
import type { Metrics } from './handlers/metrics.ts';
import { ProblemFilter } from './handlers/problem.filter.ts';
import { HEALTH, METRICS } from './handlers/tokens.ts';
import { fastifyOptions, securityHeaders, shapeRequests } from './http-server.ts';

export type RunningGateway = RunningProgram<NestFastifyApplication>;

/** Runs the gateway as every other program of Couplet runs; what it takes work from is HTTP. */
export function runGateway(config: GatewayConfig): Promise<RunningGateway> {
  return runProgram({
    name: 'gateway',
    config,
    start: (platform, connection) => startHttp(config, platform, connection),
  });
}

async function startHttp(
  config: GatewayConfig,
  platform: Platform,
  connection: NatsConnection,
): Promise<NestFastifyApplication> {
  const { logger } = platform;
  const app = await NestFactory.create<NestFastifyApplication>(
    await gatewayModule(platform, connection, config),
    new FastifyAdapter(fastifyOptions(config)),
    { logger: new NestLogger(logger), abortOnError: false, bodyParser: false },
  );
  try {
    app.useGlobalFilters(new ProblemFilter(logger));
    app.useSecurityHeaders(securityHeaders);
    app.enableCsrfProtection();
    const [health, metrics] = [app.get<Health>(HEALTH), app.get<Metrics>(METRICS)];
    shapeRequests(app.getHttpAdapter().getInstance(), { health, metrics, logger });
    await app.listen(config.PORT, config.HOST);
    logger.info({ msg: 'listening', url: await app.getUrl() });
    return app;
  } catch (error) {
    await app.close();
    throw error;
  }
}
