import { ConfirmScanV1, RevokeCodeV1, ScanStatusV1, UploadScansV1, VoidScanV1 } from '@couplet/contracts';
import { v7 as uuidv7 } from 'uuid';
import { ASK, Stack, until } from './stack.ts';

let stack: Stack;
beforeAll(async () => (stack = await Stack.start({ CONFIRM_WITHIN_MS: '30000' })));
afterAll(() => stack.stop());

const USED = { usesLeft: 0, held: 0, used: 1 };
const FREE = { usesLeft: 1, held: 0, used: 0 };
const HELD = { usesLeft: 0, held: 1, used: 0 };
const rests = (couponId: string, state: object) =>
  until(async () => JSON.stringify(await stack.coupon(couponId)) === JSON.stringify(state));
const couponOf = (code: { coupons: { couponId: string }[] }) => code.coupons[0]!.couponId;
const each = (productId: string, quantity: string, amount?: bigint) => ({
  ...{ productId, quantity, unit: 'each' },
  ...(amount !== undefined && { amount }),
});

describe('what a store asks', () => {
  it('[003-7] [003-38] [003-56] [003-68] [003-70] [003-71] [003-72] posts a scanned code, is told that it is valid, and takes off what it is told', async () => {
    const code = await stack.code();
    expect(await stack.scan(code.content)).toMatchObject({
      ...{ result: 'valid', state: 'granted', currency: 'USD', discount: 100n, credit: 0n },
      coupons: [
        {
          couponId: couponOf(code),
          discount: 100n,
          funding: [{ party: 'manufacturer:614141', amount: 100n }],
        },
      ],
    });
    await rests(couponOf(code), USED);
  });

  it('[003-10] [003-49] asks with the code alone which products it is for, in pages, and uses nothing up', async () => {
    const productIds = ['a', 'b', 'c', 'd', 'e'];
    const code = await stack.code({
      offerId: await stack.offer({ terms: { requires: [{ productIds, quantity: 1 }] } }),
    });
    const first = await stack.eligible(code.content, { limit: 3 });
    expect(first).toMatchObject({ result: 'valid', currency: 'USD', productCount: 5, after: 'c' });
    const second = await stack.eligible(code.content, { limit: 3, after: 'c' });
    expect([first, second].flatMap((page) => (page.result === 'valid' ? page.products : []))).toEqual(
      productIds.map((productId) => ({ productId, unitDiscount: 100n })),
    );
    expect(second).not.toHaveProperty('after');
    expect(await stack.coupon(couponOf(code))).toEqual(FREE);
  });

  it('[003-8] [003-39] [003-57] [003-69] [003-73] [003-74] posts product ids alone: the unit discount of those that are eligible is the total', async () => {
    const code = await stack.code();
    const reply = await stack.scan(code.content, { lines: [each('milk', '1'), each('wine', '1')] });
    expect(reply).toMatchObject({
      ...{ result: 'valid', discount: 100n },
      lines: [
        { productId: 'milk', eligible: true, unitDiscount: 100n, discount: 100n },
        { productId: 'wine', eligible: false, discount: 0n },
      ],
    });
  });

  it('[003-9] [003-48] [003-75] posts quantities too: unit discount times quantity', async () => {
    const terms = { reward: { kind: 'amount-off' as const, amount: 50n }, usesPerBasket: 20 };
    const code = await stack.code({ offerId: await stack.offer({ terms }) });
    expect(await stack.scan(code.content, { lines: [each('milk', '3')] })).toMatchObject({
      ...{ result: 'valid', discount: 150n },
      lines: [{ productId: 'milk', quantity: '3', unitDiscount: 50n, discount: 150n }],
    });
  });

  it('is told that prices are needed where the discount depends on them, and the discount when it sends them', async () => {
    const terms = { reward: { kind: 'percent-off' as const, rateBps: 1_000 } };
    const code = await stack.code({ offerId: await stack.offer({ terms }) });
    expect(await stack.reasonOf(code.content, { lines: [each('milk', '1')] })).toBe('price-needed');
    expect(await stack.scan(code.content, { lines: [each('milk', '1', 390n)] })).toMatchObject({
      discount: 39n,
    });
  });

  it('[003-11] [003-17] [003-18] [003-24] [003-25] [003-31] [003-32] [003-45] [003-46] [003-52] [003-53] [003-60] keeps code, products, quantities, what was eligible, and the discount of each', async () => {
    const code = await stack.code();
    const { scanId } = await stack.scan(code.content, {
      lines: [each('milk', '1', 386n), each('wine', '2', 900n)],
    });
    const { rows } = await stack.pool.query<{ code_id: string; sale: { lines: object[] } }>(
      'SELECT code_id, sale FROM scan WHERE scan_id = $1',
      [scanId],
    );
    expect(rows[0]).toMatchObject({
      code_id: code.codeId,
      sale: {
        lines: [
          { productId: 'milk', quantity: '1', eligible: true, discount: 100 },
          { productId: 'wine', quantity: '2', eligible: false, discount: 0 },
        ],
      },
    });
  });

  it('[003-82] lets the customer pay in full where the offer is credited later', async () => {
    const offerId = await stack.offer({ conditions: { settledBy: 'statement-credit' } });
    const code = await stack.code({ offerId });
    expect(await stack.scan(code.content)).toMatchObject({
      ...{ result: 'valid', discount: 0n, credit: 100n },
      coupons: [{ discount: 100n, settledBy: 'statement-credit' }],
    });
    await rests(couponOf(code), USED);
  });
});

