import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { randomUUID } from 'node:crypto';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import type { components, Couplet } from '@couplet/client';
import { at, CARD, PRODUCT, startHttpSystem, type HttpSystem } from './http-system.ts';

type IssuedCode = components['schemas']['IssueCodeReply'];

// The package would fetch its WebAssembly from the net.
const wasm = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(readFileSync(wasm)).buffer } });

/** A phone, a store's scanner and its computer, and nothing between them but HTTP. */
let system: HttpSystem;
beforeAll(async () => (system = await startHttpSystem()), 120_000);
afterAll(() => system?.stop(), 60_000);

it('[003-7] [003-10] [003-81] [003-83] a phone asks for a bar code of a combination and shows it, a store scans it there and is told what it is good for', async () => {
  await system.acquire(system.bob); // He has no card, by which another test could find it.
  const content = await scanned(await issued(system.bob, { productIds: [PRODUCT] }));
  const { data } = await system.client['store-309'].POST('/v1/eligible-products', {
    body: { code: content, scannedAt: at(0) },
  });
  expect(data).toMatchObject({ result: 'valid', currency: 'USD', products: [{ productId: PRODUCT }] });
});

it('[003-8] [003-9] the store posts what was bought with the code, with quantities, and is told the discount', async () => {
  const content = await scanned(await issued());
  const { data } = await sell(content, randomUUID(), [
    { productId: PRODUCT, quantity: '2', amount: 386 },
    { productId: 'milk', quantity: '1', amount: 120 },
  ]);
  expect(data).toMatchObject({ result: 'valid', discount: 100 });
  expect(data?.result === 'valid' && data.lines).toMatchObject([
    { productId: PRODUCT, quantity: '2', eligible: true, discount: 100 },
    { productId: 'milk', eligible: false, discount: 0 },
  ]);
});

it('a whole purchase: search, bar code, scan, confirm; the same again is the same, and the code is used up', async () => {
  const content = await scanned(await issued());
  const key = randomUUID();
  const held = await sell(content, key, undefined, 'on-confirm');
  expect(held.data).toMatchObject({ result: 'valid', state: 'held', discount: 100 });
  expect((await sell(content, key, undefined, 'on-confirm')).data).toEqual(held.data);

  const path = { params: { path: { key } } };
  const store = system.client['store-309'];
  expect((await store.PUT('/v1/scans/{key}/confirmation', path)).data).toMatchObject({
    outcome: 'confirmed',
  });
  expect((await store.GET('/v1/scans/{key}', path)).data).toMatchObject({ state: 'granted' });
  expect((await sell(content, randomUUID())).data).toMatchObject({
    result: 'invalid',
    reason: 'already-used',
  });
});

it('of fifty tills that scan one code, and one that takes the card of its holder, exactly one uses the coupon', async () => {
  for (let round = 0; round < 3; round++) {
    const content = await scanned(await issued());
    const [card, ...scans] = await Promise.all([
      payByCard(),
      ...Array.from({ length: 50 }, () => sell(content, randomUUID())),
    ]);
    const discounts = [
      card.data?.discount ?? 0,
      ...scans.map(({ data }) => (data?.result === 'valid' ? data.discount : 0)),
    ];
    expect(scans.filter(({ data }) => data === undefined).map(({ error }) => error)).toEqual([]);
    expect(card.data).toMatchObject({ outcome: 'approved' });
    expect(discounts.filter((discount) => discount > 0)).toEqual([100]);
  }
});

it('another body under the key of a scan: 422', async () => {
  const content = await scanned(await issued());
  const key = randomUUID();
  await sell(content, key);
  expect((await sell(content, key, [{ productId: 'milk' }])).error).toMatchObject({
    status: 422,
    code: 'idempotency-key-reused',
  });
});

