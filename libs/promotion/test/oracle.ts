import type { Basket } from '../src/basket.ts';
import type { Coupon } from '../src/evaluation.ts';
import type { OfferTerms, Reward } from '../src/terms.ts';

interface Piece {
  line: number;
  productId: string;
  price: number;
}

interface Outcome {
  total: number;
  /** Coupons used, by position, rising. */
  used: number[];
}

/**
 * The best combination by trying them all: every coupon on every subset of the pieces. Written apart from
 * the engine, piece by piece and without any pruning but a memo; for baskets of at most 12 pieces.
 */
export function bruteForce(basket: Basket, coupons: readonly Coupon[]): Outcome {
  const pieces = basket.lines.flatMap(expand);
  const options = coupons.map((coupon) => optionsOf(coupon, basket.currency, pieces));
  const memo = new Map<string, Outcome>();

  function best(coupon: number, taken: number): Outcome {
    if (coupon === coupons.length) return { total: 0, used: [] };
    const key = `${coupon}/${taken}`;
    let found = memo.get(key);
    if (found) return found;
    found = best(coupon + 1, taken);
    for (const { mask, discount } of options[coupon]!) {
      if ((mask & taken) !== 0) continue;
      const rest = best(coupon + 1, taken | mask);
      const candidate = { total: rest.total + discount, used: [coupon, ...rest.used] };
      if (isBetter(candidate, found)) found = candidate;
    }
    memo.set(key, found);
    return found;
  }
  return best(0, 0);
}

function expand(
  { productId, quantity, unit, amount, discountable }: Basket['lines'][number],
  line: number,
): Piece[] {
  if (!discountable) return [];
  const whole = Math.floor(Number(quantity));
  const count = Number(quantity) === 0 ? (amount > 0n ? 1 : 0) : unit === 'each' ? Math.max(1, whole) : 1;
  const cents = Number(amount);
  return Array.from({ length: count }, (_, n) => ({
    line,
    productId,
    price: Math.floor(cents / count) + (n < cents % count ? 1 : 0),
  }));
}

function optionsOf(
  { terms, budget }: Coupon,
  currency: string,
  pieces: Piece[],
): { mask: number; discount: number }[] {
  if (terms.currency !== currency) return [];
  const options = [];
  const left = budget?.kind === 'spend' ? Number(budget.limit - budget.used) : Infinity;
  const slots = slotsOf(terms.requires);
  for (let mask = 1; mask < 2 ** pieces.length; mask++) {
    const taken = pieces.filter((_, n) => mask & (1 << n));
    if (!slots.some((one) => satisfies(taken, one))) continue;
    const discount = discountOf(terms, taken);
    if (discount > 0 && discount <= left) options.push({ mask, discount });
  }
  return options;
}

/** Every number of pieces that each set may take. */
function slotsOf([set, ...others]: OfferTerms['requires']): (readonly string[])[][] {
  if (!set) return [[]];
  const { productIds, quantity, quantityMax = quantity } = set;
  const rest = slotsOf(others);
  return Array.from({ length: quantityMax - quantity + 1 }, (_, more) => quantity + more).flatMap((count) =>
    rest.map((slots) => [...Array<readonly string[]>(count).fill(productIds), ...slots]),
  );
}

/** Whether the pieces can be handed out so that each fills one slot and none is left. */
function satisfies([piece, ...others]: Piece[], slots: (readonly string[])[]): boolean {
  if (!piece) return slots.length === 0;
  return slots.some(
    (productIds, n) =>
      productIds.includes(piece.productId) &&
      satisfies(
        others,
        slots.filter((_, other) => other !== n),
      ),
  );
}

function discountOf({ reward, storeMatch }: OfferTerms, taken: Piece[]): number {
  const total = taken.reduce((sum, { price }) => sum + price, 0);
  const rewards = reward.kind === 'several' ? reward.rewards : [reward];
  const face = rewards.reduce((sum, one) => sum + faceOf(one, taken), 0);
  const upTo = Number(storeMatch?.upToTotal ?? 0n);
  const match = face < upTo ? Math.min(face, upTo - face) : 0;
  return Math.min(face + match, total);
}

function faceOf(reward: Reward, taken: Piece[]): number {
  if (reward.kind === 'amount-off') return Number(reward.amount);
  const total = taken.reduce((sum, { price }) => sum + price, 0);
  if (reward.kind === 'fixed-price') return Math.max(0, total - Number(reward.amount));
  const rising = taken.toSorted((a, b) => a.price - b.price || a.line - b.line);
  if (reward.kind === 'free-item')
    return rising.slice(0, reward.quantity).reduce((sum, { price }) => sum + price, 0);
  if (reward.kind !== 'percent-off') throw new Error(`the oracle knows no ${reward.kind}`);
  const falling = taken.toSorted((a, b) => b.price - a.price || a.line - b.line);
  const { on } = reward;
  const touched =
    on?.kind === 'cheapest'
      ? rising.slice(0, on.quantity)
      : on?.kind === 'dearest'
        ? falling.slice(0, on.quantity)
        : taken;
  let face = 0;
  for (const line of new Set(touched.map((piece) => piece.line))) {
    const ofLine = touched.filter((piece) => piece.line === line).reduce((sum, { price }) => sum + price, 0);
    face += Math.floor((ofLine * reward.rateBps + 5_000) / 10_000);
  }
  return reward.amountMax === undefined ? face : Math.min(face, Number(reward.amountMax));
}

function isBetter(a: Outcome, b: Outcome): boolean {
  if (a.total !== b.total) return a.total > b.total;
  if (a.used.length !== b.used.length) return a.used.length < b.used.length;
  const differing = a.used.findIndex((coupon, n) => coupon !== b.used[n]);
  return differing >= 0 && a.used[differing]! < b.used[differing]!;
}