describe('verification', () => {
  it('[003-12] [003-40] compares the scanned code with the issued one', async () => {
    const { content } = await stack.code();
    const other = content.slice(0, 20) + String((Number(content[20]) + 1) % 10) + content.slice(21);
    expect(await stack.reasonOf(other)).toBe('unknown-code');
    expect(await stack.reasonOf('no code of ours')).toBe('malformed-code');
    expect(await stack.reasonOf(content)).toBeUndefined();
  });

  it('[003-13] [003-41] compares the time stamps of a code that is the same', async () => {
    const { content } = await stack.code();
    const stamp = Number(content.slice(40));
    expect(await stack.reasonOf(content.slice(0, 40) + String(stamp - 1))).toBe('time-stamp-differs');
    expect(await stack.reasonOf(content)).toBeUndefined();
  });

  it('[003-16] [003-23] [003-30] [003-44] takes a code only at its stores, and only when it was scanned before its end', async () => {
    const expiresAt = new Date(Date.now() + 3_600_000);
    const code = await stack.code({ storeIds: ['310'], expiresAt: expiresAt.toISOString() });
    expect(await stack.reasonOf(code.content)).toBe('wrong-store');
    await stack.later(3_600_000, async () => {
      expect(await stack.reasonOf(code.content, { storeId: '310', scannedAt: expiresAt.toISOString() })).toBe(
        'expired',
      );
    });
    const inTime = new Date(expiresAt.getTime() - 1);
    await stack.later(2 * 3_600_000, async () => {
      const late = { storeId: '310', scannedAt: inTime.toISOString() };
      expect(await stack.reasonOf(code.content, late)).toBeUndefined(); // Uploaded an hour after its end.
    });
  });

  it('bounds how old a scan may be, and how far ahead a clock', async () => {
    const { content } = await stack.code();
    for (const offMs of [-2 * 86_400_000, 3_600_000]) {
      const scannedAt = new Date(Date.now() + offMs).toISOString();
      await expect(stack.scan(content, { scannedAt })).rejects.toMatchObject({ code: 'invalid-request' });
    }
  });

  it.each([
    {
      reason: 'not-yet-issued',
      request: () => ({ scannedAt: new Date(Date.now() - 3_600_000).toISOString() }),
    },
    { reason: 'currency-differs', request: () => ({ currency: 'EUR' }) },
    { reason: 'no-eligible-product', request: () => ({ lines: [each('wine', '1', 900n)] }) },
    { reason: 'coupon-unavailable', request: () => ({ purpose: 'refuel' }) },
  ])('refuses with $reason', async ({ reason, request }) => {
    const code = await stack.code();
    expect(await stack.reasonOf(code.content, request())).toBe(reason);
    expect(await stack.coupon(couponOf(code))).toEqual(FREE);
    expect(await stack.reasonOf(code.content)).toBeUndefined(); // Nothing of it was used up.
  });

  it('refuses a code that its holder revoked, but not a scan made before', async () => {
    const code = await stack.code();
    const before = stack.aScan(code.content);
    await stack.later(1_000, async () => {
      await stack.phone.request(RevokeCodeV1, { codeId: code.codeId, holderId: code.holderId }, ASK);
      expect(await stack.reasonOf(code.content)).toBe('revoked');
    });
    expect((await stack.scanAs(before)).result).toBe('valid');
  });

  it('takes a code once, and tells a second till so', async () => {
    const { content } = await stack.code();
    expect(await stack.reasonOf(content)).toBeUndefined();
    expect(await stack.reasonOf(content)).toBe('already-used');
  });
});

