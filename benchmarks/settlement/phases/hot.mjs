import { during } from '../measure/during.mjs';
import { throughput } from './throughput.mjs';

/** Far more than any run uses. */
const ENOUGH = 1_000_000;

/**
 * The same load where everybody touches the same row, beside one that is spread.
 *
 * - `coupon`: one shopper's one coupon, with uses without end: a card that a whole company pays with
 * - `limit`: a coupon for each, of one offer that is limited in uses and in budget
 */
export async function hotRows(system, { offerIds, ...how }) {
  const spread = await throughput(system, { offerIds, ...how });
  const limited = await system.newOffers(1, { uses: ENOUGH, budget: BigInt(ENOUGH) * 1_000n });
  const limit = await throughput(system, { offerIds: limited, ...how });
  const coupon = await hotCoupon(system, { offerId: offerIds[0], ...how });
  const ratio = (hot) => hot.grantedPerS / spread.grantedPerS;
  return {
    spreadPerS: spread.grantedPerS,
    coupon: ratio(coupon),
    limit: ratio(limit),
    couponPerS: coupon.grantedPerS,
    limitPerS: limit.grantedPerS,
  };
}

async function hotCoupon(system, { offerId, concurrency, seconds }) {
  const shopper = await system.shoppers.bringOneForAll(offerId, ENOUGH);
  const plan = { concurrency, seconds, from: shopper, sameMedium: String(shopper) };
  const result = await during(system, () => system.settle(plan));
  await system.shoppers.countUses(shopper, ENOUGH);
  return { ...result, grantedPerS: result.withDiscount / result.elapsedS };
}
