import { CouponConsumedV1, CouponRolledBackV1, CouponsSearchedV1 } from '@couplet/contracts';
import { Gathering, isFound, NEVER, offOf } from './gathering.ts';
import { aReserve, aUse, PRESENTED_AT } from './samples.ts';
import type { Stack } from './stack.ts';

const USED = { usesLeft: 0, held: 0, used: 1 };
const FREE = { usesLeft: 1, held: 0, used: 0 };
let gathering: Gathering;
let stack: Stack;
beforeAll(async () => {
  gathering = await Gathering.start();
  ({ stack } = gathering);
}, 120_000);
afterAll(() => gathering.stop());

it('uses coupons in the commit that finds them, tells it once, and asks nobody how it ended', async () => {
  const offer = await stack.offer({ conditions: { limits: { uses: 10, budget: 1_000n, usesPerHolder: 2 } } });
  const credited = await stack.offer({ ...offOf('bread'), conditions: { settledBy: 'statement-credit' } });
  const holder = await stack.holder(offer, credited);
  const use = aUse(holder, ['milk', 'bread']);

  const answers = await Promise.all([stack.useAs(use), stack.useAs(use), stack.useAs(use)]);

  for (const answer of answers) expect(answer).toEqual(await stack.storedAnswer(aReserve(use)));
  expect(answers[0]!.coupons.map(({ couponId }) => couponId).toSorted()).toEqual(holder.couponIds.toSorted());
  for (const couponId of holder.couponIds) expect(await stack.couponState(couponId)).toEqual(USED);
  expect(await stack.openReservations(use.settlementId)).toBe(0);
  expect(await stack.told(CouponsSearchedV1, use.settlementId)).toEqual([]);
  const told = await stack.told(CouponConsumedV1, use.settlementId);
  expect(told).toHaveLength(2);
  expect(told.find(({ offerId }) => offerId === offer.offerId)).toMatchObject({
    ...{ holderId: holder.holderId, attributes: { age: '35-44' }, storeId: '309', presentedAt: PRESENTED_AT },
    ...{ discount: 100, lines: [{ productId: 'milk', discount: 100 }] },
    scan: { ...use.scan, usedAt: expect.any(String), discount: 100, credit: 100 },
  });
  expect(await stack.escrowLeft(offer.offerId)).toEqual({ uses: 9n, budget: 900n });
  expect(await stack.unbalanced()).toEqual([]);
});

it('gives them back when the scan is rolled back, and answers none from then on', async () => {
  const offer = await stack.offer({ conditions: { limits: { uses: 10, budget: 1_000n } } });
  const holder = await stack.holder(offer);
  const use = aUse(holder);
  expect(isFound(await stack.useAs(use))).toBe(true);

  await stack.taken(await stack.scanRolledBack(use));
  await stack.taken(await stack.scanRolledBack(use));

  expect(await stack.couponState(holder.couponIds[0]!)).toEqual(FREE);
  expect(await stack.told(CouponRolledBackV1, use.settlementId)).toHaveLength(1);
  expect(await stack.escrowLeft(offer.offerId)).toEqual({ uses: 10n, budget: 1_000n });
  expect(isFound(await stack.useAs(use))).toBe(false);
  expect(isFound(await stack.useAs(aUse(holder)))).toBe(true);
  expect(await stack.unbalanced()).toEqual([]);
});

it('leaves nothing to use to a scan that was rolled back before it came', async () => {
  const holder = await stack.holder(await stack.offer());
  const use = aUse(holder);
  await stack.taken(await stack.scanRolledBack(use));

  expect(isFound(await stack.useAs(use))).toBe(false);
  expect(await stack.couponState(holder.couponIds[0]!)).toEqual(FREE);
  expect(await stack.told(CouponConsumedV1, use.settlementId)).toEqual([]);
});

it('tells a search that found nothing', async () => {
  const holder = await stack.holder(await stack.offer(offOf('bread')));
  const use = aUse(holder, ['milk']);
  expect(isFound(await stack.useAs(use))).toBe(false);
  expect(await stack.told(CouponsSearchedV1, use.settlementId)).toMatchObject([{ result: 'none' }]);
});

it('lets one of forty have a coupon that twenty scans and twenty cards want at once', async () => {
  const holder = await stack.holder(await stack.offer());

  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, n) =>
      n % 2 ? stack.useAs(aUse(holder)) : stack.reserve({ media: [holder.point] }),
    ),
  );

  expect(answers.filter(isFound)).toHaveLength(1);
  expect(await stack.unbalanced()).toEqual([]);
});

it('costs sixty-four scans, among as many cards, hardly more statements than one', async () => {
  const offer = await stack.offer({ conditions: { limits: { uses: 3_200, usesPerHolder: 9 } } });
  const holders = await gathering.holders(65, offer);
  const [first, ...others] = holders;
  const use = (holder: (typeof holders)[number]) => gathering.reserver.use(aUse(holder), NEVER);

  const one = await gathering.ranBy(() => use(first!));
  const all = await gathering.ranBy(() => Promise.all(others.map(use)));

  expect(all.result.every(isFound)).toBe(true);
  expect(all.ran.length).toBeLessThanOrEqual(one.ran.length);
  expect(all.ran.filter(({ name }) => name === 'COMMIT')).toHaveLength(1);
  const mixed = await gathering.holders(64, offer);
  const answers = await Promise.all(
    mixed.map((holder, n) =>
      n % 2 ? use(holder) : gathering.reserve([aReserve({ media: [holder.point] })]),
    ),
  );
  expect(answers.flat().every(isFound)).toBe(true);
  expect(await stack.escrowLeft(offer.offerId)).toEqual({ uses: 3_200n - 129n });
  expect(await stack.unbalanced()).toEqual([]);
});
