import type { Hands, Pieces } from './hands.ts';

/** How often each swap is tried, about. */
const ROUNDS_PER_SWAP = 35;

/** Swaps of about a tenth of a millisecond. */
const ROUNDS_PER_ASK = 50;

/** A piece that a coupon has, by place. */
interface Holder {
  coupon: number;
  place: number;
}

/**
 * Looks for a better deal by swapping pieces one by one, at first also where it gives less (simulated annealing). The
 * same on every machine: what is left to chance follows from the seed.
 *
 * @param target ends when this is reached
 * @param heat how much less a swap may give at the beginning, about; minor units
 */
export function swapPieces(
  coupons: readonly Hands[],
  capacity: readonly number[],
  start: readonly (Pieces | undefined)[],
  { target, heat, seed, isOver }: { target: number; heat: number; seed: number; isOver: () => boolean },
): (Pieces | undefined)[] {
  const chance = chancesOf(seed);
  const pick = <T>(some: readonly T[]): T => some[Math.floor(chance() * some.length)]!;
  const left = [...capacity];
  for (const pool of start.flatMap((pieces) => pieces ?? [])) left[pool]!--;
  const hands = start.map((pieces, coupon) => (pieces ? [...pieces] : anyPieces(coupons[coupon]!, left)));
  const holders: Holder[][] = capacity.map(() => []);
  hands.forEach((hand, coupon) => hand?.forEach((pool, place) => holders[pool]!.push({ coupon, place })));
  const places = holders.flat();
  const values = hands.map((hand, coupon) => (hand ? coupons[coupon]!.valueOf(hand) : 0));
  let total = values.reduce((sum, value) => sum + value, 0);
  let best = { total, chosen: hands.map((hand) => hand && [...hand]) };

  /** Gives a place another piece; who had that, if anybody, gets the piece of the place instead. */
  function swap(taker: Holder, pool: number, giver: Holder | undefined, temperature: number): void {
    const before = hands[taker.coupon]![taker.place]!;
    const coupon = coupons[taker.coupon]!;
    if (giver && !coupons[giver.coupon]!.canTake(giver.place, before)) return;
    put(taker, pool);
    if (giver) put(giver, before);
    const value = coupon.valueOf(hands[taker.coupon]!);
    const other = giver ? coupons[giver.coupon]!.valueOf(hands[giver.coupon]!) : 0;
    const gain = value - values[taker.coupon]! + (giver ? other - values[giver.coupon]! : 0);
    if (gain < 0 && chance() >= Math.exp(gain / temperature)) {
      put(taker, before);
      if (giver) put(giver, pool);
      return;
    }
    total += gain;
    values[taker.coupon] = value;
    holders[before] = holders[before]!.filter((one) => one !== taker);
    holders[pool]!.push(taker);
    if (giver) {
      values[giver.coupon] = other;
      holders[pool] = holders[pool]!.filter((one) => one !== giver);
      holders[before].push(giver);
    } else {
      left[pool]!--;
      left[before]!++;
    }
  }

  function put({ coupon, place }: Holder, pool: number): void {
    hands[coupon]![place] = pool;
  }

  const wanted = places.reduce((sum, { coupon, place }) => sum + coupons[coupon]!.wantedAt(place).length, 0);
  const rounds = ROUNDS_PER_SWAP * wanted;
  for (let round = 0; round < rounds && best.total < target; round++) {
    if (round % ROUNDS_PER_ASK === 0 && isOver()) break;
    const taker = pick(places);
    const pool = pick(coupons[taker.coupon]!.wantedAt(taker.place));
    const giver = left[pool]! > 0 ? undefined : pick(holders[pool]!);
    const isSame = pool === hands[taker.coupon]![taker.place] || giver?.coupon === taker.coupon;
    if (isSame || (left[pool]! <= 0 && !giver)) continue;
    swap(taker, pool, giver, heat * (1 - round / rounds) ** 2 + 1e-3);
    if (total > best.total + 1e-6) best = { total, chosen: hands.map((hand) => hand && [...hand]) };
  }
  return best.chosen;
}

/** Some pieces that are left; takes them. Undefined if they do not suffice. */
function anyPieces(coupon: Hands, left: number[]): number[] | undefined {
  const pieces: number[] = [];
  for (const place of coupon.setAt.keys()) {
    const pool = coupon.wantedAt(place).findLast((one) => left[one]! > 0);
    if (pool === undefined) break;
    left[pool]!--;
    pieces.push(pool);
  }
  if (pieces.length === coupon.setAt.length) return pieces;
  for (const pool of pieces) left[pool]!++;
  return undefined;
}

/** Mulberry32. */
function chancesOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
