import { CouponConsumedV1, CouponRolledBackV1, CouponsSearchedV1 } from '@couplet/contracts';
import { v7 as uuidv7 } from 'uuid';
import { find } from '../src/db/find.ts';
import { takeTogether } from '../src/db/take-together.ts';
import { priceTogether } from '../src/domain/price-together.ts';
import { Remaining } from '../src/domain/remaining.ts';
import type { ReserveRequest } from '../src/domain/reservation-plan.ts';
import { FIRST_ROUND } from '../src/domain/round.ts';
import { abandoned, Gathering, granted, isFound, NEVER, offOf, rolledBack } from './gathering.ts';
import { aReserve } from './samples.ts';
import type { Stack } from './stack.ts';

let gathering: Gathering;
let stack: Stack;
beforeAll(async () => {
  gathering = await Gathering.start();
  ({ stack } = gathering);
}, 120_000);
afterAll(() => gathering.stop());

describe('one batch', () => {
  it('gives a coupon of several uses to as many settlements as it has uses', async () => {
    const holder = await stack.holder(await stack.offer());
    const [couponId] = holder.couponIds as [string];
    await stack.pool.query('UPDATE coupon SET uses_left = 5 WHERE coupon_id = $1', [couponId]);

    const answers = await gathering.reserve(
      Array.from({ length: 8 }, () => aReserve({ media: [holder.point] })),
    );

    expect(answers.filter(isFound)).toHaveLength(5);
    expect(await stack.couponState(couponId)).toEqual({ usesLeft: 0, held: 5, used: 0 });
    await gathering.end(answers.map(({ settlementId }) => ({ settlementId, end: { kind: 'abandoned' } })));
    expect(await stack.couponState(couponId)).toEqual({ usesLeft: 5, held: 0, used: 0 });
    await stack.pool.query('UPDATE coupon SET uses_left = 1 WHERE coupon_id = $1', [couponId]);
  });

  it('gives the last uses under a limit to those who came first, and tells the others', async () => {
    const offer = await stack.offer({ conditions: { limits: { uses: 3 } } });
    const requests = (await gathering.holders(8, offer)).map(({ point }) => aReserve({ media: [point] }));

    const answers = await gathering.reserve(requests);

    expect(answers.map(isFound)).toEqual([true, true, true, false, false, false, false, false]);
    expect(answers.at(-1)!.refused).toMatchObject([{ offerId: offer.offerId, reason: 'limit-reached' }]);
    expect(await stack.escrowLeft(offer.offerId)).toEqual({ uses: 0n });
  });

  it('holds a limit per holder', async () => {
    const offer = await stack.offer({ conditions: { limits: { usesPerHolder: 2 } } });
    const holder = await stack.holder(offer, offer, offer, offer);

    const answers = await gathering.reserve(
      Array.from({ length: 6 }, () => aReserve({ media: [holder.point] })),
    );

    expect(answers.map(isFound)).toEqual([true, true, false, false, false, false]);
    expect(new Set(answers.filter(isFound).map(({ coupons }) => coupons[0]!.couponId)).size).toBe(2);
    expect(answers.at(-1)!.refused).toMatchObject([{ reason: 'limit-reached' }, { reason: 'limit-reached' }]);
  });

  it('answers a settlement that is in it twice once, and tells of it once', async () => {
    const holder = await stack.holder(await stack.offer());
    const request = aReserve({ media: [holder.point] });
    const other = aReserve({ media: [holder.point] });

    const [first, none, repeated] = await gathering.reserve([request, other, request]);

    expect(first).toMatchObject({ couponSearch: 'found' });
    expect(none).toMatchObject({ couponSearch: 'none' });
    expect(repeated).toEqual(first);
    expect(await gathering.told(CouponsSearchedV1, [request])).toBe(1);
  });

  it('does not let a repeat keep from another what it takes no more', async () => {
    const offer = await stack.offer();
    const holder = await stack.holder(offer);
    const early = aReserve({ media: [holder.point] });
    await gathering.reserve([early]);
    await gathering.end([{ settlementId: early.settlementId, end: { kind: 'abandoned' } }]);

    const [again, other] = await gathering.reserve([early, aReserve({ media: [holder.point] })]);

    expect(again).toMatchObject({ couponSearch: 'none' });
    expect(other).toMatchObject({ couponSearch: 'found' });
  });

  it('refuses a settlement that ends while it is priced, and prices again who got less because of it', async () => {
    const holder = await stack.holder(await stack.offer());
    const [ended, other] = [aReserve({ media: [holder.point] }), aReserve({ media: [holder.point] })];
    const priced = await price([ended, other]);
    await gathering.end([{ settlementId: ended.settlementId, end: { kind: 'abandoned' } }]);

    const outcomes = await takeTogether(gathering.registry, priced);

    expect(outcomes).toEqual([
      { answer: expect.objectContaining({ couponSearch: 'none', coupons: [] }) },
      { again: FIRST_ROUND },
    ]);
    expect(await stack.couponState(holder.couponIds[0]!)).toEqual({ usesLeft: 1, held: 0, used: 0 });
    expect(await gathering.reserve([other])).toMatchObject([{ couponSearch: 'found' }]);
  });

  it('takes nothing of a settlement that was priced with what another took meanwhile', async () => {
    const one = await stack.holder(await stack.offer());
    const two = await stack.holder(await stack.offer(offOf('bread')));
    const slow = aReserve({ media: [one.point, two.point], products: ['milk', 'bread'] });
    const priced = await price([slow]);
    await gathering.reserve([aReserve({ media: [two.point], products: ['bread'] })]);

    const outcomes = await takeTogether(gathering.registry, priced);

    expect(outcomes).toEqual([{ again: { number: 1, droppedOffers: new Set() } }]);
    expect(await stack.couponState(one.couponIds[0]!)).toEqual({ usesLeft: 1, held: 0, used: 0 });
    expect(await stack.reservationStates(slow.settlementId)).toEqual([]);
    expect(await gathering.reserve([slow])).toMatchObject([{ coupons: [{ couponId: one.couponIds[0] }] }]);
  });

  it('gives an error to the one it belongs to', async () => {
    const offer = await stack.offer();
    const [one, two] = await gathering.holders(2, offer);
    const broken = { ...aReserve({ media: [one!.point] }), settlementId: 'none' };
    const fine = aReserve({ media: [two!.point] });

    const [failed, answered] = await Promise.allSettled(
      [broken, fine].map((one) => gathering.reserver.reserve(one, 'barcode', NEVER)),
    );

    expect(failed).toMatchObject({ status: 'rejected' });
    expect(answered).toMatchObject({ status: 'fulfilled', value: { couponSearch: 'found' } });
  });
});

