import type { Basket } from '../src/basket.ts';
import type { Coupon } from '../src/evaluation.ts';
import type { OfferTerms } from '../src/terms.ts';

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
  const options = coupons.map(({ terms }) => optionsOf(terms, basket.currency, pieces));
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
  terms: OfferTerms,
  currency: string,
  pieces: Piece[],
): { mask: number; discount: number }[] {
  if (terms.currency !== currency) return [];
  const options = [];
  for (let mask = 1; mask < 2 ** pieces.length; mask++) {
    const taken = pieces.filter((_, n) => mask & (1 << n));
    if (
      !satisfies(
        taken,
        terms.requires.flatMap(({ productIds, quantity }) =>
          Array<readonly string[]>(quantity).fill(productIds),
        ),
      )
    )
      continue;
    const discount = discountOf(terms, taken);
    if (discount > 0) options.push({ mask, discount });
  }
  return options;
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
  let face: number;
  if (reward.kind === 'amount-off') face = Number(reward.amount);
  else if (reward.kind === 'free-item') {
    const prices = taken.map(({ price }) => price).sort((a, b) => a - b);
    face = prices.slice(0, reward.quantity).reduce((sum, price) => sum + price, 0);
  } else if (reward.kind === 'percent-off') {
    face = 0;
    for (const line of new Set(taken.map((piece) => piece.line))) {
      const ofLine = taken.filter((piece) => piece.line === line).reduce((sum, { price }) => sum + price, 0);
      face += Math.floor((ofLine * reward.rateBps + 5_000) / 10_000);
    }
    if (reward.amountMax !== undefined) face = Math.min(face, Number(reward.amountMax));
  } else throw new Error(`the oracle knows no ${reward.kind}`);
  const upTo = Number(storeMatch?.upToTotal ?? 0n);
  const match = face < upTo ? Math.min(face, upTo - face) : 0;
  return Math.min(face + match, total);
}

function isBetter(a: Outcome, b: Outcome): boolean {
  if (a.total !== b.total) return a.total > b.total;
  if (a.used.length !== b.used.length) return a.used.length < b.used.length;
  const differing = a.used.findIndex((coupon, n) => coupon !== b.used[n]);
  return differing >= 0 && a.used[differing]! < b.used[differing]!;
}
