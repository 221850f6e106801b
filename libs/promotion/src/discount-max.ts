import type { MoneyOff, OfferTerms } from './terms.ts';

/**
 * Most that one coupon can take off any basket, where its terms say so by themselves; minor units, the store's
 * match included.
 */
export function discountMaxOf({ reward, storeMatch, usesPerBasket = 1 }: OfferTerms): bigint | undefined {
  let face = 0n;
  for (const one of reward.kind === 'several' ? reward.rewards : [reward]) {
    const most = one.kind === 'benefit' ? 0n : faceMaxOf(one);
    if (most === undefined) return undefined;
    face += most;
  }
  // Less face value than the terms allow may be matched with more.
  const matched = face > 0n && storeMatch ? max(face, least(face * 2n, storeMatch.upToTotal)) : face;
  return matched * BigInt(usesPerBasket);
}

function faceMaxOf(reward: MoneyOff): bigint | undefined {
  switch (reward.kind) {
    case 'amount-off':
      return reward.on && reward.on.allocation !== 'across' ? undefined : reward.amount;
    case 'percent-off':
      return reward.amountMax;
    case 'free-item':
    case 'fixed-price':
    case 'buy-get':
      return undefined;
  }
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
