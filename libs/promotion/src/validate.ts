import type { Basket } from './basket.ts';
import type { Coupon } from './evaluation.ts';
import { isOnLines } from './prepare.ts';
import type { MoneyOff, OfferTerms, RequiredSet } from './terms.ts';

const BASKET_AMOUNT_MAX = BigInt(Number.MAX_SAFE_INTEGER);
const DECIMAL = /^\d+(\.\d+)?$/;

/** @throws RangeError that says what is wrong; contracts reject such input at the edge, so it is a bug in the caller */
export function checkBasket(basket: Basket): void {
  const seen = new Set<string>();
  let total = 0n;
  for (const { lineId, amount, quantity, amountMin } of basket.lines) {
    if (seen.has(lineId)) throw new RangeError(`line ${lineId} is in the basket twice`);
    seen.add(lineId);
    if (amount < 0n) throw new RangeError(`line ${lineId}: amount ${amount} is negative`);
    if (amountMin !== undefined && amountMin < 0n) {
      throw new RangeError(`line ${lineId}: amountMin ${amountMin} is negative`);
    }
    if (!DECIMAL.test(quantity)) {
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
export function checkTerms(terms: OfferTerms): void {
  const { requires, funding, storeMatch, usesPerBasket } = terms;
  for (const set of requires) checkSet(set);
  checkRewards(terms);
  if (usesPerBasket !== undefined) checkPieces('usesPerBasket', usesPerBasket);

  for (const { party, shareBps } of funding) checkBps(`share of ${party}`, shareBps);
  const shares = funding.reduce((total, { shareBps }) => total + shareBps, 0);
  if (shares !== 10_000) throw new RangeError(`funding shares sum to ${shares}, not 10000`);
  if (storeMatch) checkAmount('storeMatch.upToTotal', storeMatch.upToTotal);
}

function checkSet({ quantity, quantityMax, measure, spendMin }: RequiredSet): void {
  checkPieces('required quantity', quantity);
  if (quantityMax !== undefined && quantityMax < quantity) {
    throw new RangeError(`quantityMax ${quantityMax} is below the required quantity ${quantity}`);
  }
  if (spendMin !== undefined) checkAmount('spendMin', spendMin);
  if (measure?.unit === 'each') throw new RangeError(`measure: 'each' is counted by quantity`);
  if (measure && !DECIMAL.test(measure.atLeast)) {
    throw new RangeError(`measure "${measure.atLeast}" is not a decimal of at least 0`);
  }
}

function checkRewards({ reward, requires }: OfferTerms): void {
  const rewards = reward.kind === 'several' ? reward.rewards : [reward];
  if (rewards.length === 0) throw new RangeError('several rewards are none');
  const money = rewards.filter((one): one is MoneyOff => one.kind !== 'benefit');
  if (rewards.length - money.length > 1) throw new RangeError('an offer gives one benefit at most');
  for (const one of money) checkReward(one, requires);
  if (requires.length > 0 && new Set(money.map(isOnLines)).size > 1) {
    throw new RangeError('a reward on pieces and one on lines cannot be of one offer');
  }
}

function checkReward(reward: MoneyOff, requires: readonly RequiredSet[]): void {
  switch (reward.kind) {
    case 'amount-off':
      return checkAmount('reward amount', reward.amount);
    case 'percent-off':
      checkRate(reward.rateBps);
      if (reward.amountMax !== undefined) checkAmount('amountMax', reward.amountMax);
      return checkScope(reward.on, requires);
    case 'free-item':
      return checkFree('free quantity', reward.quantity, requires);
    case 'fixed-price':
      if (requires.length === 0) throw new RangeError('a fixed price needs required sets');
      return checkAmount('fixed price', reward.amount);
    case 'buy-get':
      checkRate(reward.rateBps);
      checkPieces('buyQuantity', reward.buyQuantity);
      return checkPieces('getQuantity', reward.getQuantity);
  }
}

function checkScope(
  on: Extract<MoneyOff, { kind: 'percent-off' }>['on'],
  requires: readonly RequiredSet[],
): void {
  if (!on || on.kind === 'lines') return;
  if (requires.length === 0) throw new RangeError(`a reward on ${on.kind} needs required sets`);
  if (on.kind !== 'set') return checkFree(`${on.kind} quantity`, on.quantity, requires);
  const set = requires[on.set];
  if (!set) throw new RangeError(`set ${on.set} is not required`);
  const others = new Set(requires.filter((other) => other !== set).flatMap(({ productIds }) => productIds));
  const shared = set.productIds.find((productId) => others.has(productId));
  if (shared !== undefined) throw new RangeError(`set ${on.set} shares product ${shared} with another set`);
}

function checkFree(name: string, quantity: number, requires: readonly RequiredSet[]): void {
  checkPieces(name, quantity);
  if (requires.length === 0) return;
  const taken = requires.reduce((pieces, set) => pieces + Math.max(set.quantity, set.quantityMax ?? 0), 0);
  if (quantity > taken) throw new RangeError(`${name} ${quantity} is above the ${taken} required`);
}

function checkAmount(name: string, amount: bigint): void {
  if (amount < 0n) throw new RangeError(`${name} ${amount} is negative`);
}

function checkBps(name: string, bps: number): void {
  if (!Number.isInteger(bps) || bps < 0 || bps > 10_000) {
    throw new RangeError(`${name}: ${bps} is not an integer in 0..10000`);
  }
}

function checkRate(rateBps: number): void {
  const tenThousandths = rateBps * 10_000;
  if (!(rateBps >= 0 && rateBps <= 10_000) || Math.abs(tenThousandths - Math.round(tenThousandths)) > 1e-6) {
    throw new RangeError(`rateBps: ${rateBps} is not a number of at most four decimals in 0..10000`);
  }
}

function checkPieces(name: string, pieces: number): void {
  if (!Number.isSafeInteger(pieces) || pieces < 1) {
    throw new RangeError(`${name} ${pieces} is not an integer of at least 1`);
  }
}
