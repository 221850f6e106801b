import { importJWK, type JWK, SignJWT } from 'jose';
import type { Client, Middleware } from 'openapi-fetch';
import type { paths } from './schema.ts';

export interface ClientCredentials {
  readonly clientId: string;
  /** Private key with `alg` (ES256, EdDSA or PS256) and, when several are registered, `kid`. */
  readonly privateKey: JWK;
  /** What the API calls itself; default: `baseUrl`. */
  readonly audience?: string;
  readonly scope?: string;
}

interface Token {
  readonly text: string;
  readonly renewAt: number;
}

const ASSERTION_SECONDS = 60;
/** A token is renewed before it ends, so that no request arrives with one that is over. */
const RENEW_BEFORE_MS = 30_000;

/** Puts an access token on every request; a request rejects when no token is given. */
export function accessTokens(
  anonymous: Client<paths>,
  baseUrl: string,
  credentials: ClientCredentials,
): Middleware {
  let token: Token | undefined;
  let pending: Promise<Token> | undefined;

  const present = async (): Promise<Token> => {
    if (token && Date.now() < token.renewAt) return token;
    pending ??= fetchToken(anonymous, baseUrl, credentials).finally(() => (pending = undefined));
    return (token = await pending);
  };
  return {
    async onRequest({ request }) {
      request.headers.set('Authorization', `Bearer ${(await present()).text}`);
      return request;
    },
  };
}

async function fetchToken(
  anonymous: Client<paths>,
  baseUrl: string,
  credentials: ClientCredentials,
): Promise<Token> {
  const { clientId, privateKey, audience = baseUrl, scope } = credentials;
  const { alg, kid } = privateKey;
  if (!alg) throw new TypeError('the private key does not say its alg');
  const assertion = await new SignJWT()
    .setProtectedHeader({ alg, ...(kid && { kid }) })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(audience)
    .setJti(crypto.randomUUID())
    .setIssuedAt()
    .setExpirationTime(`${ASSERTION_SECONDS}s`)
    .sign(await importJWK(privateKey, alg));
  const { data, error } = await anonymous.POST('/oauth/token', {
    body: {
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
      ...(scope && { scope }),
    },
    bodySerializer: (body) => new URLSearchParams(body),
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  });
  if (!data) throw new Error(`${clientId} gets no access token: ${JSON.stringify(error)}`);
  return { text: data.access_token, renewAt: Date.now() + data.expires_in * 1_000 - RENEW_BEFORE_MS };
}
