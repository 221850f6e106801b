import createClient, { type Client } from 'openapi-fetch';
import { accessTokens, type ClientCredentials } from './access-tokens.ts';
import type { paths } from './schema.ts';
import { sessionCookie } from './session-cookie.ts';

export type { ClientCredentials } from './access-tokens.ts';
export type { components, operations, paths } from './schema.ts';

export interface CoupletOptions {
  /** Where the API is, such as `https://coupons.example`. */
  readonly baseUrl: string;
  /** Of a store or another registered client: access tokens are fetched and renewed by themselves. */
  readonly credentials?: ClientCredentials;
  /** For a holder outside of a browser: keeps the session cookie, as a browser does by itself. */
  readonly keepSession?: boolean;
  /** Default: the global one. */
  readonly fetch?: (request: Request) => Promise<Response>;
}

export type Couplet = Client<paths>;

/**
 * Every operation of the HTTP API, typed: `await couplet.POST('/v1/settlements', { params: { header: { 'Idempotency-Key': key } }, body })`.
 * It resolves to `{ data }`, or to `{ error }` with the problem.
 */
export function createCouplet({ baseUrl, credentials, keepSession, fetch }: CoupletOptions): Couplet {
  const client = createClient<paths>({ baseUrl, ...(fetch && { fetch }) });
  if (credentials)
    client.use(accessTokens(createClient<paths>({ baseUrl, ...(fetch && { fetch }) }), baseUrl, credentials));
  if (keepSession) client.use(sessionCookie());
  return client;
}
