import { randomBytes, randomInt } from 'node:crypto';
import { HttpProblemError, SESSION_COOKIE, SessionRequest, SignInCodeRequest } from '@couplet/contracts';
import { Controller, Delete, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { stringifySetCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SignInRepository } from '../db/sign-in.repository.ts';
import { ownerOf } from '../domain/principal.ts';
import type { GatewayKeys } from '../keys.ts';
import { type Authentication, sessionTokenOf } from './authentication.ts';
import type { RateLimits } from './rate-limits.ts';
import { validBody } from './refusal.ts';
import { AUTHENTICATION, KEYS, LIFETIMES, RATE_LIMITS, SIGN_INS } from './tokens.ts';

export interface Lifetimes {
  readonly sessionMs: number;
  readonly signInCodeMs: number;
}

/** Crockford's letters: none looks like another. 12 of them are 60 random bits. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CODE_LENGTH = 12;
const TOKEN_BYTES = 32;

/**
 * Holders sign in with a code that whoever enrolled them hands on, good once and for minutes; then a cookie stands for them
 * until they sign out or it is over. It proves that they could read that message, and no more.
 */
@Controller('v1')
export class SessionController {
  constructor(
    @Inject(AUTHENTICATION) private readonly authentication: Authentication,
    @Inject(SIGN_INS) private readonly signIns: SignInRepository,
    @Inject(RATE_LIMITS) private readonly limits: RateLimits,
    @Inject(KEYS) private readonly keys: GatewayKeys,
    @Inject(LIFETIMES) private readonly lifetimes: Lifetimes,
  ) {}

  @Post('sign-in-codes')
  @HttpCode(200)
  async issueCode(@Req() request: FastifyRequest): Promise<object> {
    const principal = await this.authentication.principalOf(request, 'enrolment');
    await this.limits.spend(principal, ownerOf(principal), 'sign-in-codes');
    const { holderId } = validBody(SignInCodeRequest, request.body);
    const code = Array.from({ length: CODE_LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');
    const expiresAt = new Date(Date.now() + this.lifetimes.signInCodeMs);
    await this.signIns.addCode(this.keys.sign('sign-in-code', code), { holderId, expiresAt });
    return { code: code.replace(/(.{4})(?=.)/g, '$1-'), expiresAt: expiresAt.toISOString() };
  }

  @Post('session')
  @HttpCode(200)
  async signIn(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    await this.limits.spend({ address: request.ip }, request.ip, 'session');
    const { code } = validBody(SessionRequest, request.body);
    const hashes = this.keys.signatures('sign-in-code', plain(code));
    const holderId = await this.signIns.takeCode(hashes, new Date());
    if (!holderId) throw new HttpProblemError('unauthenticated', 'this code is unknown, over, or was used');

    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const expiresAt = new Date(Date.now() + this.lifetimes.sessionMs);
    await this.signIns.addSession(this.keys.sign('session', token), { holderId, expiresAt });
    setCookie(reply, token, this.lifetimes.sessionMs);
    return { holderId, expiresAt: expiresAt.toISOString() };
  }

  @Get('session')
  async read(@Req() request: FastifyRequest): Promise<object> {
    const { holderId, expiresAt } = await this.authentication.sessionOf(request);
    return { holderId, expiresAt: expiresAt.toISOString() };
  }

  @Delete('session')
  @HttpCode(204)
  async signOut(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const token = sessionTokenOf(request);
    if (token) await this.signIns.removeSession(this.keys.signatures('session', token));
    setCookie(reply, '', 0);
  }
}

/** As people type it: in any case, with or without hyphens, O for 0 and I or L for 1. */
function plain(code: string): string {
  return code.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');
}

function setCookie(reply: FastifyReply, value: string, lifetimeMs: number): void {
  const cookie = stringifySetCookie({
    name: SESSION_COOKIE,
    value,
    path: '/',
    secure: true,
    httpOnly: true,
    sameSite: 'strict',
    maxAge: Math.floor(lifetimeMs / 1_000),
  });
  void reply.header('Set-Cookie', cookie);
}
