import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { createCouplet } from '@couplet/client';
import {
  ConfirmV1,
  DailyUsageV1,
  DraftOffersV1,
  ProblemError,
  RegisterHoldersV1,
  SettleV1,
  StatusV1,
} from '@couplet/contracts';
import { type Gateway, type Stack, startStack } from './stack.ts';

const APPROVED = {
  attemptId: '01890a5d-ac96-774b-bcce-b302099a8057',
  settlementId: '01890a5d-ac96-774b-bcce-b302099a8058',
  outcome: 'approved',
  currency: 'USD',
  originalAmount: 386,
  discount: 100,
  amount: 286,
  coupons: [],
  benefits: [],
  couponSearch: 'none',
};
const SALE = {
  terminalId: '4',
  presentedAt: '2026-11-21T12:00:00Z',
  media: [{ kind: 'point-card' as const, scheme: 'grocer', id: '2261' }],
  purpose: 'purchase',
  currency: 'USD',
  amount: 386,
};

let stack: Stack;
let gateway: Gateway;
let keys = 0;
const newKey = () => `key-${++keys}`;

beforeAll(async () => {
  stack = await startStack();
  gateway = await stack.startGateway();
}, 60_000);
afterAll(() => stack?.stop(), 30_000);

const sell = (client = gateway.client('store-309'), key = newKey(), body: object = SALE) =>
  client.POST('/v1/settlements', {
    params: { header: { 'Idempotency-Key': key } },
    body: body as typeof SALE,
  });

