import { inTransaction } from '@couplet/postgres';
import { giveBackEscrow, readSlots, SlotTaken, takeEscrow } from '../src/db/escrow.ts';
import { OfferCache } from '../src/db/offers.ts';
import { takeTogether } from '../src/db/take-together.ts';
import type { OfferUse } from '../src/domain/escrow.ts';
import { type Offer, offerOf } from '../src/domain/offer.ts';
import { FIRST_ROUND } from '../src/domain/round.ts';
import { v7 as uuidv7 } from 'uuid';
import { aReserve } from './samples.ts';
import { Stack } from './stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.start();
}, 120_000);
afterAll(() => stack.stop());

describe('a limit of uses', () => {
  it('gives its last unit to exactly one of many settlements at once', async () => {
    const offer = await stack.offer({ conditions: { limits: { uses: 1 } } });
    const holders = await Promise.all(Array.from({ length: 12 }, () => stack.holder(offer)));

    const answers = await Promise.all(holders.map(({ point }) => stack.reserve({ media: [point] })));

    expect(answers.filter(({ couponSearch }) => couponSearch === 'found')).toHaveLength(1);
    expect(await stack.escrowLeft(offer.offerId)).toEqual({ uses: 0n });
    const states = await Promise.all(holders.map(({ couponIds }) => stack.couponState(couponIds[0]!)));
    expect(states.filter(({ usesLeft, held }) => usesLeft === 0 && held === 1)).toHaveLength(1);
    expect(states.filter(({ usesLeft, held }) => usesLeft === 1 && held === 0)).toHaveLength(11);
  });

  it('is used up to the last unit, although its slots run dry at different times', async () => {
    const offer = await stack.offer({ conditions: { limits: { uses: 20 } } });
    const holders = await Promise.all(Array.from({ length: 30 }, () => stack.holder(offer)));

    const answers = await Promise.all(holders.map(({ point }) => stack.reserve({ media: [point] })));

    expect(answers.filter(({ couponSearch }) => couponSearch === 'found')).toHaveLength(20);
    expect(await stack.escrowLeft(offer.offerId)).toEqual({ uses: 0n });
  });

  it('leaves the other coupons of the basket to those it refuses', async () => {
    const limited = await stack.offer({
      terms: { reward: { kind: 'amount-off', amount: 300n } },
      conditions: { limits: { uses: 1 } },
    });
    const plain = await stack.offer();
    const holders = await Promise.all(Array.from({ length: 6 }, () => stack.holder(limited, plain)));

    const answers = await Promise.all(holders.map(({ point }) => stack.reserve({ media: [point] })));

    expect(answers.map(({ discount }) => discount).sort()).toEqual([100n, 100n, 100n, 100n, 100n, 300n]);
  });

  it('gets the use back when the settlement is abandoned', async () => {
    const offer = await stack.offer({ conditions: { limits: { uses: 1 } } });
    const [first, second] = [await stack.holder(offer), await stack.holder(offer)];
    const { settlementId } = await stack.reserve({ media: [first.point] });
    const refused = await stack.reserve({ media: [second.point] });

    await stack.taken(await stack.abandoned(settlementId));

    expect(refused.refused).toMatchObject([{ offerId: offer.offerId, reason: 'limit-reached' }]);
    expect(await stack.reserve({ media: [second.point] })).toMatchObject({ couponSearch: 'found' });
  });
});

describe('a budget', () => {
  it('holds under parallel use, is drained across its slots, and no cent is lost', async () => {
    // 16 slots of 65 or 66: not one of them alone pays for a coupon of 100.
    const offer = await stack.offer({ conditions: { limits: { budget: 1_050n } } });
    const holders = await Promise.all(Array.from({ length: 15 }, () => stack.holder(offer)));

    const answers = await Promise.all(holders.map(({ point }) => stack.reserve({ media: [point] })));
    const found = answers.filter(({ couponSearch }) => couponSearch === 'found');

    expect(found).toHaveLength(10);
    expect(await stack.escrowLeft(offer.offerId)).toEqual({ budget: 50n });

    const eventIds = await Promise.all(found.map(({ settlementId }) => stack.abandoned(settlementId)));
    await Promise.all(eventIds.map((eventId) => stack.taken(eventId)));
    expect(await stack.escrowLeft(offer.offerId)).toEqual({ budget: 1_050n });
  });
});

describe('the slots of a limit that is nearly used up', () => {
  it('are never waited for in a circle', async () => {
    // Takes need several slots as often as one, while others give back: slots change under whoever looks for one.
    const offer = offerOf(await stack.offer({ conditions: { limits: { budget: 160n } } }));
    const deadlocksBefore = await stack.deadlocks();

    await Promise.all(
      Array.from({ length: 10 }, async (_, one) => {
        for (let time = 0; time < 500; time++) {
          const settlementId = uuidv7();
          const use = { offer, uses: 1, discount: BigInt(5 + ((one + time) % 20)) };
          for (let tries = 0; tries < 2; tries++) {
            if (!(await taken(settlementId, use))) continue;
            await inTransaction(stack.pool, (client) => giveBackEscrow(client, settlementId, [use]));
            break;
          }
        }
      }),
    );

    expect(await stack.escrowLeft(offer.offerId)).toEqual({ budget: 160n });
    expect((await stack.deadlocks()) - deadlocksBefore).toBe(0n);
  }, 60_000);
});

