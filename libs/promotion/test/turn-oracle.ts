import type { Basket } from '../src/basket.ts';
import type { Coupon } from '../src/evaluation.ts';
import type { MoneyOff, RequiredSet } from '../src/terms.ts';

/**
 * The best of offers in several turns by trying everything: every offer left out or in, every piece for every
 * coupon. Written apart from the engine, for a handful of pieces and amounts that are small.
 *
 * Knows coupons on pieces (amount off, percent off, one required set) by group, and offers on the order or on
 * single lines (amount off the order, percent off the order or each line).
 */
export function bestInTurns(basket: Basket, coupons: readonly Coupon[]): number {
  const usable = coupons.filter(({ terms }) => terms.requires.every((set) => isThere(set, basket)));
  let most = 0;
  for (let mask = 1; mask < 2 ** usable.length; mask++) {
    const some = usable.filter((_, n) => mask & (1 << n));
    most = Math.max(most, bestOf(basket, some));
  }
  return most;
}

function isThere({ productIds, quantity }: RequiredSet, { lines }: Basket): boolean {
  const pieces = lines.filter(({ productId }) => productIds.includes(productId));
  return pieces.reduce((sum, line) => sum + Number(line.quantity), 0) >= quantity;
}

/** Of these offers in the order that their priorities give them. */
function bestOf(basket: Basket, coupons: readonly Coupon[]): number {
  const turns = inOrder(coupons);

  function best(at: number, left: readonly number[]): number {
    const turn = turns[at];
    if (!turn) return 0;
    let most = 0;
    for (const given of choicesOf(turn, basket, left)) {
      const total = given.reduce((sum, discount) => sum + discount, 0);
      const after = left.map((amount, line) => amount - given[line]!);
      most = Math.max(most, total + best(at + 1, after));
    }
    return most;
  }
  const amounts = basket.lines.map(({ amount }) => Number(amount));
  return best(0, amounts);
}

const takesPieces = ({ terms }: Coupon) => terms.requires.length > 0;

/** By priority; of equal priority pieces by group, then lines, then the order, of each percentages by rate, then amounts. */
function inOrder(coupons: readonly Coupon[]): Coupon[][] {
  const groups = new Map<string, Coupon[]>();
  for (const coupon of coupons) {
    const key = takesPieces(coupon)
      ? `group ${coupon.terms.stacking?.group ?? ''}`
      : `alone ${coupon.couponId}`;
    groups.set(key, [...(groups.get(key) ?? []), coupon]);
  }
  const priority = (turn: Coupon[]) => Math.max(...turn.map(({ terms }) => terms.stacking?.priority ?? 0));
  const rank = ([first]: Coupon[]) => {
    const { reward, stacking } = first!.terms;
    if (takesPieces(first!)) return `0 ${stacking?.group ?? ''}`;
    const value =
      reward.kind === 'percent-off' ? reward.rateBps : Number((reward as { amount: bigint }).amount);
    const where = 'on' in reward && reward.on ? 1 : 2;
    return `${where} ${reward.kind === 'percent-off' ? 0 : 1} ${String(1_000_000 - value)} ${first!.couponId}`;
  };
  return [...groups.values()].sort((a, b) => priority(b) - priority(a) || (rank(a) < rank(b) ? -1 : 1));
}

/** What a turn may take off each line, for every choice in it. */
function choicesOf(turn: readonly Coupon[], basket: Basket, left: readonly number[]): number[][] {
  const nothing = left.map(() => 0);
  if (!takesPieces(turn[0]!)) return [nothing, onLines(turn[0]!.terms.reward as MoneyOff, left)];

  const pieces = basket.lines.flatMap(({ quantity, productId }, line) => {
    const count = Number(quantity);
    return Array.from({ length: count }, (_, n) => ({
      line,
      productId,
      price: Math.floor(left[line]! / count) + (n < left[line]! % count ? 1 : 0),
    }));
  });
  let partial = [{ given: nothing, taken: 0 }];
  for (const { terms } of turn) {
    const { productIds, quantity } = terms.requires[0]!;
    const options: { mask: number; given: number[] }[] = [];
    for (let mask = 1; mask < 2 ** pieces.length; mask++) {
      const mine = pieces.filter((_, n) => mask & (1 << n));
      if (mine.length !== quantity || mine.some(({ productId }) => !productIds.includes(productId))) continue;
      options.push({ mask, given: onPieces(terms.reward as MoneyOff, mine, left.length) });
    }
    partial = partial.flatMap((so) => [
      so,
      ...options
        .filter(({ mask }) => (mask & so.taken) === 0)
        .map(({ mask, given }) => ({
          given: so.given.map((discount, line) => discount + given[line]!),
          taken: so.taken | mask,
        })),
    ]);
  }
  return partial.map(({ given }) => given);
}

function onPieces(reward: MoneyOff, mine: { line: number; price: number }[], lines: number): number[] {
  const prices = Array.from({ length: lines }, (_, line) =>
    mine.filter((piece) => piece.line === line).reduce((sum, { price }) => sum + price, 0),
  );
  if (reward.kind === 'percent-off') return prices.map((price) => percentOf(price, reward.rateBps));
  return split(Math.min(Number((reward as { amount: bigint }).amount), sum(prices)), prices);
}

function onLines(reward: MoneyOff, left: readonly number[]): number[] {
  if (reward.kind === 'amount-off') return split(Math.min(Number(reward.amount), sum(left)), left);
  if (reward.kind !== 'percent-off') throw new Error(`the oracle knows no ${reward.kind}`);
  return reward.on
    ? left.map((amount) => percentOf(amount, reward.rateBps))
    : split(percentOf(sum(left), reward.rateBps), left);
}

/** Largest remainder, ties to the front. */
function split(total: number, weights: readonly number[]): number[] {
  const whole = sum(weights);
  if (total === 0) return weights.map(() => 0);
  const shares = weights.map((weight) => Math.floor((total * weight) / whole));
  const order = [...weights.keys()].sort(
    (a, b) => ((total * weights[b]!) % whole) - ((total * weights[a]!) % whole) || a - b,
  );
  for (const at of order.slice(0, total - sum(shares))) shares[at] = shares[at]! + 1;
  return shares;
}

function percentOf(amount: number, rateBps: number): number {
  return Math.floor((amount * rateBps + 5_000) / 10_000);
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
