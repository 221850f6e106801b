import { FindHeldCouponsV1, RevokeCodeV1, ShowCodeV1, SYMBOLOGIES } from '@couplet/contracts';
import { v7 as uuidv7 } from 'uuid';
import { ASK, contentOf, PHONE, Stack } from './stack.ts';

let stack: Stack;
beforeAll(async () => (stack = await Stack.start()));
afterAll(() => stack.stop());

const symbol = { symbology: 'qr', format: 'png', screen: PHONE } as const;
const stored = async (codeId: string) => {
  const { rows } = await stack.pool.query<Record<string, unknown>>(
    'SELECT * FROM issued_code WHERE code_id = $1',
    [codeId],
  );
  return rows[0]!;
};

describe('search', () => {
  it('[003-6] finds what a holder holds: by product, by store, by words, page by page', async () => {
    const milk = await stack.offer({ title: 'A dollar off milk' });
    const bread = await stack.offer({
      title: 'Bread for less',
      terms: { requires: [{ productIds: ['bread', 'rolls'], quantity: 1 }] },
      conditions: { stores: ['7'] },
    });
    const { holderId } = await stack.holder(milk, bread);
    const find = async (request: object) => {
      const body = { holderId, at: new Date().toISOString(), purpose: 'purchase', limit: 50, ...request };
      const { coupons, after } = await stack.phone.request(FindHeldCouponsV1, body, ASK);
      return { titles: coupons.map(({ title }) => title), after, coupons };
    };
    expect((await find({})).titles.toSorted()).toEqual(['A dollar off milk', 'Bread for less']);
    expect((await find({ productIds: ['rolls'] })).titles).toEqual(['Bread for less']);
    expect((await find({ storeId: '309' })).titles).toEqual(['A dollar off milk']);
    expect((await find({ text: 'BREAD' })).titles).toEqual(['Bread for less']);
    const first = await find({ limit: 1 });
    const second = await find({ limit: 1, after: first.after });
    expect([...first.titles, ...second.titles].toSorted()).toEqual(['A dollar off milk', 'Bread for less']);
    expect(second.after).toBeUndefined();
    expect((await find({ text: 'bread' })).coupons[0]).toMatchObject({
      productCount: 2,
      productIds: ['bread', 'rolls'],
    });
  });
});

