import { randomBytes, randomUUID } from 'node:crypto';
import { createCouplet } from '@couplet/client';
import { FindHeldCouponsV1, RevokeCodeV1 } from '@couplet/contracts';
import { importJWK, SignJWT, UnsecuredJWT } from 'jose';
import { type Gateway, ISSUER, newClientKey, privateKeyOf, type Stack, startStack } from './stack.ts';

const ANN = '01890a5d-ac96-774b-bcce-b302099a8001';
const BOB = '01890a5d-ac96-774b-bcce-b302099a8002';
const CODE_ID = '01890a5d-ac96-774b-bcce-b302099a8003';

let stack: Stack;
let gateway: Gateway;
beforeAll(async () => {
  stack = await startStack();
  gateway = await stack.startGateway();
}, 60_000);
afterAll(() => stack?.stop(), 30_000);

describe('a client', () => {
  it('gets a token of five minutes for an assertion signed with its key', async () => {
    const response = await askToken(await assertion());
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toMatchObject({ token_type: 'Bearer', expires_in: 300, scope: 'store' });
  });

  it('cannot use an assertion twice, nor can two at once', async () => {
    const text = await assertion();
    const statuses = await Promise.all(Array.from({ length: 8 }, async () => (await askToken(text)).status));
    expect(statuses.sort()).toEqual([200, ...Array.from({ length: 7 }, () => 401)]);
  });

  it.each([
    ['another key', () => assertion({ key: newClientKey().privateKey })],
    ['another store’s name', () => assertion({ issuer: 'store-310', subject: 'store-310' })],
    ['another subject', () => assertion({ subject: 'store-310' })],
    ['a name that nobody has', () => assertion({ issuer: 'nobody', subject: 'nobody' })],
    ['another audience', () => assertion({ audience: 'https://elsewhere.test' })],
    ['an end that has passed', () => assertion({ expires: '-1m' })],
    ['an end an hour ahead', () => assertion({ expires: '1h' })],
    ['no jti', () => assertion({ jti: null })],
    [
      'no signature',
      async () => new UnsecuredJWT({}).setIssuer('store-309').setSubject('store-309').encode(),
    ],
    ['a shared secret', () => symmetric()],
    ['no JWT', async () => 'not.a.jwt'],
  ])('with %s gets none', async (_, make) => {
    const response = await askToken(await make());
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: 'invalid_client' });
  });

  it.each([
    [{ grant_type: 'password' }, 'unsupported_grant_type'],
    [{ client_assertion_type: 'x' }, 'invalid_request'],
    [{ scope: 'store marketing' }, 'invalid_scope'],
  ])('is told by OAuth what is wrong with %j', async (change, error) => {
    const response = await askToken(await assertion(), change);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error });
  });

  it('is told where to ask by RFC 8414', async () => {
    const response = await fetch(`${gateway.baseUrl}/.well-known/oauth-authorization-server`);
    expect(await response.json()).toMatchObject({ issuer: ISSUER, token_endpoint: `${ISSUER}/oauth/token` });
  });

  it('keeps its token when the gateway restarts, and while its key is replaced', async () => {
    const { access_token: token } = (await (await askToken(await assertion())).json()) as {
      access_token: string;
    };
    const keys = `t2:${randomBytes(32).toString('base64')}\n${stack.environment.GATEWAY_KEY}`;
    const next = await stack.startGateway({ GATEWAY_KEY: keys });
    expect(await statusWith(next.baseUrl, token)).toBe(403);
    const later = await stack.startGateway({ GATEWAY_KEY: keys.split('\n')[0]! });
    expect(await statusWith(later.baseUrl, token)).toBe(401);
    const without = await stack.startGateway({ CLIENTS: '[]' });
    expect(await statusWith(without.baseUrl, token)).toBe(401);
  });
});

