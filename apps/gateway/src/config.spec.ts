import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { parseGatewayConfig } from './config.ts';

const pair = generateKeyPairSync('ed25519');
const publicKey = { ...pair.publicKey.export({ format: 'jwk' }), alg: 'EdDSA' };
const STORE = { clientId: 'store-309', scopes: ['store'], storeId: '309', relay: 'sim', keys: [publicKey] };
const key = (kid: string) => `${kid}:${randomBytes(32).toString('base64')}`;

const parse = (clients: object[], change: Record<string, string> = {}) =>
  parseGatewayConfig({
    NATS_URL: 'nats://localhost:4222',
    DATABASE_URL: 'postgres://gateway@localhost/couplet',
    PUBLIC_URL: 'https://coupons.example/',
    GATEWAY_KEY: key('k1'),
    CLIENTS: JSON.stringify(clients),
    RELAY_PASSWORDS: '{"sim":"secret"}',
    ...change,
  });

it('reads clients, keys and the address without its last slash', () => {
  const config = parse([STORE], { GATEWAY_KEY: `${key('k2')}\n${key('k1')}\n` });
  expect(config).toMatchObject({ PUBLIC_URL: 'https://coupons.example', CLIENTS: [STORE], PORT: 8080 });
  expect(config.GATEWAY_KEY.newest).toBe('k2');
  expect(JSON.stringify(config.GATEWAY_KEY)).toBe('{}');
});

it.each([
  [
    'a private key',
    [{ ...STORE, keys: [{ ...pair.privateKey.export({ format: 'jwk' }), alg: 'EdDSA' }] }],
    /CLIENTS/,
  ],
  ['a shared secret', [{ ...STORE, keys: [{ kty: 'oct', k: 'c2VjcmV0', alg: 'HS256' }] }], /CLIENTS/],
  ['no key', [{ ...STORE, keys: [] }], /CLIENTS/],
  ['a store that does not say which', [{ ...STORE, storeId: undefined }], /CLIENTS/],
  ['a store in the name of marketing', [{ ...STORE, scopes: ['marketing'] }], /CLIENTS/],
  ['one name twice', [STORE, STORE], /CLIENTS/],
  ['a relay without its password', [{ ...STORE, relay: 'acme' }], /RELAY_PASSWORDS has no acme/],
])('does not start with %s', (_, clients, problem) => {
  expect(() => parse(clients)).toThrow(problem);
});

it.each([
  ['GATEWAY_KEY', 'k1:short'],
  ['GATEWAY_KEY', ''],
  ['PUBLIC_URL', 'coupons.example'],
  ['RELAY_PASSWORDS', 'sim=secret'],
])('does not start with %s = %p', (name, value) => {
  expect(() => parse([], { [name]: value })).toThrow(new RegExp(name));
});