describe('fifty tills at once', () => {
  it('use a single-use code exactly once', async () => {
    const code = await stack.code();
    const replies = await Promise.all(Array.from({ length: 50 }, () => stack.scan(code.content)));
    expect(replies.filter(({ result }) => result === 'valid')).toHaveLength(1);
    await rests(couponOf(code), USED);
  });

  it('use a code of several coupons exactly once', async () => {
    const offers = [
      await stack.offer(),
      await stack.offer({ terms: { requires: [{ productIds: ['bread'], quantity: 1 }] } }),
    ];
    const { holderId, couponIds } = await stack.holder(...offers);
    const { content } = await stack.issue({ holderId, couponIds });
    // Some tills have milk, some bread: each could have a coupon to itself, but the code is one.
    const replies = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        stack.scan(content, { lines: [each(n % 2 ? 'milk' : 'bread', '1', 300n)] }),
      ),
    );
    const valid = replies.filter(({ result }) => result === 'valid');
    expect(valid).toHaveLength(1);
    await until(async () => {
      const states = await Promise.all(couponIds.map((couponId) => stack.coupon(couponId)));
      return states.reduce((sum, { used }) => sum + used, 0) === 1 && states.every(({ held }) => held === 0);
    });
  });
});

describe('repeats', () => {
  it('get the stored answer, also all at once', async () => {
    const code = await stack.code();
    const request = stack.aScan(code.content);
    const replies = await Promise.all(Array.from({ length: 20 }, () => stack.scanAs(request)));
    for (const reply of replies) expect(reply).toEqual(replies[0]);
    expect(replies[0]).toMatchObject({ result: 'valid', discount: 100n });
    expect(await stack.scanAs(request)).toEqual(replies[0]);
  });

  it('conflict when the body is another, and free what they reserved', async () => {
    const [one, other] = [await stack.code(), await stack.code()];
    const request = stack.aScan(one.content);
    await stack.scanAs(request);
    await expect(stack.scanAs({ ...request, code: other.content })).rejects.toMatchObject({
      code: 'attempt-conflict',
    });
    await rests(couponOf(other), FREE);
  });
});