describe('a holder', () => {
  it('signs in once with a code, however it is typed, by a cookie that no script and no other site gets', async () => {
    const { code } = await newCode(ANN);
    const typed = code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l');
    const response = await signIn(typed);
    expect(await response.json()).toMatchObject({ holderId: ANN });
    const [cookie] = response.headers.getSetCookie();
    expect(cookie).toMatch(
      /^__Host-couplet=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );

    const again = await signIn(code);
    expect(again.status).toBe(401);
    expect(await again.json()).toMatchObject({ code: 'unauthenticated' });
  });

  it('of twenty at once with one code, one is let in', async () => {
    const { code } = await newCode(ANN);
    const statuses = await Promise.all(Array.from({ length: 20 }, async () => (await signIn(code)).status));
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
  });

  it('sees the own coupons and no other: who it is comes from the session', async () => {
    const asked: unknown[] = [];
    await stack.serve(FindHeldCouponsV1, ({ holderId }) => (asked.push(holderId), { coupons: [] }));
    await stack.serve(
      RevokeCodeV1,
      ({ holderId }) => (asked.push(holderId), { codeId: CODE_ID, revokedAt: NOW }),
    );
    const [ann, bob] = [await holder(ANN), await holder(BOB)];
    await ann.GET('/v1/me/coupons', { params: { query: { at: NOW } } });
    await bob.PUT('/v1/me/bar-codes/{codeId}/revocation', { params: { path: { codeId: CODE_ID } } });
    const { error } = await bob.GET('/v1/me/coupons', {
      params: { query: { at: NOW, holderId: ANN } as { at: string } },
    });
    expect(asked).toEqual([ANN, BOB]);
    expect(error).toMatchObject({ status: 403, detail: 'holderId is not yours' });
  });

  it('may do nothing that a client may, nor a client what a holder may', async () => {
    const ann = await holder(ANN);
    const { error } = await ann.GET('/v1/settlements/{key}', { params: { path: { key: 'k' } } });
    expect(error).toMatchObject({ status: 401 });
    const { error: other } = await gateway
      .client('telecom')
      .GET('/v1/me/coupons', { params: { query: { at: NOW } } });
    expect(other).toMatchObject({ status: 401 });
  });

  it('stays signed in when the gateway restarts, until signing out', async () => {
    const ann = await holder(ANN);
    expect((await ann.GET('/v1/session')).data).toMatchObject({ holderId: ANN });
    expect((await ann.DELETE('/v1/session')).response.status).toBe(204);
    expect((await ann.GET('/v1/session')).error).toMatchObject({ code: 'unauthenticated' });
  });

  it('is out when the session is over, and the code when its time is', async () => {
    const short = await stack.startGateway({ SESSION_MS: '1', SIGN_IN_CODE_MS: '1' });
    const { data } = await short.client('telecom').POST('/v1/sign-in-codes', { body: { holderId: ANN } });
    expect((await signIn(data!.code)).status).toBe(401);
    const kept = createCouplet({ baseUrl: short.baseUrl, keepSession: true });
    const { code } = await newCode(ANN);
    expect((await kept.POST('/v1/session', { body: { code } })).data).toBeDefined();
    expect((await kept.GET('/v1/session')).error).toMatchObject({ code: 'unauthenticated' });
  });

  it('leaves nothing in the database that would let a reader in', async () => {
    const { code } = await newCode(BOB);
    const cookie = (await signIn((await newCode(ANN)).code)).headers.getSetCookie()[0]!.slice(15, 58);
    const { rows } = await stack.pool.query('SELECT * FROM session, sign_in_code');
    const stored = JSON.stringify(rows);
    expect(rows.length).toBeGreaterThan(0);
    expect(stored).not.toContain(code.replaceAll('-', ''));
    expect(stored).not.toContain(cookie);
  });
});

const NOW = '2026-11-21T12:00:00Z';

async function newCode(holderId: string): Promise<{ code: string }> {
  const { data } = await gateway.client('telecom').POST('/v1/sign-in-codes', { body: { holderId } });
  return data!;
}

function signIn(code: string): Promise<Response> {
  return fetch(`${gateway.baseUrl}/v1/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ code }),
  });
}

async function holder(holderId: string) {
  const client = createCouplet({ baseUrl: gateway.baseUrl, keepSession: true });
  await client.POST('/v1/session', { body: await newCode(holderId) });
  return client;
}

/** 403 is what a store is told that is known, 401 what anybody is. */
async function statusWith(baseUrl: string, token: string): Promise<number> {
  const response = await fetch(`${baseUrl}/v1/audit`, { headers: { Authorization: `Bearer ${token}` } });
  return response.status;
}

interface Claims {
  key?: object;
  issuer?: string;
  subject?: string;
  audience?: string;
  expires?: string;
  jti?: string | null;
}

async function assertion(claims: Claims = {}): Promise<string> {
  const { key = privateKeyOf('store-309'), issuer = 'store-309', subject = 'store-309' } = claims;
  const { audience = `${ISSUER}/oauth/token`, expires = '60s', jti = randomUUID() } = claims;
  const jwt = new SignJWT(jti === null ? {} : { jti })
    .setProtectedHeader({ alg: 'ES256' })
    .setIssuer(issuer)
    .setSubject(subject)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime(expires);
  return jwt.sign(await importJWK(key, 'ES256'));
}

async function symmetric(): Promise<string> {
  return new SignJWT({ jti: randomUUID() })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer('store-309')
    .setSubject('store-309')
    .setAudience(ISSUER)
    .setExpirationTime('60s')
    .sign(new TextEncoder().encode(JSON.stringify(privateKeyOf('store-309'))));
}

function askToken(text: string, change: Record<string, string> = {}): Promise<Response> {
  return fetch(`${gateway.baseUrl}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: text,
      ...change,
    }),
  });
}