describe('ends in one batch', () => {
  it.each([
    { order: ['granted', 'rolled-back'], events: { consumed: 1, rolledBack: 1 } },
    { order: ['rolled-back', 'granted'], events: { consumed: 0, rolledBack: 0 } },
  ])('of one settlement are applied in the order in which they came: $order', async ({ order, events }) => {
    const holder = await stack.holder(
      await stack.offer({ conditions: { limits: { uses: 4, budget: 400n } } }),
    );
    const request = aReserve({ media: [holder.point] });
    const [answer] = await gathering.reserve([request]);
    const told = { granted: granted(answer!), 'rolled-back': rolledBack(request) };

    const { ran } = await gathering.ranBy(() =>
      gathering.end(order.map((kind) => told[kind as keyof typeof told])),
    );

    expect(ran.filter(({ name }) => name === 'COMMIT')).toHaveLength(1);
    expect(await stack.couponState(holder.couponIds[0]!)).toEqual({ usesLeft: 1, held: 0, used: 0 });
    expect(await gathering.told(CouponConsumedV1, [request])).toBe(events.consumed);
    expect(await gathering.told(CouponRolledBackV1, [request])).toBe(events.rolledBack);
    expect(await stack.unbalanced()).toEqual([]);
  });

  it('are applied once when one event is in it twice', async () => {
    const holder = await stack.holder(await stack.offer());
    const [answer] = await gathering.reserve([aReserve({ media: [holder.point] })]);
    const { settlementId, end: grant } = granted(answer!);
    const eventId = uuidv7();
    const twice = [1, 2].map(() => ({ eventId, settlementId, step: 'granted' as const, end: grant }));

    await Promise.all(twice.map((one) => gathering.ends.apply(one)));

    expect(await stack.couponState(holder.couponIds[0]!)).toEqual({ usesLeft: 0, held: 0, used: 1 });
    expect(await gathering.told(CouponConsumedV1, [answer!])).toBe(1);
  });
});

it('balances its books and never deadlocks when two replicas reserve and end in batches', async () => {
  const offers = await Promise.all([
    stack.offer({ ...offOf('p1'), conditions: { limits: { uses: 40 } } }),
    stack.offer({ ...offOf('p2'), conditions: { limits: { budget: 4_050n } } }),
    stack.offer({ ...offOf('p3'), conditions: { limits: { usesPerHolder: 3, uses: 60, budget: 5_000n } } }),
    stack.offer(offOf('p4')),
  ]);
  const holders = await Promise.all(
    Array.from({ length: 6 }, () => stack.holder(...offers, ...offers, ...offers, ...offers, ...offers)),
  );
  const replicas = [gathering, gathering.replica()];
  const deadlocksBefore = await stack.deadlocks();

  const answers = await Promise.all(
    Array.from({ length: 240 }, async (_, index) => {
      const [one, other] = [holders[index % 6]!, holders[(index * 5 + 1) % 6]!];
      const request = aReserve({ media: [one.point, other.credit], products: ['p4', 'p3', 'p2', 'p1'] });
      const at = replicas[index % 2]!;
      const isEarly = index % 12 === 0; // The end overtakes the reserve.
      if (isEarly) void at.end([abandoned(request)]);
      const [answer, repeated] = await Promise.all([
        at.reserver.reserve(request, 'settlement-relay', NEVER),
        index % 5 === 0
          ? replicas[1 - (index % 2)]!.reserver.reserve(request, 'settlement-relay', NEVER)
          : undefined,
      ]);
      if (repeated && !isEarly) expect(repeated).toEqual(answer);
      await Promise.all(
        [
          index % 3 === 0 ? abandoned(answer) : granted(answer),
          ...(index % 4 === 0 ? [rolledBack(answer)] : []),
        ].map((told, n) => replicas[(index + n) % 2]!.end([told])),
      );
      return answer;
    }),
  );

  expect(answers.some(isFound)).toBe(true);
  expect((await stack.deadlocks()) - deadlocksBefore).toBe(0n);
  expect(await stack.unbalanced()).toEqual([]);
}, 60_000);

/** As a batch is when it has been priced and nothing is taken yet. */
async function price(requests: readonly ReserveRequest[]) {
  const sought = requests.map(({ media }) => ({ by: { media }, productIds: ['milk', 'bread'] }));
  const { found, usesOfCoupon, allowances } = await find(gathering.registry, sought);
  const baskets = requests.map((request, index) => ({ request, round: FIRST_ROUND, ...found[index]! }));
  return priceTogether(baskets, new Remaining(usesOfCoupon, allowances)).map((priced) => ({
    ...priced,
    hold: {
      kind: 'until-end' as const,
      decider: 'settlement-relay' as const,
      resolveAt: '2126-01-01T00:00:00Z',
    },
  }));
}
