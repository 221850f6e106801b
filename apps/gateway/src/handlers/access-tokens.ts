import { randomUUID } from 'node:crypto';
import type { ClientScope } from '@couplet/contracts';
import { decodeProtectedHeader, errors, jwtVerify, SignJWT } from 'jose';
import type { Client } from '../config.ts';
import type { GatewayKeys } from '../keys.ts';

/** Short enough that a client taken out of the register is out, and a stolen token over, within minutes. */
export const TOKEN_SECONDS = 300;
const ALGORITHM = 'HS256'; // Nobody but the gateway reads them.
const TYPE = 'at+jwt';

/** Access tokens (RFC 9068): made and read by the gateway alone. */
export class AccessTokens {
  constructor(
    private readonly keys: GatewayKeys,
    private readonly issuer: string,
    private readonly clients: ReadonlyMap<string, Client>,
  ) {}

  write({ clientId }: Client, scopes: readonly ClientScope[]): Promise<string> {
    const kid = this.keys.newest;
    return new SignJWT({ client_id: clientId, scope: scopes.join(' ') })
      .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid })
      .setIssuer(this.issuer)
      .setAudience(this.issuer)
      .setSubject(clientId)
      .setJti(randomUUID())
      .setIssuedAt()
      .setExpirationTime(`${TOKEN_SECONDS}s`)
      .sign(this.keys.secret('access-token', kid)!);
  }

  /** @returns undefined for whatever is not a token of ours that is good now, of a client that is still registered */
  async read(token: string): Promise<{ client: Client; scopes: ClientScope[] } | undefined> {
    try {
      const secret = this.keys.secret('access-token', decodeProtectedHeader(token).kid ?? '');
      if (!secret) return undefined;
      const { payload } = await jwtVerify<{ scope: string }>(token, secret, {
        algorithms: [ALGORITHM],
        typ: TYPE,
        issuer: this.issuer,
        audience: this.issuer,
      });
      const client = this.clients.get(payload.sub ?? '');
      const granted = payload.scope.split(' ');
      return client && { client, scopes: client.scopes.filter((scope) => granted.includes(scope)) };
    } catch (error) {
      if (error instanceof errors.JOSEError || error instanceof TypeError) return undefined; // TypeError: no JWT at all.
      throw error;
    }
  }
}
