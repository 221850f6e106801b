import { type ClientScope, type HttpAccess, HttpProblemError, SESSION_COOKIE } from '@couplet/contracts';
import { parseCookie } from 'cookie';
import type { FastifyRequest } from 'fastify';
import type { Grant, SignInRepository } from '../db/sign-in.repository.ts';
import { type Principal, refuseUnlessAllowed } from '../domain/principal.ts';
import type { GatewayKeys } from '../keys.ts';
import type { AccessTokens } from './access-tokens.ts';

/** Who sends a request: a client by its access token, a holder by the session cookie. */
export class Authentication {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly signIns: SignInRepository,
    private readonly keys: GatewayKeys,
  ) {}

  /** @throws HttpProblemError `unauthenticated`, or `caller-not-allowed` for somebody known who may not do this */
  async principalOf(request: FastifyRequest, access: HttpAccess): Promise<Principal> {
    const principal = access === 'holder' ? await this.holder(request) : await this.client(request);
    refuseUnlessAllowed(principal, access);
    return principal;
  }

  /** @throws HttpProblemError `unauthenticated` */
  async sessionOf(request: FastifyRequest): Promise<Grant> {
    const token = sessionTokenOf(request);
    const session =
      token && (await this.signIns.findSession(this.keys.signatures('session', token), new Date()));
    if (!session)
      throw new HttpProblemError('unauthenticated', 'sign in: there is no session, or it is over');
    return session;
  }

  private async holder(request: FastifyRequest): Promise<Principal> {
    return { kind: 'holder', holderId: (await this.sessionOf(request)).holderId };
  }

  private async client(request: FastifyRequest): Promise<Principal> {
    const [, token] = /^Bearer ([\w.-]{1,4096})$/i.exec(request.headers.authorization ?? '') ?? [];
    const granted = token && (await this.tokens.read(token));
    if (!granted)
      throw new HttpProblemError('unauthenticated', 'send an access token of /oauth/token that is not over');
    const { clientId, storeId, relay } = granted.client;
    return {
      kind: 'client',
      clientId,
      scopes: granted.scopes satisfies readonly ClientScope[],
      storeId,
      relay,
    };
  }
}

export function sessionTokenOf(request: FastifyRequest): string | undefined {
  return parseCookie(request.headers.cookie ?? '')[SESSION_COOKIE] || undefined;
}
