import { type ClientScope, TokenRequest } from '@couplet/contracts';
import { Controller, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Client } from '../config.ts';
import type { SignInRepository } from '../db/sign-in.repository.ts';
import { ASSERTION_ALGORITHMS } from '../config.ts';
import { type AccessTokens, TOKEN_SECONDS } from './access-tokens.ts';
import { readAssertion } from './client-assertion.ts';
import type { RateLimits } from './rate-limits.ts';
import { ACCESS_TOKENS, CLIENTS, ISSUER, RATE_LIMITS, SIGN_INS, TOKEN_PATH } from './tokens.ts';

/** OAuth 2.0 client credentials with private_key_jwt: RFC 6749 (4.4, 5), RFC 7523. Failures are answered as RFC 6749 5.2 says. */
@Controller()
export class TokenController {
  constructor(
    @Inject(CLIENTS) private readonly clients: ReadonlyMap<string, Client>,
    @Inject(ACCESS_TOKENS) private readonly tokens: AccessTokens,
    @Inject(SIGN_INS) private readonly signIns: SignInRepository,
    @Inject(RATE_LIMITS) private readonly limits: RateLimits,
    @Inject(ISSUER) private readonly issuer: string,
  ) {}

  @Post(TOKEN_PATH)
  @HttpCode(200)
  async issue(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    await this.limits.spend({ address: request.ip }, request.ip, TOKEN_PATH);
    const parsed = TokenRequest.safeParse(request.body);
    if (!parsed.success)
      return failure(reply, 400, errorOf(request.body), 'see RFC 6749, 4.4, and RFC 7523, 2.2');
    const { client_assertion: text, client_id: claimed, scope } = parsed.data;

    const assertion = await readAssertion(text, this.clients, [this.issuer, this.issuer + TOKEN_PATH]);
    if ('refused' in assertion) return failure(reply, 401, 'invalid_client', assertion.refused);
    const { client, jti, expiresAt } = assertion;
    if (claimed !== undefined && claimed !== client.clientId)
      return failure(reply, 401, 'invalid_client', 'client_id is not who signed');
    const scopes = scope === undefined ? client.scopes : asked(scope, client.scopes);
    if (!scopes) return failure(reply, 400, 'invalid_scope', `registered for ${client.scopes.join(' ')}`);
    if (!(await this.signIns.useAssertion(client.clientId, jti, expiresAt)))
      return failure(reply, 401, 'invalid_client', 'this jti was used before');

    return {
      access_token: await this.tokens.write(client, scopes),
      token_type: 'Bearer',
      expires_in: TOKEN_SECONDS,
      scope: scopes.join(' '),
    };
  }

  /** RFC 8414. */
  @Get('/.well-known/oauth-authorization-server')
  metadata(): object {
    return {
      issuer: this.issuer,
      token_endpoint: this.issuer + TOKEN_PATH,
      grant_types_supported: ['client_credentials'],
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
      token_endpoint_auth_signing_alg_values_supported: ASSERTION_ALGORITHMS,
      response_types_supported: [],
    };
  }
}

function asked(scope: string, registered: readonly ClientScope[]): ClientScope[] | undefined {
  const names = scope.split(' ');
  const granted = registered.filter((name) => names.includes(name));
  return granted.length === new Set(names).size ? granted : undefined;
}

function errorOf(body: unknown): string {
  const grant = (body as { grant_type?: unknown } | undefined)?.grant_type;
  return grant === undefined || grant === 'client_credentials' ? 'invalid_request' : 'unsupported_grant_type';
}

function failure(reply: FastifyReply, status: number, error: string, description: string): object {
  void reply.status(status);
  return { error, error_description: description };
}
