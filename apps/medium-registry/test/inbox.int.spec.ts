import { CouponConsumedV1, CouponRolledBackV1 } from '@couplet/contracts';
import fc from 'fast-check';
import { aReserve } from './samples.ts';
import { Stack, until } from './stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.start();
}, 120_000);
afterAll(() => stack.stop());

const FREE = { usesLeft: 1, held: 0, used: 0 };
const HELD = { usesLeft: 0, held: 1, used: 0 };
const USED = { usesLeft: 0, held: 0, used: 1 };

describe('a settlement that is granted', () => {
  it('consumes exactly the coupons that the grant lists and releases the rest', async () => {
    const milk = await stack.offer();
    const bread = await stack.offer({ terms: { requires: [{ productIds: ['bread'], quantity: 1 }] } });
    const holder = await stack.holder(milk, bread);
    const [milkCoupon, breadCoupon] = holder.couponIds as [string, string];
    const answer = await stack.reserve({ media: [holder.point], products: ['milk', 'bread'] });
    expect(answer.coupons).toHaveLength(2);

    await stack.taken(await stack.granted(answer, [breadCoupon]));

    expect(await stack.couponState(milkCoupon)).toEqual(FREE);
    expect(await stack.couponState(breadCoupon)).toEqual(USED);
    expect(await stack.told(CouponConsumedV1, answer.settlementId)).toEqual([
      {
        settlementId: answer.settlementId,
        couponId: breadCoupon,
        offerId: bread.offerId,
        holderId: holder.holderId,
        attributes: { age: '35-44' },
        storeId: '309',
        purpose: 'purchase',
        presentedAt: '2026-05-10T12:00:00Z',
        currency: 'USD',
        discount: 100,
        lines: [{ lineId: '2', productId: 'bread', quantity: '1', unit: 'each', discount: 100 }],
        funding: [{ party: 'manufacturer:36200', amount: 100 }],
      },
    ]);
  });

  it('counterexample 1: releases everything when the full price was kept', async () => {
    const holder = await stack.holder(await stack.offer());
    const answer = await stack.reserve({ media: [holder.point] });

    await stack.taken(await stack.granted(answer, []));

    expect(await stack.couponState(holder.couponIds[0]!)).toEqual(FREE);
    expect(await stack.reservationStates(answer.settlementId)).toEqual(['released']);
  });

  it('adds one use when the same event is delivered twice: the inbox alone sees to it', async () => {
    const holder = await stack.holder(await stack.offer());
    const answer = await stack.reserve({ media: [holder.point] });
    await stack.taken(await stack.granted(answer, holder.couponIds));
    await stack.reopen(answer.settlementId, 1);

    await stack.redeliver();

    expect(await stack.couponState(holder.couponIds[0]!)).toMatchObject({ used: 1 });
    expect(await stack.told(CouponConsumedV1, answer.settlementId)).toHaveLength(1);
    await stack.reopen(answer.settlementId, -1);
  });

  it('adds one use when two events tell of the same grant: the state alone sees to it', async () => {
    const holder = await stack.holder(await stack.offer());
    const answer = await stack.reserve({ media: [holder.point] });

    const eventIds = await Promise.all([1, 2, 3].map(() => stack.granted(answer, holder.couponIds)));
    await Promise.all(eventIds.map((eventId) => stack.taken(eventId)));

    expect(await stack.couponState(holder.couponIds[0]!)).toEqual(USED);
    expect(await stack.told(CouponConsumedV1, answer.settlementId)).toHaveLength(1);
  });

  it('still answers reserve with what was found', async () => {
    const holder = await stack.holder(await stack.offer());
    const request = aReserve({ media: [holder.point] });
    const answer = await stack.reserveAs(request);

    await stack.taken(await stack.granted(answer, holder.couponIds));

    expect(await stack.reserveAs(request)).toEqual(answer);
  });
});