it('a scan is seen and undone by its own store alone', async () => {
  const content = await scanned(await issued());
  const key = randomUUID();
  await sell(content, key);
  const path = { params: { path: { key } } };
  expect((await system.client['store-310'].GET('/v1/scans/{key}', path)).data).toMatchObject({
    state: 'unknown',
  });
  await system.client['store-310'].PUT('/v1/scans/{key}/void', path);
  expect((await system.client['store-309'].GET('/v1/scans/{key}', path)).data).toMatchObject({
    state: 'granted',
  });
});

it('scans of a store that was offline are handed in together, each answered, and known by their keys', async () => {
  const content = await scanned(await issued());
  const scans = ['off-1', 'off-2'].map((scanId) => ({
    scanId,
    terminalId: '4',
    scannedAt: at(0),
    code: content,
    lines: [{ productId: PRODUCT }],
  }));
  const { data } = await system.client['store-309'].PUT('/v1/scans', { body: { scans } });
  expect(data?.scans.map(({ reply }) => reply?.result)).toEqual(['valid', 'invalid']);
  const { data: status } = await system.client['store-309'].GET('/v1/scans/{key}', {
    params: { path: { key: 'off-1' } },
  });
  expect(status).toMatchObject({ state: 'granted' });
});

it('a bar code is shown to its holder alone', async () => {
  const { codeId } = await issued();
  const show = { params: { path: { codeId } }, body: { symbol: SYMBOL } };
  expect((await system.ann.POST('/v1/me/bar-codes/{codeId}/pictures', show)).data).toMatchObject({ codeId });
  expect((await system.bob.POST('/v1/me/bar-codes/{codeId}/pictures', show)).error).toMatchObject({
    status: 404,
  });
});

/** A repeat of a scan says the same time. */
const scannedAts = new Map<string, string>();
const SYMBOL = { screen: { widthPx: 1_080, heightPx: 1_920, pixelsPerInch: 420 } };

/** A bar code of a combination, or of a new coupon that its holder has searched. */
async function issued(holder = system.ann, combination?: { productIds: string[] }): Promise<IssuedCode> {
  const { data, error } = await holder.POST('/v1/me/bar-codes', {
    params: { header: { 'Idempotency-Key': randomUUID() } },
    body: { ...(combination ?? { couponIds: [await foundCoupon(holder)] }), symbol: SYMBOL },
  });
  if (!data) throw new Error(JSON.stringify(error));
  return data;
}

async function foundCoupon(holder: Couplet): Promise<string> {
  const couponId = await system.acquire(holder);
  const query = { at: at(0), couponIds: [couponId] };
  const { data } = await holder.GET('/v1/me/coupons', { params: { query } });
  return data!.coupons[0]!.couponId;
}

/** What a decoder that is not the encoder reads from the picture that was sent. */
async function scanned({ symbol }: IssuedCode): Promise<string> {
  const [read] = await readBarcodes(new Uint8Array(Buffer.from(symbol.data, 'base64')));
  return read!.text;
}

function payByCard() {
  return system.client['store-310'].POST('/v1/settlements', {
    params: { header: { 'Idempotency-Key': randomUUID() } },
    body: {
      ...{ terminalId: '4', presentedAt: at(0), payment: { kind: 'credit-card', id: CARD } },
      ...{ purpose: 'purchase', currency: 'USD', amount: 386 },
      lines: [
        { lineId: '1', productId: PRODUCT, quantity: '1', unit: 'each', amount: 386, discountable: true },
      ],
    },
  });
}

function sell(
  code: string,
  key: string,
  lines: components['schemas']['ScanCodeRequest']['lines'] = [{ productId: PRODUCT, amount: 386 }],
  finish: 'immediate' | 'on-confirm' = 'immediate',
) {
  const scannedAt = scannedAts.get(key) ?? at(0);
  scannedAts.set(key, scannedAt);
  return system.client['store-309'].POST('/v1/scans', {
    params: { header: { 'Idempotency-Key': key } },
    body: { terminalId: '4', scannedAt, code, currency: 'USD', lines, finish },
  });
}
