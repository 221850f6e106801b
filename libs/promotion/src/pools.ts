import type { PieceGroup } from './pieces.ts';
import type { PreparedOffer } from './prepare.ts';
import type { TakenPieces } from './price.ts';
import type { Matches } from './qualify.ts';

/** A coupon that the basket qualifies for. */
export interface Contender {
  offer: PreparedOffer;
  matches: Matches;
}

/** Pieces that no contender can tell apart: same price, wanted by the same required sets. */
export interface Pool {
  price: bigint;
  count: number;
  /** Where the pieces are, front line first. */
  groups: TakenPieces[];
}

/** What one contender wants, as positions in the list of pools, dearest first. */
export type Demand = { quantity: number; pools: number[] }[];

/**
 * Groups the pieces that contenders want, and leaves out those that cannot matter: of pieces wanted by
 * the same sets only the dearest can, as many as those sets require together.
 */
export function poolPieces(
  pieces: readonly PieceGroup[],
  contenders: readonly Contender[],
): { pools: Pool[]; demands: Demand[] } {
  const wanted = wantsByProduct(contenders);
  const classes = new Map<string, { wants: Want[]; pieces: PieceGroup[] }>();
  for (const group of pieces) {
    const wants = wanted.get(group.productId);
    if (!wants) continue;
    const signature = wants.map(({ contender, set }) => `${contender}.${set}`).join();
    const sameWants = classes.get(signature);
    if (sameWants) sameWants.pieces.push(group);
    else classes.set(signature, { wants, pieces: [group] });
  }

  const pools: Pool[] = [];
  const demands: Demand[] = contenders.map(({ matches }) =>
    matches.map(({ quantity }) => ({ quantity, pools: [] })),
  );
  for (const { wants, pieces: alike } of classes.values()) {
    for (const pool of poolsOf(alike, wants, contenders)) {
      for (const { contender, set } of wants) demands[contender]![set]!.pools.push(pools.length);
      pools.push(pool);
    }
  }
  for (const { pools: positions } of demands.flat())
    positions.sort((a, b) => byPriceFalling(pools[a]!, pools[b]!));
  return { pools, demands };
}

/** A required set of a contender, by position. */
interface Want {
  contender: number;
  set: number;
}

function wantsByProduct(contenders: readonly Contender[]): Map<string, Want[]> {
  const wanted = new Map<string, Want[]>();
  contenders.forEach(({ matches }, contender) =>
    matches.forEach(({ productIds }, set) => {
      for (const productId of productIds) {
        const wants = wanted.get(productId);
        if (wants) wants.push({ contender, set });
        else wanted.set(productId, [{ contender, set }]);
      }
    }),
  );
  return wanted;
}

function poolsOf(alike: PieceGroup[], wants: Want[], contenders: readonly Contender[]): Pool[] {
  const offers = wants.map(({ contender }) => contenders[contender]!.offer);
  const byLine = offers.some(roundsOverPieces);
  const kept = dearest(alike, demandOf(wants, contenders), offers.map(roundingSlack).reduce(max, 0n));

  const pools = new Map<string, Pool>();
  for (const { line, price, count } of kept) {
    const key = byLine ? `${price}@${line}` : `${price}`;
    const pool = pools.get(key) ?? { price, count: 0, groups: [] };
    pool.count += count;
    pool.groups.push({ line, price, count });
    pools.set(key, pool);
  }
  return [...pools.values()];
}

function demandOf(wants: Want[], contenders: readonly Contender[]): number {
  return wants.reduce(
    (pieces, { contender, set }) => pieces + contenders[contender]!.matches[set]!.quantity,
    0,
  );
}

/** The `count` dearest pieces, and those less than `slack` cheaper than the last of them. */
function dearest(alike: PieceGroup[], count: number, slack: bigint): PieceGroup[] {
  const kept: PieceGroup[] = [];
  let left = count;
  let cutOff = 0n;
  for (const group of [...alike].sort(byPriceFalling)) {
    if (left === 0 && group.price + slack <= cutOff) break;
    const taken = left > 0 && slack === 0n ? Math.min(group.count, left) : group.count;
    kept.push({ ...group, count: taken });
    if (left > 0) cutOff = group.price;
    left = Math.max(0, left - taken);
  }
  return kept;
}

/**
 * A percentage on several pieces depends on which lines they are of, because it rounds per line: then
 * a dearer piece is surely no worse only if it is so much dearer that rounding cannot eat the gain.
 */
function roundingSlack(offer: PreparedOffer): bigint {
  const { reward } = offer.terms;
  if (reward.kind !== 'percent-off' || !roundsOverPieces(offer)) return 0n;
  return (BigInt(offer.pieces) * 10_000n) / BigInt(reward.rateBps) + 1n;
}

function roundsOverPieces({ terms: { reward }, pieces }: PreparedOffer): boolean {
  return reward.kind === 'percent-off' && reward.rateBps > 0 && pieces > 1;
}

function byPriceFalling(a: { price: bigint }, b: { price: bigint }): number {
  return a.price === b.price ? 0 : a.price > b.price ? -1 : 1;
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
