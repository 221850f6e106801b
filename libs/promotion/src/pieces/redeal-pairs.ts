import type { Hands, Pieces } from './hands.ts';
import type { PricedPieces } from './worthwhile-hands.ts';
import { bestPieces, piecesFrom } from './worthwhile-hands.ts';

/** Choices of the first of two coupons that are tried; where more could lead to a better deal, the two keep what they have. */
const CHOICES_MAX = 2_000;

/**
 * Looks for a better deal two coupons at a time: from their pieces and those that nobody has, both are dealt anew as well as
 * it goes, until no two can be dealt better. Where a discount ends at a limit that is a sum of prices, swapping
 * pieces one by one stays some units short of it.
 *
 * @param target ends when this is reached
 */
export function redealPairs(
  coupons: readonly Hands[],
  capacity: readonly number[],
  start: readonly (Pieces | undefined)[],
  { target, isOver }: { target: number; isOver: () => boolean },
): (Pieces | undefined)[] {
  const left = [...capacity];
  for (const pieces of start) move(pieces, left, -1);
  const hands = [...start];
  const values = hands.map((pieces, coupon) => (pieces ? coupons[coupon]!.valueOf(pieces) : 0));
  let total = values.reduce((sum, value) => sum + value, 0);
  const pairs = [...coupons.keys()].flatMap((a) =>
    [...coupons.keys()].slice(a + 1).map((b) => [a, b] as const),
  );

  for (let isBetter = true; isBetter;) {
    isBetter = false;
    for (const [a, b] of pairs) {
      if (total >= target || isOver()) return hands;
      const before = values[a]! + values[b]!;
      move(hands[a], left, 1);
      move(hands[b], left, 1);
      const dealt = dealBoth(coupons[a]!, coupons[b]!, left, before, isOver);
      if (dealt) {
        [a, b].forEach((coupon, at) => {
          hands[coupon] = dealt[at]!.pieces;
          values[coupon] = dealt[at]!.gain;
        });
        total += values[a]! + values[b]! - before;
        isBetter = true;
      }
      move(hands[a], left, -1);
      move(hands[b], left, -1);
    }
  }
  return hands;
}

/** What a coupon is dealt. */
type Dealt = PricedPieces | { pieces: undefined; gain: 0 };
const NOTHING: Dealt = { pieces: undefined, gain: 0 };

/** Pieces for both, or for one of them, that come to more than before; undefined where there are none, or too many to look at. */
function dealBoth(
  first: Hands,
  second: Hands,
  left: number[],
  before: number,
  isOver: () => boolean,
): readonly [Dealt, Dealt] | undefined {
  const free = new Float64Array(left.length);
  const bestOf = (coupon: Hands, least: number): PricedPieces | undefined => {
    let best: PricedPieces | undefined;
    for (const mode of coupon.modes)
      best = bestPieces(coupon, mode, free, left, isOver, best?.gain ?? least).best ?? best;
    return best;
  };
  const gainMin = before + 1 - (bestOf(second, 0)?.gain ?? 0);
  const firsts: Dealt[] = first.modes.flatMap(
    (mode) => piecesFrom(first, mode, free, left, { gainMin, countMax: CHOICES_MAX, isOver }) ?? [],
  );
  if (gainMin <= 0) firsts.push(NOTHING);
  for (const one of firsts.sort((a, b) => b.gain - a.gain)) {
    move(one.pieces, left, -1);
    const other = bestOf(second, before + 0.5 - one.gain) ?? NOTHING;
    move(one.pieces, left, 1);
    if (one.gain + other.gain > before) return [one, other];
  }
  return undefined;
}

function move(pieces: Pieces | undefined, left: number[], direction: 1 | -1): void {
  for (const pool of pieces ?? []) left[pool] = left[pool]! + direction;
}
