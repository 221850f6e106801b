import type { Platform } from '@couplet/service-host';
import type { NatsConnection } from '@nats-io/transport-node';
import type { DynamicModule } from '@nestjs/common';
import { Services } from './clients/services.ts';
import type { GatewayConfig } from './config.ts';
import { Expiry } from './db/expiry.ts';
import { SignInRepository } from './db/sign-in.repository.ts';
import { AccessTokens } from './handlers/access-tokens.ts';
import { ApiController } from './handlers/api.controller.ts';
import { Authentication } from './handlers/authentication.ts';
import { Cursors } from './handlers/cursors.ts';
import { DocumentsController } from './handlers/documents.controller.ts';
import { Exchange } from './handlers/exchange.ts';
import { HealthController } from './handlers/health.controller.ts';
import { Health } from './handlers/health.ts';
import { Metrics } from './handlers/metrics.ts';
import { RateLimits } from './handlers/rate-limits.ts';
import { type Lifetimes, SessionController } from './handlers/session.controller.ts';
import { TokenController } from './handlers/token.controller.ts';
import {
  ACCESS_TOKENS,
  AUTHENTICATION,
  CLIENTS,
  EXCHANGE,
  HEALTH,
  ISSUER,
  KEYS,
  LIFETIMES,
  METRICS,
  RATE_LIMITS,
  SIGN_INS,
} from './handlers/tokens.ts';

class GatewayModule {}

export async function gatewayModule(
  { client, logger, pool }: Platform,
  connection: NatsConnection,
  config: GatewayConfig,
): Promise<DynamicModule> {
  const { PUBLIC_URL: issuer, GATEWAY_KEY: keys } = config;
  const clients = new Map(config.CLIENTS.map((registered) => [registered.clientId, registered]));
  const services = await Services.connect(client, config.NATS_URL, config.RELAY_PASSWORDS);
  const signIns = new SignInRepository(pool);
  const limits = new RateLimits(config);
  const tokens = new AccessTokens(keys, issuer, clients);
  const authentication = new Authentication(tokens, signIns, keys);
  const lifetimes: Lifetimes = { sessionMs: config.SESSION_MS, signInCodeMs: config.SIGN_IN_CODE_MS };
  const exchange = new Exchange({ authentication, limits, cursors: new Cursors(keys), services });
  const provided = new Map<symbol, unknown>([
    [CLIENTS, clients],
    [ISSUER, issuer],
    [KEYS, keys],
    [ACCESS_TOKENS, tokens],
    [AUTHENTICATION, authentication],
    [SIGN_INS, signIns],
    [RATE_LIMITS, limits],
    [EXCHANGE, exchange],
    [HEALTH, new Health(connection, pool)],
    [METRICS, new Metrics()],
    [LIFETIMES, lifetimes],
  ]);
  return {
    module: GatewayModule,
    controllers: [ApiController, TokenController, SessionController, DocumentsController, HealthController],
    providers: [
      ...[...provided].map(([provide, value]) => ({ provide, useFactory: () => value })),
      { provide: Services, useFactory: () => services },
      { provide: Expiry, useFactory: () => new Expiry(signIns, logger) },
    ],
  };
}
