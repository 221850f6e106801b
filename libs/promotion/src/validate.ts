import type { Basket, Coupon, OfferTerms, Reward } from './types.ts';

const BASKET_AMOUNT_MAX = BigInt(Number.MAX_SAFE_INTEGER);

/** @throws RangeError that says what is wrong; contracts reject such input at the edge, so it is a bug in the caller */
export function checkBasket(basket: Basket): void {
  const seen = new Set<string>();
  let total = 0n;
  for (const { lineId, amount, quantity } of basket.lines) {
    if (seen.has(lineId)) throw new RangeError(`line ${lineId} is in the basket twice`);
    seen.add(lineId);
    if (amount < 0n) throw new RangeError(`line ${lineId}: amount ${amount} is negative`);
    if (!/^\d+(\.\d+)?$/.test(quantity)) {
      throw new RangeError(`line ${lineId}: quantity "${quantity}" is not a decimal of at least 0`);
    }
    total += amount;
  }
  if (total > BASKET_AMOUNT_MAX) throw new RangeError(`basket of ${total} is above ${BASKET_AMOUNT_MAX}`);
}

/** @throws RangeError as `checkBasket` */
export function checkCouponIds(coupons: readonly Coupon[]): void {
  const seen = new Set<string>();
  for (const { couponId } of coupons) {
    if (seen.has(couponId)) throw new RangeError(`coupon ${couponId} is given twice`);
    seen.add(couponId);
  }
}

/** @throws RangeError as `checkBasket` */
export function checkTerms({ requires, reward, funding, storeMatch }: OfferTerms): void {
  if (requires.length === 0) throw new RangeError('requires is empty');
  for (const { quantity } of requires) checkPieces('required quantity', quantity);
  checkReward(
    reward,
    requires.reduce((pieces, { quantity }) => pieces + quantity, 0),
  );

  for (const { party, shareBps } of funding) checkBps(`share of ${party}`, shareBps);
  const shares = funding.reduce((total, { shareBps }) => total + shareBps, 0);
  if (shares !== 10_000) throw new RangeError(`funding shares sum to ${shares}, not 10000`);
  if (storeMatch) checkAmount('storeMatch.upToTotal', storeMatch.upToTotal);
}

function checkReward(reward: Reward, piecesRequired: number): void {
  switch (reward.kind) {
    case 'amount-off':
      return checkAmount('reward amount', reward.amount);
    case 'percent-off':
      checkBps('rateBps', reward.rateBps);
      if (reward.amountMax !== undefined) checkAmount('amountMax', reward.amountMax);
      return;
    case 'free-item':
      checkPieces('free quantity', reward.quantity);
      if (reward.quantity > piecesRequired) {
        throw new RangeError(`free quantity ${reward.quantity} is above the ${piecesRequired} required`);
      }
  }
}

function checkAmount(name: string, amount: bigint): void {
  if (amount < 0n) throw new RangeError(`${name} ${amount} is negative`);
}

function checkBps(name: string, bps: number): void {
  if (!Number.isInteger(bps) || bps < 0 || bps > 10_000) {
    throw new RangeError(`${name}: ${bps} is not an integer in 0..10000`);
  }
}

function checkPieces(name: string, pieces: number): void {
  if (!Number.isSafeInteger(pieces) || pieces < 1) {
    throw new RangeError(`${name} ${pieces} is not an integer of at least 1`);
  }
}
