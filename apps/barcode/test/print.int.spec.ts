import { PrintCouponV1, RegisterHoldersV1, SearchCouponsV1, SYMBOLOGIES } from '@couplet/contracts';
import { v7 as uuidv7 } from 'uuid';
import { ASK, Stack } from './stack.ts';
import { paperOf, scannedInPdf } from './paper.ts';

let stack: Stack;
beforeAll(async () => (stack = await Stack.start()));
afterAll(() => stack.stop());

/** All that the terminal has is a card: by it the coupon is found, and printed. */
const print = async (request: object) => {
  const media = [await pointCardWithACoupon()];
  const search = { ...{ searchId: uuidv7(), purpose: 'purchase' }, presentedAt: new Date().toISOString() };
  const { coupons } = await stack.store.request(SearchCouponsV1, { ...search, media, limit: 50 }, ASK);
  const { holderId, couponId } = coupons[0]!;
  const body = {
    ...{ codeId: uuidv7(), holderId, couponId, symbology: 'qr' as const },
    ...{ paper: { format: 'esc-pos' as const, columns: '42' as const }, ...request },
  };
  return stack.store.request(PrintCouponV1, body, ASK);
};

async function pointCardWithACoupon() {
  const { holderId } = await stack.holder(await stack.offer({ title: 'A dollar off crème' }));
  const card = { kind: 'point-card', scheme: 'grocer', id: holderId } as const;
  await stack.operator.request(
    RegisterHoldersV1,
    { holders: [{ holderId, attributes: {}, media: [card] }] },
    ASK,
  );
  return card;
}

it.each(SYMBOLOGIES)(
  '[000-5] [000-6] [000-15] [000-16] the terminal prints a coupon as %s, and uses what it printed',
  async (symbology) => {
    for (const columns of ['32', '42', '48'] as const) {
      const printed = await print({ symbology, paper: { format: 'esc-pos', columns } });
      expect(printed.mediaType).toBe('application/vnd.escpos');
      const { text, scanned } = await paperOf(Buffer.from(printed.data, 'base64'));
      expect(text).toContain('A dollar off cr');
      expect(text).toContain('Valid until ');
      expect(await stack.reasonOf(scanned)).toBeUndefined();
    }
  },
);

it.each(SYMBOLOGIES)('makes a PDF of it as %s, which is scanned as well', async (symbology) => {
  const printed = await print({ symbology, paper: { format: 'pdf' } });
  const data = Buffer.from(printed.data, 'base64');
  expect(printed.mediaType).toBe('application/pdf');
  expect(data.subarray(0, 5).toString()).toBe('%PDF-');
  expect(data.subarray(-6).toString()).toContain('%%EOF');
  expect(await stack.reasonOf(await scannedInPdf(data))).toBeUndefined();
});

it('prints the same code again for the same request', async () => {
  const request = { codeId: uuidv7(), ...(await held()) };
  const body = {
    ...request,
    symbology: 'qr' as const,
    paper: { format: 'esc-pos' as const, columns: '42' as const },
  };
  const first = await stack.store.request(PrintCouponV1, body, ASK);
  expect(await stack.store.request(PrintCouponV1, body, ASK)).toEqual(first);
});

async function held() {
  const { holderId, couponIds } = await stack.holder(await stack.offer());
  return { holderId, couponId: couponIds[0]! };
}