describe('on-confirm', () => {
  const held = async () => {
    const code = await stack.code();
    const reply = await stack.scan(code.content, { finish: 'on-confirm' });
    expect(reply).toMatchObject({ result: 'valid', state: 'held', confirmBy: expect.any(String) });
    return { code, name: { storeId: '309', scanId: reply.scanId } };
  };

  it('uses the coupon when it is confirmed, and answers the same for ever', async () => {
    const { code, name } = await held();
    expect(await stack.coupon(couponOf(code))).toEqual(HELD);
    for (let n = 0; n < 2; n++) {
      expect(await stack.store.request(ConfirmScanV1, name, ASK)).toEqual({
        scanId: name.scanId,
        outcome: 'confirmed',
      });
    }
    await rests(couponOf(code), USED);
    expect(await stack.store.request(ScanStatusV1, name, ASK)).toMatchObject({ state: 'granted' });
  });

  it('gives it back when it is voided, before or after, and the code may be scanned again', async () => {
    for (const finish of ['immediate', 'on-confirm'] as const) {
      const code = await stack.code();
      const { scanId } = await stack.scan(code.content, { finish });
      for (let n = 0; n < 2; n++) {
        const name = { storeId: '309', scanId };
        expect(await stack.store.request(VoidScanV1, name, ASK)).toEqual({ scanId, outcome: 'voided' });
      }
      await rests(couponOf(code), FREE);
      expect(await stack.reasonOf(code.content)).toBeUndefined();
    }
  });

  it('voids by itself when nobody confirms in time', async () => {
    const { code, name } = await held();
    await stack.later(31_000, async () => {
      expect(await stack.store.request(ConfirmScanV1, name, ASK)).toMatchObject({ outcome: 'voided' });
    });
    await rests(couponOf(code), FREE);
  });

  it('is ended by the question of the registry when the store never comes back', async () => {
    const { code } = await held();
    await stack.registryPool.query("UPDATE open_reservation SET ask_at = now() - interval '1 second'");
    await rests(couponOf(code), FREE);
    expect(await stack.reasonOf(code.content)).toBeUndefined();
  });

  it('refuses a scan that was voided before it came', async () => {
    const code = await stack.code();
    const request = stack.aScan(code.content);
    await stack.store.request(VoidScanV1, { storeId: '309', scanId: request.scanId }, ASK);
    expect(await stack.scanAs(request)).toEqual({
      scanId: request.scanId,
      result: 'invalid',
      reason: 'voided',
    });
    await rests(couponOf(code), FREE);
  });

  it("does not know another caller's scan", async () => {
    const { name } = await held();
    await expect(stack.phone.request(ConfirmScanV1, name, ASK)).rejects.toMatchObject({ code: 'not-found' });
    expect(await stack.phone.request(ScanStatusV1, name, ASK)).toEqual({
      scanId: name.scanId,
      state: 'unknown',
    });
  });
});

describe('broken off', () => {
  it('before its commit, a scan that waits for confirmation held its coupon for as long as the registry did not ask', async () => {
    const code = await stack.code();
    const request = stack.aScan(code.content, { finish: 'on-confirm' });
    stack.breakAt = 'barcode.scan.before-commit';
    await expect(stack.scanAs(request)).rejects.toMatchObject({ code: 'internal' });
    expect(await stack.coupon(couponOf(code))).toEqual(HELD);
    await stack.registryPool.query("UPDATE open_reservation SET ask_at = now() - interval '1 second'");
    await rests(couponOf(code), FREE);
    expect(await stack.scanAs(request)).toMatchObject({ result: 'invalid', reason: 'timed-out' });
    expect(await stack.reasonOf(code.content)).toBeUndefined();
  });

  it('before it was written down, a scan did nothing, and the repeat is the first', async () => {
    const code = await stack.code();
    const request = stack.aScan(code.content);
    stack.breakAt = 'barcode.ask.before-commit';
    await expect(stack.scanAs(request)).rejects.toMatchObject({ code: 'internal' });
    expect(await stack.coupon(couponOf(code))).toEqual(FREE);
    expect(await stack.scanAs(request)).toMatchObject({ result: 'valid', discount: 100n });
    await rests(couponOf(code), USED);
  });

  it.each([
    { step: 'barcode.ask.after-commit', coupon: FREE },
    { step: 'barcode.scan.before-commit', coupon: USED },
  ] as const)(
    'at $step, its repeat goes on with it, by the picture and by what was typed',
    async ({ step, coupon }) => {
      for (const typed of [false, true]) {
        const code = await stack.code();
        const request = stack.aScan(typed ? code.typed.code : code.content);
        stack.breakAt = step;
        await expect(stack.scanAs(request)).rejects.toMatchObject({ code: 'internal' });
        expect(await stack.coupon(couponOf(code))).toEqual(coupon);
        expect(await stack.reasonOf(code.content)).toBe('already-used');
        expect(await stack.scanAs(request)).toMatchObject({ result: 'valid', discount: 100n });
        await rests(couponOf(code), USED);
      }
    },
  );

  it.each(['barcode.ask.after-commit', 'barcode.scan.before-commit'] as const)(
    'at %s, it is rolled back when nobody repeats it: the coupon is free, the repeat is told',
    async (step) => {
      const code = await stack.code();
      const request = stack.aScan(code.content);
      stack.breakAt = step;
      await expect(stack.scanAs(request)).rejects.toMatchObject({ code: 'internal' });
      await stack.pool.query("UPDATE asked_scan SET since = since - interval '1 hour'");
      await until(async () => (await stack.pool.query('SELECT FROM asked_scan')).rowCount === 0);
      await rests(couponOf(code), FREE);
      expect(await stack.scanAs(request)).toMatchObject({ result: 'invalid', reason: 'timed-out' });
      expect(await stack.reasonOf(code.content)).toBeUndefined();
    },
  );

  it('before it is decided, a store that gives up voids it, and whatever the registry used is given back', async () => {
    const code = await stack.code();
    const request = stack.aScan(code.content);
    stack.breakAt = 'barcode.scan.before-commit';
    await expect(stack.scanAs(request)).rejects.toMatchObject({ code: 'internal' });
    expect(await stack.coupon(couponOf(code))).toEqual(USED);
    const name = { storeId: '309', scanId: request.scanId };
    expect(await stack.store.request(VoidScanV1, name, ASK)).toEqual({
      scanId: name.scanId,
      outcome: 'voided',
    });
    await rests(couponOf(code), FREE);
    expect(await stack.scanAs(request)).toMatchObject({ result: 'invalid', reason: 'voided' });
  });

  it('after its commit, a scan stands, and the repeat gets its answer', async () => {
    const code = await stack.code();
    const request = stack.aScan(code.content);
    stack.breakAt = 'barcode.scan.after-commit';
    await expect(stack.scanAs(request)).rejects.toMatchObject({ code: 'internal' });
    expect(await stack.scanAs(request)).toMatchObject({ result: 'valid', discount: 100n });
    await rests(couponOf(code), USED);
  });
});