describe('a settlement that is abandoned or rolled back', () => {
  it('gives back what it reserved, and answers reserve with none from then on', async () => {
    const holder = await stack.holder(await stack.offer());
    const request = aReserve({ media: [holder.point] });
    await stack.reserveAs(request);

    await stack.taken(await stack.abandoned(request.settlementId));

    expect(await stack.couponState(holder.couponIds[0]!)).toEqual(FREE);
    expect(await stack.reserveAs(request)).toMatchObject({ couponSearch: 'none', coupons: [] });
    expect(await stack.couponState(holder.couponIds[0]!)).toEqual(FREE);
  });

  it('gives a use back that was made, and tells it', async () => {
    const holder = await stack.holder(await stack.offer());
    const answer = await stack.reserve({ media: [holder.point] });
    await stack.taken(await stack.granted(answer, holder.couponIds));

    await stack.taken(await stack.rolledBack(answer.settlementId, holder.couponIds));
    await stack.taken(await stack.rolledBack(answer.settlementId, holder.couponIds));

    expect(await stack.couponState(holder.couponIds[0]!)).toEqual(FREE);
    expect(await stack.told(CouponRolledBackV1, answer.settlementId)).toMatchObject([
      { couponId: holder.couponIds[0], holderId: holder.holderId, rolledBackAt: '2026-05-10T12:00:00Z' },
    ]);
    expect(await stack.reserve({ media: [holder.point] })).toMatchObject({ couponSearch: 'found' });
  });

  it('counterexample 10: loses no coupon when the roll-back overtakes the grant', async () => {
    const holder = await stack.holder(await stack.offer());
    const answer = await stack.reserve({ media: [holder.point] });

    await stack.taken(await stack.rolledBack(answer.settlementId, holder.couponIds));
    await stack.taken(await stack.granted(answer, holder.couponIds));

    expect(await stack.couponState(holder.couponIds[0]!)).toEqual(FREE);
    expect(await stack.reservationStates(answer.settlementId)).toEqual(['rolled-back']);
    expect(await stack.told(CouponConsumedV1, answer.settlementId)).toEqual([]);
  });
});

describe('an end that comes before the reserve', () => {
  it.each(['abandoned', 'granted', 'rolled back'])(
    'refuses the reserve to come, so the coupon is never held: %s',
    async (end) => {
      const holder = await stack.holder(await stack.offer());
      const request = aReserve({ media: [holder.point] });
      const nothing = {
        settlementId: request.settlementId,
        couponSearch: 'none' as const,
        discount: 0n,
        coupons: [],
        refused: [],
      };
      const tell = {
        abandoned: () => stack.abandoned(request.settlementId),
        granted: () => stack.granted(nothing, []),
        'rolled back': () => stack.rolledBack(request.settlementId, []),
      };

      await stack.taken(await tell[end as keyof typeof tell]());
      const answer = await stack.reserveAs(request);

      expect(answer).toEqual(nothing);
      expect(await stack.couponState(holder.couponIds[0]!)).toEqual(FREE);
      expect(await stack.reserve({ media: [holder.point] })).toMatchObject({ couponSearch: 'found' });
    },
  );

  it('leaves the coupon free when it races the reserve', async () => {
    const holder = await stack.holder(await stack.offer());
    const requests = Array.from({ length: 8 }, () => aReserve({ media: [holder.point] }));

    const events = await Promise.all(
      requests.flatMap((request) => [stack.reserveAs(request), stack.abandoned(request.settlementId)]),
    );
    await Promise.all(
      events.filter((event) => typeof event === 'string').map((eventId) => stack.taken(eventId)),
    );

    expect(await stack.couponState(holder.couponIds[0]!)).toEqual(FREE);
  });
});

describe('a settlement whose end is overdue', () => {
  const overdue = '2020-01-01T00:00:00Z';

  it.each([
    { decision: 'granted', state: USED },
    { decision: 'abandoned', state: FREE },
    { decision: 'cancelled', state: FREE },
  ])(
    'is asked for until it is answered, and then ends as told: $decision',
    async ({ decision, state }) => {
      const holder = await stack.holder(await stack.offer());
      const request = aReserve({ media: [holder.point], resolveAt: overdue });
      const silent = stack.answerResolve(request.settlementId, () => undefined);
      await stack.reserveAs(request);
      await until(() => silent.asked() > 0);
      expect(await stack.couponState(holder.couponIds[0]!)).toEqual(HELD);
      silent.stop();

      const couponIds = decision === 'granted' ? holder.couponIds : [];
      const answering = stack.answerResolve(request.settlementId, () => ({ decision, couponIds }));
      await until(async () => (await stack.openReservations(request.settlementId)) === 0);
      answering.stop();

      expect(await stack.couponState(holder.couponIds[0]!)).toEqual(state);
      const consumed = await stack.told(CouponConsumedV1, request.settlementId);
      expect(consumed).toHaveLength(decision === 'granted' ? 1 : 0);
    },
    30_000,
  );

  it('frees nothing while nobody answers', async () => {
    const holder = await stack.holder(await stack.offer());
    const request = aReserve({ media: [holder.point], resolveAt: overdue });
    await stack.reserveAs(request);

    await until(async () => (await stack.timesAsked(request.settlementId)) >= 2);

    expect(await stack.couponState(holder.couponIds[0]!)).toEqual(HELD);
    expect(await stack.reserve({ media: [holder.point] })).toMatchObject({ couponSearch: 'none' });
  }, 30_000);
});

