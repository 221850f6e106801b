import { createCouplet } from '@couplet/client';
import {
  AcquireByCodeV1,
  CreditsOwedV1,
  ListOffersV1,
  ProblemError,
  ReadAuditV1,
  ScanCodeV1,
  SettleV1,
  UploadScansV1,
} from '@couplet/contracts';
import { startProcess } from '@couplet/infra';
import path from 'node:path';
import type { z } from 'zod';
import { type ClientId, type Gateway, type Stack, startStack } from './stack.ts';

const NOW = '2026-11-21T12:00:00Z';
const HOLDER = '01890a5d-ac96-774b-bcce-b302099a8001';
const ID = (index: number) => `01890a5d-ac96-774b-bcce-${String(index).padStart(12, '0')}`;

let stack: Stack;
let gateway: Gateway;
beforeAll(async () => {
  stack = await startStack();
  gateway = await stack.startGateway();
}, 60_000);
afterAll(() => stack?.stop(), 30_000);

describe('limits', () => {
  it('of one store stop that store and no other: 429, with when to try again', async () => {
    await stack.serve(ReadAuditV1, () => ({ entries: [] }));
    const { client, stop } = await stack.startGateway({ OFFICE_PER_SECOND: '3' });
    const ada = client('ada');
    const answers = await Promise.all(Array.from({ length: 6 }, () => ada.GET('/v1/audit')));
    const refused = answers.filter(({ error }) => error);
    expect(refused.length).toBeGreaterThanOrEqual(2);
    expect(refused[0]!.error).toMatchObject({ status: 429, code: 'rate-limited', retryable: true });
    expect(Number(refused[0]!.response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(
      (await client('telecom').POST('/v1/sign-in-codes', { body: { holderId: HOLDER } })).data,
    ).toBeDefined();
    await stop();
  });

  it('of an address stop whoever tries sign-in codes', async () => {
    const { baseUrl, stop } = await stack.startGateway({ ANYBODY_PER_MINUTE: '5' });
    const nobody = createCouplet({ baseUrl });
    const tries = async () =>
      (await nobody.POST('/v1/session', { body: { code: 'AAAA-BBBB-CCCC' } })).error?.status;
    const statuses = [];
    for (let index = 0; index < 7; index++) statuses.push(await tries());
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429]);
    await stop();
  });

  it('of wrong typed codes stop the store that guesses, and everyone for codes that begin alike', async () => {
    const unknown = { scanId: ID(1), result: 'invalid', reason: 'unknown-code' };
    await stack.serve(ScanCodeV1, () => unknown);
    const { client, stop } = await stack.startGateway({ CODE_MISSES_PER_MINUTE: '3' });
    const [guesser, other] = [client('store-309'), client('store-310')];
    for (let index = 0; index < 3; index++)
      expect((await scan(guesser, `7777000011112${index}22`)).data).toMatchObject(unknown);
    expect((await scan(guesser, '1234567812345678')).error).toMatchObject({ code: 'rate-limited' });
    expect((await scan(other, '7777999999999999')).error).toMatchObject({ code: 'rate-limited' });
    expect((await scan(other, '1234567812345678')).data).toMatchObject(unknown);
    await stop();
  });

  it('never stop bar codes, which nobody guesses', async () => {
    await stack.serve(ScanCodeV1, () => ({ scanId: ID(1), result: 'invalid', reason: 'unknown-code' }));
    const { client, stop } = await stack.startGateway({ CODE_MISSES_PER_MINUTE: '2' });
    for (let index = 0; index < 5; index++)
      expect((await scan(client('store-309'), `1${'7'.repeat(49)}`)).data).toBeDefined();
    await stop();
  });

  it('count codes handed in by hundreds, and codes of holders', async () => {
    const scans = Array.from({ length: 10 }, (_, index) => upload(`k${index}`, `555500001111222${index}`));
    await stack.serve(UploadScansV1, () => ({
      scans: scans.map((_, index) => ({
        scanId: ID(index),
        reply: { scanId: ID(index), result: 'invalid', reason: 'unknown-code' },
      })),
    }));
    await stack.serve(AcquireByCodeV1, () => new ProblemError('not-found', 'there is no such code'));
    const { client, baseUrl, stop } = await stack.startGateway({ CODE_MISSES_PER_MINUTE: '5' });
    expect((await client('store-309').PUT('/v1/scans', { body: { scans } })).data?.scans).toHaveLength(10);
    expect((await client('store-309').PUT('/v1/scans', { body: { scans } })).error).toMatchObject({
      status: 429,
    });

    const holder = createCouplet({ baseUrl, keepSession: true });
    const { data } = await client('telecom').POST('/v1/sign-in-codes', { body: { holderId: HOLDER } });
    await holder.POST('/v1/session', { body: data! });
    const tries = [];
    for (let index = 0; index < 6; index++) {
      const { error } = await holder.POST('/v1/me/coupon-codes', {
        params: { header: { 'Idempotency-Key': `c${index}` } },
        body: { channel: 'web', acquiredAt: NOW, code: `ABCDE${index}` },
      });
      tries.push(error?.status);
    }
    expect(tries).toEqual([404, 404, 404, 404, 404, 429]);
    await stop();
  });
});

