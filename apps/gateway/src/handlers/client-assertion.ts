import { createLocalJWKSet, decodeJwt, errors, type JSONWebKeySet, jwtVerify } from 'jose';
import { ASSERTION_ALGORITHMS, type Client } from '../config.ts';

const LIFETIME_MAX_SECONDS = 300;
const CLOCK_SKEW_SECONDS = 10;
const JTI_LENGTH_MAX = 128;

export type Assertion =
  { readonly client: Client; readonly jti: string; readonly expiresAt: Date } | { readonly refused: string };

/**
 * Reads a client's proof that it holds its private key (RFC 7523, 3).
 *
 * @param audiences what the API is called: the issuer, or its token endpoint
 */
export async function readAssertion(
  assertion: string,
  clients: ReadonlyMap<string, Client>,
  audiences: string[],
): Promise<Assertion> {
  try {
    const client = clients.get(decodeJwt(assertion).iss ?? '');
    if (!client) return { refused: 'no such client' };
    const { payload } = await jwtVerify(
      assertion,
      createLocalJWKSet({ keys: client.keys } as JSONWebKeySet),
      {
        algorithms: [...ASSERTION_ALGORITHMS],
        issuer: client.clientId,
        subject: client.clientId,
        audience: audiences,
        requiredClaims: ['exp', 'jti'],
        clockTolerance: CLOCK_SKEW_SECONDS,
      },
    );
    const { exp = 0, jti } = payload;
    if (typeof jti !== 'string' || jti.length === 0 || jti.length > JTI_LENGTH_MAX)
      return { refused: `jti must be a text of up to ${JTI_LENGTH_MAX} characters` };
    if (exp > Date.now() / 1_000 + LIFETIME_MAX_SECONDS + CLOCK_SKEW_SECONDS)
      return { refused: `exp must be within ${LIFETIME_MAX_SECONDS} s` };
    // Remembered as long as it would be believed.
    return { client, jti, expiresAt: new Date((exp + CLOCK_SKEW_SECONDS + 1) * 1_000) };
  } catch (error) {
    if (error instanceof errors.JOSEError) return { refused: error.message };
    throw error;
  }
}
