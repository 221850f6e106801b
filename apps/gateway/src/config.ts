import { CLIENT_SCOPES, Name } from '@couplet/contracts';
import { ConfigError, parseConfig, ServiceConfig } from '@couplet/service-host';
import { z } from 'zod';
import { GatewayKeys } from './keys.ts';

/** What a key may be registered for; symmetric ones would let the gateway sign as its clients. */
export const ASSERTION_ALGORITHMS = ['ES256', 'EdDSA', 'PS256'] as const;

const PublicKey = z
  .looseObject({
    kty: z.enum(['EC', 'OKP', 'RSA']),
    alg: z.enum(ASSERTION_ALGORITHMS),
    kid: z.string().optional(),
  })
  .refine((key) => !('d' in key), 'is a private key: register its public half');

/** Somebody who may ask for access tokens. */
const Client = z
  .object({
    clientId: Name,
    scopes: z.array(z.enum(CLIENT_SCOPES)).min(1),
    storeId: Name.optional().describe('The store that it is, for scope `store`.'),
    relay: Name.optional().describe('Payment-network relay that charges the cards of this store.'),
    keys: z.array(PublicKey).min(1).max(8).describe('Public JWKs; several while one replaces another.'),
  })
  .refine(({ scopes, storeId }) => scopes.includes('store') === (storeId !== undefined), {
    path: ['storeId'],
    message: 'belongs to scope store, and to no other',
  });
export type Client = z.output<typeof Client>;

const Clients = z.array(Client).superRefine((clients, context) => {
  const ids = clients.map(({ clientId }) => clientId);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice) context.addIssue({ code: 'custom', message: `${twice} is registered twice` });
});

const count = (standard: number) => z.coerce.number().int().min(1).default(standard);

export const GatewayConfig = ServiceConfig.extend({
  HOST: z.string().default('0.0.0.0'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080).describe('0: any that is free.'),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/$/, ''))
    .describe('How clients know this API: issuer and audience of tokens.'),
  GATEWAY_KEY: z
    .string()
    .transform((text, context) => {
      try {
        return GatewayKeys.parse(text);
      } catch {
        context.addIssue('must be lines of <key id>:<base64 of 32 bytes>');
        return z.NEVER;
      }
    })
    .describe('The first line signs, further ones are still believed.'),
  CLIENTS: json(Clients).describe('JSON list of registered clients.'),
  RELAY_PASSWORDS: json(z.record(Name, z.string().min(1)))
    .default({})
    .describe('JSON: NATS password of each relay that clients are registered with.'),
  SESSION_MS: count(12 * 3_600_000),
  SIGN_IN_CODE_MS: count(10 * 60_000),
  BODY_BYTES_MAX: count(900_000).describe('A NATS message holds one megabyte.'),
  REQUEST_TIMEOUT_MS: count(10_000).describe('For headers and body of a request to arrive.'),
  STORE_PER_SECOND: count(200).describe('Requests of one store to one operation.'),
  HOLDER_PER_MINUTE: count(120).describe('Of one holder to one operation.'),
  OFFICE_PER_SECOND: count(20).describe('Of another client to one operation.'),
  ANYBODY_PER_MINUTE: count(60).describe('Of one address, to sign in or get a token.'),
  CODE_MISSES_PER_MINUTE: count(20).describe(
    'Wrong short codes of one client, and wrong ones that begin alike.',
  ),
  TRUST_PROXY: z.string().optional().describe('Addresses of proxies whose X-Forwarded-For is believed.'),
});
export type GatewayConfig = z.output<typeof GatewayConfig>;

function json<Schema extends z.ZodType>(schema: Schema) {
  return z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue('is not JSON');
        return z.NEVER;
      }
    })
    .pipe(schema);
}

/** @throws ConfigError with everything that is wrong at once */
export function parseGatewayConfig(env: Readonly<Record<string, string | undefined>>): GatewayConfig {
  const config = parseConfig(GatewayConfig, env);
  const without = config.CLIENTS.filter(({ relay }) => relay && !(relay in config.RELAY_PASSWORDS));
  if (without.length > 0) {
    throw new ConfigError(
      without.map(
        ({ clientId, relay }) => `RELAY_PASSWORDS has no ${relay}, with which ${clientId} is registered`,
      ),
    );
  }
  return config;
}

/** Reads the configuration, or prints everything that is wrong with it and exits with 78. */
export function readGatewayConfig(env = process.env): GatewayConfig {
  try {
    return parseGatewayConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(78);
  }
}
