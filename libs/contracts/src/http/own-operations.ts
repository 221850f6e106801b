import { z } from 'zod';
import { Id, Timestamp } from '../values.ts';
import type { ClientScope } from './http-route.ts';

/** `__Host-`: only over TLS, only for this host, only for the whole of it. */
export const SESSION_COOKIE = '__Host-couplet';

/** What the gateway answers by itself: no service is asked, so there is no contract behind it. */
export interface OwnOperation {
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly summary: string;
  readonly access: ClientScope | 'holder' | 'anybody';
  readonly request?: { readonly schema: z.ZodType; readonly form?: true };
  readonly reply?: z.ZodType;
  /** How it says no, when not by a problem. */
  readonly refusal?: z.ZodType;
}

/** RFC 6749, 4.4, with the assertion of RFC 7523. */
export const TokenRequest = z.object({
  grant_type: z.literal('client_credentials'),
  client_assertion_type: z.literal('urn:ietf:params:oauth:client-assertion-type:jwt-bearer'),
  client_assertion: z
    .string()
    .max(8_192)
    .describe(
      'JWT signed with a registered key (ES256, EdDSA or PS256): iss and sub are the client id, aud is the address of this API, exp at most five minutes ahead, and a jti that was never used.',
    ),
  client_id: z.string().max(64).optional(),
  scope: z.string().max(256).optional().describe('Absent: everything that the client is registered for.'),
});

export const TokenReply = z.object({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.int().describe('Seconds.'),
  scope: z.string(),
});

/** RFC 6749, 5.2. */
const TokenRefusal = z.object({ error: z.string(), error_description: z.string() });

/** Whoever knows the member hands the code on, by text message or in an app: Couplet has no addresses of people. */
export const SignInCodeRequest = z.object({ holderId: Id });
export const SignInCodeReply = z.object({
  code: z.string().describe('Good once. Hand it to this holder and to nobody else.'),
  expiresAt: Timestamp,
});

export const SessionRequest = z.object({
  code: z.string().min(1).max(64).describe('In any case, with or without hyphens.'),
});
export const SessionReply = z.object({ holderId: Id, expiresAt: Timestamp });

export const OWN_OPERATIONS = [
  {
    id: 'issueToken',
    method: 'POST',
    path: '/oauth/token',
    summary: 'Get an access token for a client, by an assertion signed with its private key.',
    access: 'anybody',
    request: { schema: TokenRequest, form: true },
    reply: TokenReply,
    refusal: TokenRefusal,
  },
  {
    id: 'issueSignInCode',
    method: 'POST',
    path: '/v1/sign-in-codes',
    summary: 'Make a code with which a holder signs in once.',
    access: 'enrolment',
    request: { schema: SignInCodeRequest },
    reply: SignInCodeReply,
  },
  {
    id: 'signIn',
    method: 'POST',
    path: '/v1/session',
    summary: 'Sign a holder in: the session is a cookie that no script can read.',
    access: 'anybody',
    request: { schema: SessionRequest },
    reply: SessionReply,
  },
  {
    id: 'readSession',
    method: 'GET',
    path: '/v1/session',
    summary: 'Tell who is signed in, and until when.',
    access: 'holder',
    reply: SessionReply,
  },
  { id: 'signOut', method: 'DELETE', path: '/v1/session', summary: 'End the session.', access: 'anybody' },
] as const satisfies readonly OwnOperation[];
