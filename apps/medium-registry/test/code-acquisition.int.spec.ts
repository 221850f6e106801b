import { AcquireByCodeV1, CouponsAcquiredV1, OfferApprovedV1 } from '@couplet/contracts';
import { v7 as uuidv7 } from 'uuid';
import { anOffer, PRESENTED_AT } from './samples.ts';
import { ASK, Stack, until } from './stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.start();
}, 120_000);
afterAll(() => stack.stop());

let codes = 0;
const aCode = () => `SPR-${String((codes += 1)).padStart(6, '0')}`;
const aClaim = (holderId: string, code: string) => ({
  acquisitionId: uuidv7(),
  holderId,
  channel: 'mobile' as const,
  acquiredAt: PRESENTED_AT,
  code,
});
const acquire = (claim: ReturnType<typeof aClaim>) => stack.operator.request(AcquireByCodeV1, claim, ASK);
const openClaims = async (acquisitionId: string) =>
  (await stack.pool.query('SELECT FROM open_claim WHERE acquisition_id = $1', [acquisitionId])).rowCount;

it('gives the coupon of a code, which is then found at the till; a repeat gets the same one', async () => {
  const offer = await stack.offer();
  const { holderId, point } = await stack.holder();
  const claim = aClaim(holderId, aCode());
  const issuance = stack.answerClaims(claim.code, () => ({ outcome: 'claimed', offerId: offer.offerId }));

  const coupon = await acquire(claim);
  issuance.stop();

  expect(coupon.offerId).toBe(offer.offerId);
  expect(await acquire(claim)).toEqual(coupon);
  expect(await stack.told(CouponsAcquiredV1, claim.acquisitionId)).toHaveLength(1);
  expect((await stack.reserve({ media: [point] })).coupons[0]?.couponId).toBe(coupon.couponId);
  await expect(acquire({ ...claim, code: aCode() })).rejects.toMatchObject({
    code: 'attempt-conflict',
  });
});

it.each([
  ['no-such-code', 'not-found'],
  ['already-used', 'conflict'],
  ['offer-not-live', 'conflict'],
])('gives nothing when issuance says %s', async (reason, problem) => {
  const { holderId } = await stack.holder();
  const claim = aClaim(holderId, aCode());
  const issuance = stack.answerClaims(claim.code, () => ({ outcome: 'refused', reason }));
  await expect(acquire(claim)).rejects.toMatchObject({
    code: problem,
    errors: [{ field: 'code', detail: reason }],
  });
  issuance.stop();
  expect(await openClaims(claim.acquisitionId)).toBe(0);
  expect(await stack.offersOf(holderId)).toEqual([]);
});

it('asks nobody for a holder that there is not', async () => {
  await expect(acquire(aClaim(uuidv7(), aCode()))).rejects.toMatchObject({ code: 'not-found' });
});

it('finishes by itself a claim whose answer was lost', async () => {
  const offer = await stack.offer();
  const { holderId } = await stack.holder();
  const claim = aClaim(holderId, aCode());
  // Claimed, and the answer lost: the caller is told that nothing is known.
  const silent = stack.answerClaims(claim.code, () => undefined);
  await expect(acquire(claim)).rejects.toMatchObject({ code: 'unavailable' });
  silent.stop();
  expect(await stack.offersOf(holderId)).toEqual([]);

  const asked: string[] = [];
  const issuance = stack.answerClaims(claim.code, (claimId) => {
    asked.push(claimId);
    return { outcome: 'claimed', offerId: offer.offerId };
  });
  await stack.pool.query('UPDATE open_claim SET ask_at = now() WHERE acquisition_id = $1', [
    claim.acquisitionId,
  ]);
  await until(async () => (await openClaims(claim.acquisitionId)) === 0);
  issuance.stop();

  expect(new Set(asked)).toEqual(new Set([claim.acquisitionId]));
  expect(await stack.offersOf(holderId)).toEqual([offer.offerId]);
});

it('gives the coupon when the offer that the code names has reached the registry', async () => {
  const offer = anOffer();
  const { holderId } = await stack.holder();
  const claim = aClaim(holderId, aCode());
  const issuance = stack.answerClaims(claim.code, () => ({ outcome: 'claimed', offerId: offer.offerId }));

  await expect(acquire(claim)).rejects.toMatchObject({ code: 'unavailable' });
  await stack.taken(await stack.publish(OfferApprovedV1, offer));
  const coupon = await acquire(claim);
  issuance.stop();

  expect(await stack.offersOf(holderId)).toEqual([coupon.offerId]);
  expect(await openClaims(claim.acquisitionId)).toBe(0);
});

it('gives one coupon however often the same claim comes at once', async () => {
  const offer = await stack.offer();
  const { holderId } = await stack.holder();
  const claim = aClaim(holderId, aCode());
  const issuance = stack.answerClaims(claim.code, () => ({ outcome: 'claimed', offerId: offer.offerId }));
  const coupons = await Promise.all(Array.from({ length: 12 }, () => acquire(claim)));
  issuance.stop();
  expect(new Set(coupons.map(({ couponId }) => couponId)).size).toBe(1);
  expect(await stack.offersOf(holderId)).toHaveLength(1);
  expect(await stack.told(CouponsAcquiredV1, claim.acquisitionId)).toHaveLength(1);
});
