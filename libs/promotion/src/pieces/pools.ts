import type { Contender } from '../contender.ts';
import type { PreparedOffer, PreparedSet } from '../prepare.ts';
import type { PieceGroup } from './pieces.ts';

/** Pieces that no contender can tell apart: alike, and wanted by the same required sets. */
export interface Pool {
  price: bigint;
  count: number;
  unit: string;
  measure: number;
  /** Where the pieces are, front line first. */
  groups: PieceGroup[];
}

/** What one contender wants, as positions in the list of pools, dearest first. */
export type Demand = { set: PreparedSet; pools: number[] }[];

/** Every set wants so many pieces, no more and no fewer. */
export const isCounted = (demand: Demand): boolean =>
  demand.every(({ set }) => set.quantity === set.quantityMax && !set.spendMin && !set.measure);

/**
 * Groups the pieces that contenders want, and leaves out those that cannot matter: of pieces wanted by
 * the same sets only the dearest can, as many as those sets require together; all can where a budget may run out.
 *
 * @param apart keeps all pieces, and those of different lines apart: what happens to a line later matters too
 */
export function poolPieces(
  pieces: readonly PieceGroup[],
  contenders: readonly Contender[],
  apart = false,
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

  const tight = withTightBudget(contenders, pieces);
  const pools: Pool[] = [];
  const demands: Demand[] = contenders.map(({ matches }) => matches.map(({ set }) => ({ set, pools: [] })));
  for (const { wants, pieces: alike } of classes.values()) {
    for (const pool of poolsOf(alike, wants, contenders, tight, apart)) {
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

function poolsOf(
  alike: PieceGroup[],
  wants: Want[],
  contenders: readonly Contender[],
  tight: ReadonlySet<number>,
  apart: boolean,
): Pool[] {
  const offers = wants.map(({ contender }) => contenders[contender]!.offer);
  const byLine = apart || offers.some(roundsOverPieces);
  const byMeasure = wants.some(({ contender, set }) => contenders[contender]!.matches[set]!.set.measure);
  const demand =
    apart || wants.some(({ contender }) => tight.has(contender)) ? Infinity : demandOf(wants, contenders);
  const kept = dearest(alike, demand, offers.map(roundingSlack).reduce(max, 0n));

  const pools = new Map<string, Pool>();
  for (const group of kept) {
    const { line, price, room, unit, measure, count } = group;
    const floored = room < price;
    const where = byLine || floored ? `@${line}` : '';
    const key = byMeasure ? `${price} ${measure} ${unit} ${where}` : `${price} ${where}`;
    const pool = pools.get(key) ?? { price, count: 0, unit, measure, groups: [] };
    pool.count += count;
    pool.groups.push(group);
    pools.set(key, pool);
  }
  return [...pools.values()];
}

/** Contenders whose budget is below what all pieces cost: to them the dearest need not be the best. */
function withTightBudget(contenders: readonly Contender[], pieces: readonly PieceGroup[]): Set<number> {
  const cost = pieces.reduce((sum, { price, count }) => sum + price * BigInt(count), 0n);
  const isTight = ({ coupon: { budget } }: Contender) =>
    budget?.kind === 'spend' && budget.limit - budget.used < cost;
  return new Set([...contenders.keys()].filter((at) => isTight(contenders[at]!)));
}

/** Pieces that the sets take together at most. */
function demandOf(wants: Want[], contenders: readonly Contender[]): number {
  return wants.reduce((pieces, { contender, set }) => {
    const { quantityMax, spendMin, measure } = contenders[contender]!.matches[set]!.set;
    return pieces + (spendMin > 0 || measure ? Infinity : quantityMax);
  }, 0);
}

/** The `count` dearest pieces, and those less than `slack` cheaper than the last of them; all, where a floor makes the dearest not the best. */
function dearest(alike: PieceGroup[], count: number, slack: bigint): PieceGroup[] {
  const sorted = [...alike].sort(byPriceFalling);
  if (count === Infinity || sorted.some(({ room, price }) => room < price)) return sorted;
  const kept: PieceGroup[] = [];
  let left = count;
  let cutOff = 0n;
  for (const group of sorted) {
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
  if (!roundsOverPieces(offer)) return 0n;
  if (offer.piecesMax === Infinity) return BigInt(Number.MAX_SAFE_INTEGER); // No piece is surely dispensable.
  const rates = offer.onPieces.map((reward) => (reward.kind === 'percent-off' ? reward.rateBps : 0));
  const least = Math.min(...rates.filter((rate) => rate > 0));
  return BigInt(Math.ceil((offer.piecesMax * 10_000) / least)) + 1n;
}

/** Whether roundings of several lines can add up; a whole price is never rounded. */
function roundsOverPieces({ onPieces, piecesMax }: PreparedOffer): boolean {
  return (
    piecesMax > 1 &&
    onPieces.some((reward) => reward.kind === 'percent-off' && reward.rateBps > 0 && reward.rateBps < 10_000)
  );
}

function byPriceFalling(a: { price: bigint }, b: { price: bigint }): number {
  return a.price === b.price ? 0 : a.price > b.price ? -1 : 1;
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