describe('a list', () => {
  const offers: z.input<typeof ListOffersV1.reply>['offers'] = Array.from({ length: 5 }, (_, index) => ({
    offerId: ID(index),
    campaignId: ID(99),
    title: `Offer ${index}`,
    state: 'draft',
    phase: 'draft',
    version: 1,
    validFrom: NOW,
    validTo: '2027-01-01T00:00:00Z',
    draftedBy: 'ada',
  }));
  const page = ({ before, limit }: Record<string, unknown>) => {
    const from = before === undefined ? 0 : offers.findIndex(({ offerId }) => offerId === before) + 1;
    const to = from + (limit as number);
    return { offers: offers.slice(from, to), more: to < offers.length };
  };

  it('is read page by page with what the page before gave', async () => {
    await stack.serve(ListOffersV1, page);
    const ada = gateway.client('ada');
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const { data } = await ada.GET('/v1/offers', {
        params: { query: { limit: 2, ...(cursor && { cursor }) } },
      });
      seen.push(...data!.offers.map(({ offerId }) => offerId));
      cursor = data!.next;
    } while (cursor);
    expect(seen).toEqual(offers.map(({ offerId }) => offerId));
  });

  it('takes no cursor that it did not give: not a made one, nor one of another list', async () => {
    await stack.serve(ListOffersV1, page);
    const ada = gateway.client('ada');
    const { data } = await ada.GET('/v1/offers', { params: { query: { limit: 2 } } });
    const made = `${Buffer.from(JSON.stringify(ID(3))).toString('base64url')}.${data!.next!.split('.')[1]}`;
    for (const cursor of [made, 'x', '', '.', `${data!.next}x`])
      if (cursor)
        expect((await ada.GET('/v1/offers', { params: { query: { cursor } } })).error).toMatchObject({
          status: 422,
        });
    const other = await ada.GET('/v1/audit', { params: { query: { cursor: data!.next! } } });
    expect(other.error).toMatchObject({ status: 422, errors: [{ field: 'cursor' }] });
    const before = await ada.GET('/v1/offers', { params: { query: { before: ID(3) } as object } });
    expect(before.error).toMatchObject({ status: 422, errors: [{ field: 'before' }] });
  });
});