describe('a limit per holder', () => {
  it('holds for all media and settlements of a holder at once, and gives as much as it allows', async () => {
    const offer = await stack.offer({ conditions: { limits: { usesPerHolder: 2 } } });
    const holder = await stack.holder(offer, offer, offer, offer);

    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        stack.reserve({ media: [index % 2 ? holder.point : holder.credit] }),
      ),
    );

    expect(answers.filter(({ couponSearch }) => couponSearch === 'found')).toHaveLength(2);
  });

  it('holds for settlements that take different coupons of one offer at once', async () => {
    const approved = await stack.offer({ conditions: { limits: { usesPerHolder: 1 } } });
    const { holderId, couponIds } = await stack.holder(approved, approved, approved);
    const offer = offerOf(approved);
    const registry = { pool: stack.pool, offers: new OfferCache(), reached: () => undefined };

    const outcomes = await Promise.all(
      couponIds.map((couponId) => takeTogether(registry, [aTaking({ couponId, holderId, offer })])),
    );

    const granted = couponIds.filter((_, index) => 'answer' in outcomes[index]![0]!);
    expect(granted).toHaveLength(1);
    expect(
      outcomes.flat().filter((outcome) => 'again' in outcome && outcome.again.number === 1),
    ).toHaveLength(2);
    expect(await stack.couponState(granted[0]!)).toEqual({ usesLeft: 0, held: 1, used: 0 });
  });

  it('gives one coupon where it allows one of two that the basket could use', async () => {
    const offer = await stack.offer({ conditions: { limits: { usesPerHolder: 1 } } });
    const holder = await stack.holder(offer, offer);

    const answer = await stack.reserve({ media: [holder.point], products: ['milk', 'milk'] });

    expect(answer.coupons).toHaveLength(1);
    expect(answer.refused).toMatchObject([{ reason: 'limit-reached' }]);
  });
});

it('loses and doubles nothing, and never deadlocks, when reserves and ends of all kinds meet', async () => {
  const offers = await Promise.all([
    ...[1, 2, 3].map((n) =>
      stack.offer({ ...offOf(`p${n}`), conditions: { limits: { uses: 9, budget: 950n } } }),
    ),
    stack.offer({ ...offOf('p4'), conditions: { limits: { usesPerHolder: 1 } } }),
  ]);
  const holders = await Promise.all(
    Array.from({ length: 4 }, () => stack.holder(...offers, ...offers, ...offers)),
  );
  const products = ['p4', 'p3', 'p2', 'p1'];

  const settled = await Promise.all(
    Array.from({ length: 60 }, async (_, index) => {
      const [one, other] = [holders[index % 4]!, holders[(index + 1) % 4]!];
      const answer = await stack.reserve({ media: [one.point, other.credit], products });
      const couponIds = answer.coupons.map(({ couponId }) => couponId);
      const granted = index % 2 === 0;
      await stack.taken(
        await (granted ? stack.granted(answer, couponIds) : stack.abandoned(answer.settlementId)),
      );
      if (index % 4 === 0) await stack.taken(await stack.rolledBack(answer.settlementId, couponIds));
      return answer;
    }),
  );

  expect(settled.some(({ couponSearch }) => couponSearch === 'found')).toBe(true);
  expect(await stack.deadlocks()).toBe(0n);
  expect(await stack.unbalanced()).toEqual([]);
}, 60_000);

/** Takes from the slots, or leaves everything as it was. */
async function taken(settlementId: string, use: OfferUse): Promise<boolean> {
  const { offerId } = use.offer;
  try {
    return await inTransaction(stack.pool, async (client) => {
      const slots = await readSlots(client, [offerId]);
      if (slots.left(offerId, 'budget') < use.discount) return false;
      await takeEscrow(client, slots, settlementId, [use]);
      return true;
    });
  } catch (error) {
    if (error instanceof SlotTaken) return false;
    throw error;
  }
}

function aTaking(candidate: { couponId: string; holderId: string; offer: Offer }) {
  const { couponId, offer } = candidate;
  const request = aReserve({ media: [] });
  const { settlementId } = request;
  const coupon = { couponId, offerId: offer.offerId, title: '', discount: 100n, lines: [], funding: [] };
  return {
    basket: { request, round: FIRST_ROUND, candidates: [candidate], presentedBy: new Map() },
    plan: {
      answer: {
        settlementId,
        couponSearch: 'found' as const,
        discount: 100n,
        coupons: [coupon],
        refused: [],
      },
      uses: [{ candidate, discount: 100n }],
    },
    round: FIRST_ROUND,
    hold: {
      kind: 'until-end' as const,
      decider: 'settlement-relay' as const,
      resolveAt: '2126-01-01T00:00:00Z',
    },
  };
}

function offOf(productId: string) {
  return { terms: { requires: [{ productIds: [productId], quantity: 1 }] } };
}