describe('a store that was offline', () => {
  it('hands in its scans, and every one is answered by itself', async () => {
    const [good, twice, wrong] = [
      await stack.code(),
      await stack.code(),
      await stack.code({ storeIds: ['1'] }),
    ];
    const scans = [
      stack.aScan(good.content),
      stack.aScan(twice.content),
      stack.aScan(twice.content),
      stack.aScan(wrong.content),
      stack.aScan('garbage'),
      stack.aScan(good.content, { scannedAt: '2020-01-01T00:00:00Z' }),
    ];
    const upload = () => stack.store.request(UploadScansV1, { scans }, { timeoutMs: 20_000 });
    const { scans: answers } = await upload();
    expect(answers.map(({ scanId }) => scanId)).toEqual(scans.map(({ scanId }) => scanId));
    expect(
      answers.map(
        ({ reply, problem }) => problem?.code ?? (reply?.result === 'invalid' ? reply.reason : 'valid'),
      ),
    ).toEqual(['valid', 'valid', 'already-used', 'wrong-store', 'malformed-code', 'invalid-request']);
    expect(await upload()).toEqual({ scans: answers });
  });
});

describe('digits to type', () => {
  it('work once, in groups, and for a short while', async () => {
    const code = await stack.code();
    const grouped = code.typed.code.replaceAll(/(\d{4})/g, '$1 ').trim();
    await stack.later(601_000, async () => expect(await stack.reasonOf(grouped)).toBe('unknown-code'));
    expect(await stack.reasonOf(grouped)).toBeUndefined();
    expect(await stack.reasonOf(grouped)).toBe('unknown-code'); // What was is told to nobody who guesses.
    expect(await stack.reasonOf(code.content)).toBe('already-used');
  });

  it('are not guessed: a store that keeps getting them wrong is stopped, pictures go on', async () => {
    const code = await stack.code();
    const asked = { storeId: 'guessing', terminalId: '4' };
    let refused = 0;
    for (let n = 0; n < 25; n++) {
      const digits = `${uuidv7().replaceAll(/\D/g, '')}0000000000000000`.slice(-16, -4) + String(1_000 + n);
      await stack.reasonOf(digits, asked).catch((error: { code: string }) => {
        expect(error.code).toBe('rate-limited');
        refused += 1;
      });
    }
    expect(refused).toBe(5);
    await expect(stack.reasonOf(code.typed.code, asked)).rejects.toMatchObject({ code: 'rate-limited' });
    expect(await stack.reasonOf(code.content, asked)).toBeUndefined();
  });
});