describe('for whoever runs it', () => {
  it('is alive and ready, and not ready without what it needs', async () => {
    const { baseUrl, stop } = await stack.startGateway();
    const ready = async () => {
      const response = await fetch(`${baseUrl}/readyz`);
      return [response.status, await response.json()];
    };
    expect(await ready()).toEqual([200, { status: 'ready', nats: 'up', postgres: 'up' }]);
    await stack.nats.kill();
    expect(await ready()).toEqual([503, { status: 'not-ready', nats: 'down', postgres: 'up' }]);
    expect((await fetch(`${baseUrl}/livez`)).status).toBe(200);
    await stack.restartNats();
    while ((await ready())[0] !== 200) await new Promise((resolve) => setTimeout(resolve, 50));
    await stop();
  }, 30_000);

  it('counts what it answers, by operation and never by who asks', async () => {
    await gateway.client('ada').GET('/v1/offers');
    const text = await (await fetch(`${gateway.baseUrl}/metrics`)).text();
    expect(text).toMatch(
      /http_request_duration_seconds_count\{method="GET",route="\/v1\/offers",status="\d+"\} [1-9]/,
    );
    expect(text).toContain('process_cpu_user_seconds_total');
    expect(text).not.toContain('ada');
  });

  it('answers what is under way before it ends, and takes nothing new', async () => {
    const { asked, answer } = await stack.hold(SettleV1);
    const { client, baseUrl, stop } = await stack.startGateway();
    const sale = client('store-309').POST('/v1/settlements', {
      params: { header: { 'Idempotency-Key': 'last' } },
      body: {
        terminalId: '4',
        presentedAt: NOW,
        media: [{ kind: 'point-card', scheme: 'grocer', id: '2261' }],
        purpose: 'purchase',
        currency: 'USD',
        amount: 386,
      },
    });
    await asked;
    const stopped = stop();
    await refused(baseUrl);
    answer({
      attemptId: ID(1),
      settlementId: ID(2),
      outcome: 'approved',
      currency: 'USD',
      originalAmount: 386,
      discount: 0,
      amount: 386,
      coupons: [],
      benefits: [],
      couponSearch: 'none',
    });
    expect((await sale).data).toMatchObject({ amount: 386 });
    await stopped;
  });

  it('starts as a process with its settings from the environment, and tells everything that is wrong with them', async () => {
    const program = path.join(import.meta.dirname, '../dist/main.js');
    const failed = startProcess({
      name: 'gateway',
      args: [program],
      env: {
        ...stack.environment,
        GATEWAY_KEY: 'short',
        CLIENTS: '[{"clientId":"a"}]',
        RELAY_PASSWORDS: '{',
      },
    });
    await expect(failed).rejects.toThrow(
      /GATEWAY_KEY must be[\s\S]*CLIENTS[\s\S]*RELAY_PASSWORDS is not JSON/,
    );
    const running = await startProcess({ name: 'gateway', args: [program], env: stack.environment });
    expect(await running.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  }, 60_000);
});

describe('the description of the API', () => {
  it('is an OpenAPI document, and a page whose every part comes from here', async () => {
    const document = (await (await fetch(`${gateway.baseUrl}/openapi.json`)).json()) as { paths: object };
    expect(document).toMatchObject({ openapi: '3.1.0', servers: [{ url: 'https://couplet.test' }] });
    expect(Object.keys(document.paths)).toContain('/v1/settlements');

    const page = await fetch(`${gateway.baseUrl}/docs`);
    const html = await page.text();
    const parts = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, part]) => part!);
    expect(parts).toHaveLength(3);
    for (const part of parts) {
      expect(part).toMatch(/^\/docs\//);
      const response = await fetch(gateway.baseUrl + part);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toMatch(/^text\/(css|javascript)/);
    }
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(page.headers.get('strict-transport-security')).toContain('max-age');
  });
});

function scan(client: ReturnType<Gateway['client']>, code: string) {
  return client.POST('/v1/scans', {
    params: { header: { 'Idempotency-Key': crypto.randomUUID() } },
    body: { terminalId: '4', scannedAt: NOW, code, lines: [{ productId: 'cereal' }] },
  });
}

function upload(scanId: string, code: string) {
  return { scanId, terminalId: '4', scannedAt: NOW, code, lines: [{ productId: 'cereal' }] };
}

/** Resolves when nothing new is taken: refused by the port, or told that it ends. */
async function refused(baseUrl: string): Promise<void> {
  for (;;) {
    const status = await fetch(`${baseUrl}/livez`).then(
      (response) => response.status,
      () => 0,
    );
    if (status !== 200) return;
  }
}

describe('the report of credits', () => {
  const span = { from: '2026-11-01', to: '2026-11-30' };
  const credits: z.input<typeof CreditsOwedV1.reply>['credits'] = [
    {
      ...{ offerId: ID(1), title: '1.00 back', party: 'manufacturer:36200', currency: 'USD' },
      ...{ credit: 300, paid: 200, owed: 100, uses: 3 },
    },
  ];
  const report = (clientId: ClientId, query = span) =>
    gateway.client(clientId).GET('/v1/reports/credits-owed', { params: { query } });

  it('[003-82] tells marketing what is paid and what is still owed in a span of days', async () => {
    const asked: unknown[] = [];
    await stack.serve(CreditsOwedV1, (body) => (asked.push(body), { credits }));

    expect((await report('ada')).data).toEqual({ credits });
    expect(asked).toEqual([span]);
  });

  it('is refused to a store, and for a span that ends before it begins', async () => {
    await stack.serve(CreditsOwedV1, () => ({ credits }));

    expect((await report('store-309')).error).toMatchObject({ status: 403 });
    const { error } = await report('ada', { from: span.to, to: span.from });
    expect(error).toMatchObject({ status: 422, errors: [{ field: 'to' }] });
  });
});
