import type { Dialect } from '../dialect.ts';
import type { LineGift } from '../gift.ts';
import { portionPer } from '../lines/percent-off.ts';
import type { PieceReward, PreparedOffer } from '../prepare.ts';
import { splitWithin } from '../split.ts';
import type { PieceScope, StoreMatch } from '../terms.ts';
import type { PieceGroup } from './pieces.ts';

/** Pieces of one price that a coupon takes from one line. */
export type TakenPieces = Pick<PieceGroup, 'line' | 'productId' | 'price' | 'room' | 'count'>;

/**
 * What one coupon gives on the pieces it takes, by line: never more than they have room for, and what the
 * price does not cover is cut from the match first.
 */
export function priceCoupon(
  offer: PreparedOffer,
  taken: readonly TakenPieces[],
  dialect: Dialect,
): LineGift[] {
  const lines = byLine(taken);
  const left = lines.map(({ room }) => room);
  const faces = lines.map(() => 0n);
  let promised = 0n;
  for (const reward of offer.onPieces) {
    const promise = promiseOf(reward, offer, taken, lines, dialect);
    promised += promise.total;
    fitted(promise, left, dialect).forEach((amount, at) => {
      faces[at] = faces[at]! + amount;
      left[at] = left[at]! - amount;
    });
  }
  const match = matchOf(offer.terms.storeMatch, promised);
  const matches = match > 0n ? splitWithin(match, left, left, dialect) : undefined;
  return lines.map(({ line }, at) => ({ line, face: faces[at]!, match: matches?.[at] ?? 0n }));
}

/** Discount that a match adds to a promised face value. */
export function matchOf(storeMatch: StoreMatch | undefined, face: bigint): bigint {
  if (!storeMatch || face >= storeMatch.upToTotal) return 0n;
  return least(face, storeMatch.upToTotal - face);
}

/** The pieces taken from one line together, front line first. */
interface LineShare {
  line: number;
  count: number;
  amount: bigint;
  room: bigint;
}

function byLine(taken: readonly TakenPieces[]): LineShare[] {
  const lines: LineShare[] = [];
  for (const { line, price, room, count } of taken) {
    let share = lines.find((one) => one.line === line);
    if (!share) lines.push((share = { line, count: 0, amount: 0n, room: 0n }));
    share.count += count;
    share.amount += price * BigInt(count);
    share.room += room * BigInt(count);
  }
  return lines.length > 1 ? lines.sort((a, b) => a.line - b.line) : lines;
}

/** What a reward promises: to every line its own share, or a total that is split by weights. */
type Promised = { total: bigint } & ({ shares: bigint[] } | { weights: bigint[] });

function promiseOf(
  reward: PieceReward,
  offer: PreparedOffer,
  taken: readonly TakenPieces[],
  lines: readonly LineShare[],
  dialect: Dialect,
): Promised {
  switch (reward.kind) {
    case 'amount-off':
      return { total: reward.amount, weights: amountsOn(lines, lines) };
    case 'fixed-price': {
      const amount = total(lines);
      const off = amount > reward.amount ? amount - reward.amount : 0n;
      return { total: off, weights: amountsOn(lines, lines) };
    }
    case 'percent-off': {
      const { on, rateBps, amountMax } = reward;
      const touched = on ? byLine(scopeOf(on, offer, taken)) : lines;
      const shares = lines.map(({ line }) => {
        const share = touched.find((one) => one.line === line);
        return share ? portionPer(share.count, share.amount, rateBps, dialect) : 0n;
      });
      const percent = shares.reduce((sum, share) => sum + share, 0n);
      if (amountMax === undefined || percent <= amountMax) return { total: percent, shares };
      return { total: amountMax, weights: amountsOn(touched, lines) };
    }
  }
}

/** What fits of a promise into what is left of the lines; a total goes where there is room. */
function fitted(promised: Promised, left: readonly bigint[], dialect: Dialect): bigint[] {
  if ('shares' in promised) return promised.shares.map((share, at) => least(share, left[at]!));
  if (left.length === 1) return [least(promised.total, left[0]!)];
  const maxima = left.map((room, at) => (promised.weights[at]! > 0n ? room : 0n));
  return splitWithin(promised.total, promised.weights, maxima, dialect);
}

/** The cheapest or dearest pieces, of equal price those of the front lines; or those of one set. */
function scopeOf(on: PieceScope, { requires }: PreparedOffer, taken: readonly TakenPieces[]): TakenPieces[] {
  if (on.kind === 'set') return taken.filter(({ productId }) => requires[on.set]!.products.has(productId));
  const direction = on.kind === 'cheapest' ? 1 : -1;
  const inOrder = [...taken].sort((a, b) =>
    a.price === b.price ? a.line - b.line : a.price < b.price ? -direction : direction,
  );
  let left = on.quantity;
  return inOrder.map((pieces) => {
    const count = Math.min(pieces.count, left);
    left -= count;
    return { ...pieces, count };
  });
}

function amountsOn(touched: readonly LineShare[], lines: readonly LineShare[]): bigint[] {
  return lines.map(({ line }) => touched.find((one) => one.line === line)?.amount ?? 0n);
}

function total(lines: readonly LineShare[]): bigint {
  return lines.reduce((sum, { amount }) => sum + amount, 0n);
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