describe('who asks', () => {
  it('is nobody without a token: 401', async () => {
    const { error, response } = await sell(createCouplet({ baseUrl: gateway.baseUrl }));
    expect(error).toMatchObject({
      status: 401,
      code: 'unauthenticated',
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(response.headers.get('www-authenticate')).toContain('Bearer');
  });

  it.each(['', 'Bearer x', 'Bearer a.b.c', 'Basic c3RvcmU6c2VjcmV0'])(
    'is not somebody by the header %p',
    async (header) => {
      const response = await fetch(
        `${gateway.baseUrl}/v1/reports/daily-usage?from=2026-01-01&to=2026-01-02`,
        {
          headers: { Authorization: header },
        },
      );
      expect(response.status).toBe(401);
    },
  );

  it('is refused what is not of its scope: 403', async () => {
    const { error } = await gateway.client('store-309').PUT('/v1/holders', { body: { holders: [] } });
    expect(error).toMatchObject({ status: 403, code: 'caller-not-allowed' });
  });

  it('never is another store, whatever it says', async () => {
    await stack.serve(SettleV1, ({ storeId }) => ({ ...APPROVED, declineReason: storeId }));
    const { error } = await sell(undefined, undefined, { ...SALE, storeId: '310' });
    expect(error).toMatchObject({ status: 403, detail: 'storeId is not yours' });
    expect((await sell(undefined, undefined, { ...SALE, storeId: '309' })).data?.declineReason).toBe('309');
  });

  it('is the person whom the credential names, whoever else is written there', async () => {
    await stack.serve(DraftOffersV1, () => ({ drafted: 0 }));
    const { error } = await gateway
      .client('ada')
      .PUT('/v1/offers', { body: { draftedBy: 'grace', offers: [] } as unknown as { offers: [] } });
    expect(error).toMatchObject({ status: 403, detail: 'draftedBy is not yours' });
  });

  it('sees nothing of another store under the same key', async () => {
    const asked: unknown[] = [];
    await stack.serve(StatusV1, ({ attemptId }) => {
      asked.push(attemptId);
      return { attemptId, state: 'unknown' };
    });
    const params = { path: { key: 'same' } };
    await gateway.client('store-309').GET('/v1/settlements/{key}', { params });
    await gateway.client('store-310').GET('/v1/settlements/{key}', { params });
    await gateway.client('store-309').GET('/v1/settlements/{key}', { params });
    expect(asked[1]).not.toBe(asked[0]);
    expect(asked[2]).toBe(asked[0]);
  });
});

describe('a key', () => {
  it('is needed to change something: 400', async () => {
    const { error } = await gateway
      .client('store-309')
      .POST('/v1/settlements', { params: { header: {} as { 'Idempotency-Key': string } }, body: SALE });
    expect(error).toMatchObject({ status: 400, code: 'idempotency-key-missing' });
  });

  it('may stand in quotes, as the draft has it, and is the same without', async () => {
    const attempts: unknown[] = [];
    await stack.serve(SettleV1, ({ attemptId }) => (attempts.push(attemptId), APPROVED));
    const key = newKey();
    await sell(undefined, key);
    await sell(undefined, `"${key}"`);
    expect(attempts[1]).toBe(attempts[0]);
  });

  it('in use by a request that is still running: 409, and then the same answer', async () => {
    const { asked, answer } = await stack.hold(SettleV1);
    const client = gateway.client('store-309');
    const key = newKey();
    const first = sell(client, key);
    await asked;
    const { error, response } = await sell(client, key);
    expect(error).toMatchObject({ status: 409, code: 'attempt-in-progress', retryable: true });
    expect(response.headers.get('retry-after')).toBe('1');
    answer(APPROVED);
    expect((await first).data).toMatchObject({ outcome: 'approved', amount: 286 });
  });

  it('in use by a request that runs elsewhere: 409', async () => {
    await stack.serve(SettleV1, () => new ProblemError('attempt-in-progress', 'not decided yet'));
    expect((await sell()).error).toMatchObject({ status: 409, code: 'attempt-in-progress' });
  });

  it('used for something else: 422', async () => {
    await stack.serve(SettleV1, () => new ProblemError('attempt-conflict', 'another body'));
    expect((await sell()).error).toMatchObject({ status: 422, code: 'idempotency-key-reused' });
  });

  it.each(['', 'with space', 'a/b', 'x'.repeat(65), 'é'])('cannot be %p', async (key) => {
    const response = await post('/v1/settlements', JSON.stringify(SALE), {
      'Idempotency-Key': encodeURI(key),
    });
    expect(response.status).toBe(400);
  });
});

describe('a body', () => {
  it('that does not fit is told by field: 422', async () => {
    const { error } = await sell(undefined, undefined, { ...SALE, amount: -1, currency: 'dollars' });
    expect(error).toMatchObject({ status: 422, code: 'invalid-request' });
    expect(error?.errors?.map(({ field }) => field).sort()).toEqual(['amount', 'currency']);
  });

  it('holds no id that follows from the key', async () => {
    const { error } = await sell(undefined, undefined, { ...SALE, attemptId: APPROVED.attemptId });
    expect(error).toMatchObject({
      status: 422,
      errors: [{ field: 'attemptId', detail: 'is not given here' }],
    });
  });

  it('with a card needs a relay that can charge it: 422', async () => {
    const payment = { kind: 'credit-card', id: '4111111111111111' };
    const { error } = await sell(gateway.client('cash-only'), undefined, { ...SALE, payment });
    expect(error).toMatchObject({ status: 422, errors: [{ field: 'payment' }] });
    expect(JSON.stringify(error)).not.toContain('4111');
  });

  it('above the limit: 413', async () => {
    const response = await post('/v1/settlements', JSON.stringify({ ...SALE, note: 'x'.repeat(1_000_000) }));
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: 'payload-too-large' });
  });

  it.each([
    'text/plain',
    'application/xml',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
  ])('of type %s: 415', async (type) => {
    const response = await post('/v1/settlements', 'amount=1', { 'Content-Type': type });
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({ code: 'unsupported-media-type' });
  });

  it.each([
    ['nothing', ''],
    ['half of it', '{"amount":'],
    ['bytes', '\u0000\u0001\ufffd'],
    ['a number', '42'],
    ['a text', '"sale"'],
    ['null', 'null'],
    ['a list', '[[]]'],
    ['a prototype', '{"__proto__":{"scopes":["marketing"]}}'],
    ['a constructor', '{"constructor":{"prototype":{"x":1}}}'],
    ['ten thousand lists in each other', '['.repeat(10_000) + ']'.repeat(10_000)],
    ['a deep field', `{"lines":${'['.repeat(10_000)}${']'.repeat(10_000)}}`],
    ['numbers too large', JSON.stringify({ ...SALE, amount: 1e308, lines: [{ amount: 2 ** 60 }] })],
    [
      'sixty thousand fields',
      JSON.stringify(Object.fromEntries(Array.from({ length: 60_000 }, (_, i) => [`f${i}`, i]))),
    ],
    ['UTF-8 that is none', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
  ])('of %s is refused, and the gateway goes on', async (_, body) => {
    const response = await post('/v1/settlements', body);
    expect([400, 422]).toContain(response.status);
    expect(await response.json()).toMatchObject({ type: expect.stringContaining('urn:couplet:problem:') });
    expect((await fetch(`${gateway.baseUrl}/livez`)).status).toBe(200);
  });
});

describe('a service', () => {
  it('that is not there: 503, with when to try again', async () => {
    const { error, response } = await gateway.client('store-309').PUT('/v1/settlements/{key}/confirmation', {
      params: { path: { key: newKey() } },
    });
    expect(error).toMatchObject({ status: 503, code: 'unavailable', retryable: true });
    expect(response.headers.get('retry-after')).toBe('1');
  });

  it('that is too busy: 503', async () => {
    await stack.serve(ConfirmV1, () => new ProblemError('overloaded', 'too many at once'));
    const { error, response } = await gateway.client('store-309').PUT('/v1/settlements/{key}/confirmation', {
      params: { path: { key: newKey() } },
    });
    expect(error).toMatchObject({ status: 503, code: 'overloaded' });
    expect(response.headers.get('retry-after')).toBe('1');
  });

  it('that says no is quoted, and one that breaks is not', async () => {
    await stack.serve(RegisterHoldersV1, () => new ProblemError('not-found', 'there is no such thing'));
    const holders = [{ holderId: APPROVED.attemptId, attributes: {}, media: [] }];
    const { error } = await gateway.client('telecom').PUT('/v1/holders', { body: { holders } });
    expect(error).toMatchObject({ status: 404, detail: 'there is no such thing' });

    await stack.serve(DailyUsageV1, () => ({ days: 'not a list' }));
    const { error: broken } = await gateway
      .client('ada')
      .GET('/v1/reports/daily-usage', { params: { query: { from: '2026-01-01', to: '2026-01-02' } } });
    expect(broken).toMatchObject({ status: 500, code: 'internal' });
    expect(JSON.stringify(broken)).not.toContain('not a list');
  });
});

describe('what is not there', () => {
  it.each(['/nothing', '/v1/settlements/a/b/c', '/v1/../etc/passwd', '/%2e%2e/x'])(
    '%s: 404 as a problem',
    async (path) => {
      const response = await fetch(gateway.baseUrl + path);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ code: 'unknown-request' });
    },
  );

  it.each(['/%ff', '/v1/settlements/%zz'])('%s: 400 as a problem', async (path) => {
    const response = await rawRequest(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(response).toMatch(/^HTTP\/1\.1 400[\s\S]*urn:couplet:problem/);
  });
});