it('ends legally in every order of events, each told any number of times, with the reserve anywhere among them', async () => {
  const step = fc.constantFrom('reserve', 'granted', 'abandoned', 'rolled-back');
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 7 }), async (steps) => {
      const holder = await stack.holder(
        await stack.offer({ conditions: { limits: { uses: 3, budget: 500n } } }),
      );
      const request = aReserve({ media: [holder.point] });
      const { settlementId } = request;
      const asked: { coupons: string[] }[] = [];
      for (const name of steps) {
        if (name === 'reserve') {
          const answer = await stack.reserveAs(request);
          asked.push({ coupons: answer.coupons.map(({ couponId }) => couponId) });
        } else if (name === 'granted') {
          await stack.taken(await stack.granted(await stack.storedAnswer(request), holder.couponIds));
        } else if (name === 'abandoned') await stack.taken(await stack.abandoned(settlementId));
        else await stack.taken(await stack.rolledBack(settlementId, holder.couponIds));
      }
      expect(await stack.couponState(holder.couponIds[0]!)).toEqual(expected(steps));
      const taken = expected(steps) === FREE ? 0n : 1n;
      const [offerId] = await stack.offersOf(holder.holderId);
      expect(await stack.escrowLeft(offerId!)).toEqual({ uses: 3n - taken, budget: 500n - 100n * taken });
      const consumed = await stack.told(CouponConsumedV1, settlementId);
      const rolledBack = await stack.told(CouponRolledBackV1, settlementId);
      expect(consumed.length - rolledBack.length).toBe(expected(steps) === USED ? 1 : 0);
    }),
    { numRuns: 25 },
  );
}, 120_000);

it('balances when the reserve and every end of it are told all at once', async () => {
  const offer = await stack.offer({ conditions: { limits: { uses: 100, budget: 10_000n } } });
  const holders = await Promise.all(Array.from({ length: 12 }, () => stack.holder(offer)));

  await Promise.all(
    holders.map(async ({ point, couponIds }) => {
      const request = aReserve({ media: [point] });
      const { settlementId } = request;
      const listed = couponIds.map((couponId) => aCoupon(couponId, offer.offerId));
      const answer = {
        settlementId,
        couponSearch: 'found' as const,
        discount: 100n,
        coupons: listed,
        refused: [],
      };
      const told = await Promise.all([
        stack.granted(answer, couponIds),
        stack.reserveAs(request).then(() => stack.granted(answer, couponIds)),
        stack.rolledBack(settlementId, couponIds),
        stack.reserveAs(request).then(() => stack.rolledBack(settlementId, couponIds)),
      ]);
      await Promise.all(told.map((eventId) => stack.taken(eventId)));
      expect(await stack.couponState(couponIds[0]!)).toEqual(FREE);
    }),
  );

  expect(await stack.unbalanced()).toEqual([]);
});

function aCoupon(couponId: string, offerId: string) {
  return { couponId, offerId, title: 'A dollar off milk', discount: 100n, lines: [], funding: [] };
}

/** What the table says of one coupon: the first step decides whether it was ever held, then the first end, then a roll-back. */
function expected(steps: readonly string[]) {
  if (steps[0] !== 'reserve') return FREE;
  const ends = steps.filter((name) => name !== 'reserve');
  if (ends.length === 0) return HELD;
  if (ends[0] !== 'granted') return FREE;
  return ends.includes('rolled-back') ? FREE : USED;
}
