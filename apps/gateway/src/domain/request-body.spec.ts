import { HTTP_ROUTES, type HttpRoute } from '@couplet/contracts';
import type { Principal } from './principal.ts';
import { type HttpSources, requestBody } from './request-body.ts';

const STORE: Principal = { kind: 'client', clientId: 'backend', scopes: ['store'], storeId: '309' };
const HOLDER: Principal = { kind: 'holder', holderId: 'ann' };
const routeOf = (name: string): HttpRoute =>
  HTTP_ROUTES.find(({ method, path }) => `${method} ${path}` === name)!;
const bodyOf = (name: string, sources: Partial<HttpSources>, principal: Principal = STORE) =>
  requestBody(routeOf(name), { params: {}, given: {}, ...sources }, principal, (of, key) => `${of}:${key}`);

it('makes ids of keys: of the header, of the path, and of those in the body', () => {
  const given = { amount: 1, continues: 'first' };
  expect(bodyOf('POST /v1/settlements', { given, idempotencyKey: 'second' })).toEqual({
    amount: 1,
    attemptId: 'settlement:second',
    continues: 'settlement:first',
    storeId: '309',
  });
  const sources = { params: { key: 'first' }, idempotencyKey: 'r1' };
  expect(bodyOf('POST /v1/settlements/{key}/refunds', sources)).toEqual({
    attemptId: 'settlement:first',
    refundId: 'refund:r1',
  });
});

it('gives every item of a list its own id and the same store', () => {
  const given = { scans: [{ scanId: 'a' }, { scanId: 'b', storeId: '309' }] };
  expect(bodyOf('PUT /v1/scans', { given })).toEqual({
    scans: [
      { scanId: 'scan:a', storeId: '309' },
      { scanId: 'scan:b', storeId: '309' },
    ],
  });
});

it('takes fields from the path, and a position from the cursor', () => {
  const marketing: Principal = { kind: 'client', clientId: 'ada', scopes: ['marketing'] };
  const sources = { params: { batchId: 'b1' }, given: { limit: 5 }, position: 'CODE' };
  expect(bodyOf('GET /v1/code-batches/{batchId}/codes', sources, marketing)).toEqual({
    batchId: 'b1',
    limit: 5,
    requestedBy: 'ada',
    after: 'CODE',
  });
});

it.each([
  ['POST /v1/settlements', { storeId: '310' }, 'caller-not-allowed'],
  ['POST /v1/settlements', { attemptId: 'x' }, 'invalid-request'],
  ['POST /v1/settlements', { continues: 'not a key' }, 'invalid-request'],
  ['POST /v1/settlements', { continues: { $gt: '' } }, 'invalid-request'],
  ['POST /v1/settlements', [], 'invalid-request'],
  ['POST /v1/settlements', 'text', 'invalid-request'],
  ['PUT /v1/scans', { scans: [{ scanId: 'a', storeId: '310' }] }, 'caller-not-allowed'],
  ['PUT /v1/scans', { scans: [null] }, 'invalid-request'],
])('%s refuses %j: %s', (name, given, code) => {
  expect(() => bodyOf(name, { given, idempotencyKey: 'k' })).toThrow(expect.objectContaining({ code }));
});

it('lets nobody do what needs an identity that they have not', () => {
  expect(() => bodyOf('POST /v1/scans', { idempotencyKey: 'k' }, HOLDER)).toThrow(
    expect.objectContaining({ code: 'caller-not-allowed' }),
  );
});