describe('bytes that are no request', () => {
  it('are answered by a problem: 400', async () => {
    expect(await rawRequest('nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400[\s\S]*malformed-request/);
  });

  it('that come too slowly end the connection: 408', async () => {
    const { baseUrl, stop } = await stack.startGateway({ REQUEST_TIMEOUT_MS: '300' });
    const slow = await rawRequest('POST /v1/settlements HTTP/1.1\r\nHost: x\r\nX-Slow', baseUrl);
    expect(slow).toMatch(/^HTTP\/1\.1 408[\s\S]*request-timeout/);
    const half =
      'POST /v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"co';
    expect(await rawRequest(half, baseUrl)).toMatch(/^HTTP\/1\.1 408/);
    await stop();
  });
});

it('no other site can ask in the name of who is signed in: 403', async () => {
  const response = await fetch(`${gateway.baseUrl}/v1/session`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Origin: 'https://evil.test',
      'Sec-Fetch-Site': 'cross-site',
    },
    body: '{"code":"x"}',
  });
  expect(response.status).toBe(403);
  expect(await response.json()).toMatchObject({ code: 'caller-not-allowed' });
});

async function post(
  path: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
): Promise<Response> {
  const token = await tokenOf();
  return fetch(gateway.baseUrl + path, {
    method: 'POST',
    headers: {
      Authorization: token,
      'Content-Type': 'application/json',
      'Idempotency-Key': newKey(),
      ...headers,
    },
    body,
  });
}

/** What the client sends, so that a test can send other bodies with it. */
async function tokenOf(): Promise<string> {
  let token = '';
  const client = gateway.client('store-309');
  client.use({
    onRequest: ({ request }) => {
      token = request.headers.get('Authorization')!;
      return Response.json({});
    },
  });
  await client.GET('/v1/session');
  return token;
}

/** Writes bytes and reads until the other side closes. */
async function rawRequest(bytes: string, baseUrl = gateway.baseUrl): Promise<string> {
  const { hostname, port } = new URL(baseUrl);
  const socket = connect(Number(port), hostname);
  socket.write(bytes);
  return text(socket);
}
