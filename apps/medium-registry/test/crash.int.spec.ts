import {
  AcquireByCodeV1,
  CouponConsumedV1,
  CouponRolledBackV1,
  CouponsAcquiredV1,
  CouponsSearchedV1,
  OfferPausedV1,
  OfferResumedV1,
} from '@couplet/contracts';
import { FAILPOINTS, type Failpoint } from '../src/failpoints.ts';
import { v7 as uuidv7 } from 'uuid';
import { aReserve, aUse, PRESENTED_AT as NOW } from './samples.ts';
import { ASK, Stack, until } from './stack.ts';

/** Dies once at the armed failpoint: what was not committed is gone, and who asked gets no answer. */
let armed: Failpoint | undefined;
let stack: Stack;
beforeAll(async () => {
  stack = await Stack.start((failpoint) => {
    if (failpoint !== armed) return;
    armed = undefined;
    throw new Error(`died at ${failpoint}`);
  });
}, 120_000);
afterAll(() => stack.stop());

it.each(FAILPOINTS)(
  'dying at %s loses nothing and doubles nothing',
  async (failpoint) => {
    armed = failpoint;
    const offer = await stack.offer({
      conditions: { limits: { uses: 10, budget: 1_000n, usesPerHolder: 4 } },
    });
    const holder = await stack.holder();
    const acquisition = stack.anAcquisition(holder.holderId, [offer, offer, offer, offer]);
    await repeat(() => stack.acquireAs(acquisition));
    const scanner = await stack.holder(offer);
    const scan = aUse(scanner);

    await stack.taken(
      await stack.publish(OfferPausedV1, { offerId: offer.offerId, version: 4, pausedAt: NOW }),
    );
    await stack.taken(
      await stack.publish(OfferResumedV1, { offerId: offer.offerId, version: 5, resumedAt: NOW }),
    );
    await acquireByCode(offer.offerId);

    const isResolved = failpoint.startsWith('registry.resolved');
    const [kept, abandoned, rolledBack] = [
      aSale(),
      aSale(isResolved ? '2020-01-01T00:00:00Z' : undefined),
      aSale(),
    ];
    const resolving = stack.answerResolve(abandoned.settlementId, () => ({
      decision: 'abandoned',
      couponIds: [],
    }));
    const answers = [];
    for (const sale of [kept, rolledBack, abandoned]) answers.push(await repeat(() => stack.reserveAs(sale)));
    const [keptIds, rolledBackIds] = answers.map(({ coupons }) => coupons.map(({ couponId }) => couponId));
    const used = await repeat(() => stack.useAs(scan));
    expect(used.coupons.map(({ couponId }) => couponId)).toEqual(scanner.couponIds);
    await stack.taken(await stack.granted(answers[0]!, keptIds!));
    await stack.taken(await stack.granted(answers[1]!, rolledBackIds!));
    await stack.taken(await stack.rolledBack(rolledBack.settlementId, rolledBackIds!));
    if (isResolved) await until(async () => (await stack.openReservations(abandoned.settlementId)) === 0);
    else await stack.taken(await stack.abandoned(abandoned.settlementId));
    resolving.stop();

    expect(armed).toBeUndefined();
    expect(await stack.unbalanced()).toEqual([]);
    expect(await stack.escrowLeft(offer.offerId)).toEqual({ uses: 8n, budget: 800n });
    expect(await stack.couponState(scanner.couponIds[0]!)).toEqual({ usesLeft: 0, held: 0, used: 1 });
    expect(await stack.told(CouponConsumedV1, scan.settlementId)).toHaveLength(1);
    expect(await stack.couponState(keptIds![0]!)).toEqual({ usesLeft: 0, held: 0, used: 1 });
    expect(await stack.told(CouponsAcquiredV1, acquisition.acquisitionId)).toHaveLength(1);
    for (const { settlementId } of [kept, rolledBack, abandoned]) {
      expect(await stack.told(CouponsSearchedV1, settlementId)).toHaveLength(1);
    }
    expect(await stack.told(CouponConsumedV1, kept.settlementId)).toHaveLength(1);
    expect(await stack.told(CouponConsumedV1, rolledBack.settlementId)).toHaveLength(1);
    expect(await stack.told(CouponRolledBackV1, rolledBack.settlementId)).toHaveLength(1);
    expect(await stack.told(CouponConsumedV1, abandoned.settlementId)).toEqual([]);

    function aSale(resolveAt?: string) {
      return aReserve({ media: [holder.point], ...(resolveAt && { resolveAt }) });
    }
  },
  30_000,
);

async function acquireByCode(offerId: string): Promise<void> {
  const { holderId } = await stack.holder();
  const acquisitionId = uuidv7();
  const issuance = stack.answerClaims(acquisitionId, () => ({ outcome: 'claimed', offerId }));
  const claim = { acquisitionId, holderId, channel: 'mobile' as const, acquiredAt: NOW, code: acquisitionId };
  await repeat(() => stack.operator.request(AcquireByCodeV1, claim, ASK));
  issuance.stop();
  expect(await stack.offersOf(holderId)).toEqual([offerId]);
  expect(await stack.told(CouponsAcquiredV1, acquisitionId)).toHaveLength(1);
}

/** A caller repeats what it got no answer to. */
async function repeat<Reply>(ask: () => Promise<Reply>): Promise<Reply> {
  try {
    return await ask();
  } catch (error) {
    expect(error).toMatchObject({ code: 'internal' });
    return ask();
  }
}