describe('issue', () => {
  it.each(SYMBOLOGIES)(
    '[003-1] [003-4] [003-35] [003-55] [003-65] [003-81] sends %s as a picture that a decoder reads on the phone, and the store accepts',
    async (symbology) => {
      const code = await stack.code({ symbol: { ...symbol, symbology } });
      expect(code.symbol.mediaType).toBe('image/png');
      expect(await stack.reasonOf(code.content)).toBeUndefined();
    },
  );

  it('[003-2] [003-3] [003-36] [003-37] [003-66] [003-67] makes the code of user, coupon and combination: change one of them in the store and it is another code', async () => {
    const offerId = await stack.offer({
      terms: { requires: [{ productIds: ['milk', 'cream'], quantity: 1 }] },
    });
    for (const change of [
      `holder_id = '${uuidv7()}'`,
      `coupons = jsonb_set(coupons, '{0,couponId}', '"${uuidv7()}"')`,
      `product_ids = '{milk,cream}'`,
      `store_ids = '{310}'`,
      `expires_at = expires_at + interval '1 day'`,
    ]) {
      const code = await stack.code({ offerId, productIds: ['milk'], storeIds: ['309'] });
      await stack.pool.query(`UPDATE issued_code SET ${change} WHERE code_id = $1`, [code.codeId]);
      expect([change, await stack.reasonOf(code.content)]).toEqual([change, 'code-differs']);
    }
  });

  it('[003-5] keeps user, products, combination, stores, issue and expiry of every code, and nothing that prints one', async () => {
    const code = await stack.code({ productIds: ['milk'], storeIds: ['309', '310'] });
    const row = await stored(code.codeId);
    expect(row).toMatchObject({
      holder_id: code.holderId,
      product_ids: ['milk'],
      store_ids: ['309', '310'],
      coupons: code.coupons,
      issued_at: new Date(code.issuedAt),
      expires_at: new Date(code.expiresAt),
    });
    const everything = JSON.stringify(row, (_, part: unknown) =>
      typeof part === 'bigint' ? String(part) : part,
    );
    expect(everything).not.toContain(code.content.slice(1, 40));
    expect(everything).not.toContain(code.typed.code);
  });

  it('[003-83] makes one code of a combination of products, of all coupons that they are for', async () => {
    const milk = await stack.offer();
    const bread = await stack.offer({
      terms: { requires: [{ productIds: ['bread', 'rolls'], quantity: 1 }] },
    });
    const { holderId, couponIds } = await stack.holder(milk, bread);
    const code = await stack.issue({ holderId, productIds: ['milk', 'bread'] });
    expect(code.coupons.map(({ couponId }) => couponId).toSorted()).toEqual(couponIds.toSorted());
    const lines = ['milk', 'bread', 'rolls'].map((productId) => ({
      ...{ productId, quantity: '1', unit: 'each', amount: 300n },
    }));
    expect(await stack.scan(code.content, { lines })).toMatchObject({
      result: 'valid',
      discount: 200n,
      lines: [
        { productId: 'milk', eligible: true, discount: 100n },
        { productId: 'bread', eligible: true, discount: 100n },
        { productId: 'rolls', eligible: false, discount: 0n },
      ],
    });
  });

  it('gives the same code for the same request, draws it for another screen, and refuses another body', async () => {
    const { holderId, couponIds } = await stack.holder(await stack.offer());
    const codeId = uuidv7();
    const first = await stack.issue({ codeId, holderId, couponIds });
    const again = await stack.issue({
      ...{ codeId, holderId, couponIds },
      symbol: { ...symbol, symbology: 'aztec' },
    });
    expect(again.content).toBe(first.content);
    expect(again.issuedAt).toBe(first.issuedAt);
    await expect(stack.issue({ codeId, holderId, couponIds, storeIds: ['1'] })).rejects.toMatchObject({
      code: 'attempt-conflict',
    });
  });

  it('takes an id in capital letters for the same id', async () => {
    const { holderId, couponIds } = await stack.holder(await stack.offer());
    const codeId = uuidv7();
    const code = await stack.issue({ holderId, couponIds, codeId: codeId.toUpperCase() });
    expect(code.codeId).toBe(codeId);
    expect((await stack.issue({ holderId, couponIds, codeId })).content).toBe(code.content);
    expect(await stack.reasonOf(code.content)).toBeUndefined();
  });

  it('makes contents that nobody guesses: 128 bits apart even for the same coupon', async () => {
    const { holderId, couponIds } = await stack.holder(await stack.offer());
    const secrets = new Set<string>();
    for (let n = 0; n < 8; n++) {
      const { content } = await stack.issue({ holderId, couponIds });
      expect(content).toMatch(/^1\d{49}$/);
      secrets.add(content.slice(1, 40));
    }
    expect(secrets.size).toBe(8);
  });

  it('draws SVG as well as PNG', async () => {
    const { symbol: drawn } = await stackShown('svg');
    expect(drawn).toMatchObject({ mediaType: 'image/svg+xml', data: expect.stringMatching(/^<svg /) });
  });

  async function stackShown(format: 'svg' | 'png') {
    const code = await stack.code();
    return stack.phone.request(
      ShowCodeV1,
      { codeId: code.codeId, holderId: code.holderId, symbol: { ...symbol, format } },
      ASK,
    );
  }

  it.each([
    {
      name: "another holder's coupon",
      code: 'not-found',
      request: async () => ({ couponIds: (await stack.holder(await stack.offer())).couponIds }),
    },
    { name: 'a product that no coupon is for', code: 'not-found', request: () => ({ productIds: ['wine'] }) },
    {
      name: 'an end that is past',
      code: 'invalid-request',
      request: () => ({ expiresAt: '2020-01-01T00:00:00Z' }),
    },
    {
      name: 'a screen on which nobody could read it',
      code: 'invalid-request',
      request: () => ({ symbol: { ...symbol, screen: { widthPx: 64, heightPx: 64, pixelsPerInch: 500 } } }),
    },
    {
      name: 'GS1 DataBar for what AI (8110) cannot say',
      code: 'invalid-request',
      request: async () => {
        const offerId = await stack.offer({ terms: { reward: { kind: 'percent-off', rateBps: 1_000 } } });
        return {
          ...(await stack.holder(offerId)),
          symbol: { ...symbol, symbology: 'gs1-databar-coupon' as const },
        };
      },
    },
  ])('refuses $name', async ({ code, request }) => {
    const own = await stack.holder(await stack.offer());
    await expect(stack.issue({ ...own, ...(await request()) })).rejects.toMatchObject({ code });
  });
});

describe('what belongs to somebody else', () => {
  it('is neither shown nor revoked', async () => {
    const code = await stack.code();
    const asking = { codeId: code.codeId, holderId: uuidv7() };
    await expect(stack.phone.request(ShowCodeV1, { ...asking, symbol }, ASK)).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(stack.phone.request(RevokeCodeV1, asking, ASK)).rejects.toMatchObject({ code: 'not-found' });
    expect(await stack.reasonOf(await contentOf(code))).toBeUndefined();
  });
});
