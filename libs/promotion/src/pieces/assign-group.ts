import type { Effort } from '../rules.ts';
import { Steps } from '../steps.ts';
import { assign } from './assignment.ts';
import type { PieceValues } from './piece-values.ts';
import { preferenceOf, scaleOf, wholeUnits } from './preference.ts';

/** Pieces told apart, and coupons; beyond these the search by ways is faster. */
const PIECES_MAX = 400;
const COUPONS_MAX = 20;

/** See `Steps`. */
const ROWS_PER_ASK = 5;

/** Pieces per pool that a coupon gets. */
export type Hand = Map<number, number>;

/** Per coupon what it gets, and what no choice exceeds. */
export interface Dealt {
  hands: (Hand | undefined)[];
  total: number;
  totalMax: number;
}

/**
 * The best combination of a group of coupons whose discounts are sums over pieces, by branch and bound over who is
 * used. A node is bounded by an assignment: each coupon not yet decided may take fewer pieces than it requires, at
 * the same share of its amount each. As the assignment is exact once all are decided, a tree is small.
 *
 * @param effort its steps are rows inserted into assignments
 */
export function assignGroup(
  coupons: readonly PieceValues[],
  capacity: readonly number[],
  { stepsMax, isOver }: Effort,
): Dealt | undefined {
  const required = coupons.map(({ sets }) => sets.reduce((sum, { quantity }) => sum + quantity, 0));
  const most = required.reduce((sum, pieces) => sum + pieces, 0);
  const poolOf = capacity.flatMap((count, pool) => Array<number>(Math.min(count, most)).fill(pool));
  const scale = scaleOf(coupons.length);
  const rows = coupons.flatMap((coupon, position) =>
    rowsOf(coupon, required[position]!, scale, preferenceOf(position, coupons.length), poolOf).map(
      (values) => ({
        position,
        values,
      }),
    ),
  );
  const unwanted =
    -1 - rows.reduce((sum, { values }) => sum + Math.max(0, ...values.filter(Number.isFinite)), 0);
  const isExact = Math.abs(unwanted) * 4 * rows.length < Number.MAX_SAFE_INTEGER;
  if (coupons.length > COUPONS_MAX || poolOf.length > PIECES_MAX || !isExact) return undefined;

  const used: (boolean | undefined)[] = coupons.map(() => undefined);
  let best: { total: number; hands: (Hand | undefined)[] } = {
    total: 0,
    hands: coupons.map(() => undefined),
  };
  const steps = new Steps(stepsMax, isOver, ROWS_PER_ASK);
  let open = -Infinity;

  function visit(boundBefore: number): void {
    if (steps.isEnded) {
      open = Math.max(open, boundBefore);
      return;
    }
    const inPlay = rows.filter(({ position }) => used[position] !== false);
    steps.spend(inPlay.length);
    const { columnOf, total } = assign(
      inPlay.map(({ values }) => values),
      inPlay.map(({ position }) => (used[position] ? unwanted : 0)),
    );
    if (total <= best.total) return;
    const hands = coupons.map((): Hand => new Map());
    const counts = coupons.map(() => 0);
    const worth = coupons.map(() => 0);
    columnOf.forEach((column, row) => {
      if (column === undefined) return;
      const { position, values } = inPlay[row]!;
      const pool = poolOf[column]!;
      hands[position]!.set(pool, (hands[position]!.get(pool) ?? 0) + 1);
      counts[position]!++;
      worth[position]! += values[column]!;
    });
    const isWhole = (position: number) => counts[position] === required[position];
    if (used.some((isUsed, position) => isUsed && !isWhole(position))) return;

    const reached = worth.reduce((sum, amount, position) => sum + (isWhole(position) ? amount : 0), 0);
    if (reached > best.total)
      best = { total: reached, hands: hands.map((hand, at) => (isWhole(at) ? hand : undefined)) };
    const undecided = [...coupons.keys()].filter((position) => counts[position]! > 0 && !isWhole(position));
    if (undecided.length === 0) return;
    const next = undecided.reduce((a, b) => (worth[b]! > worth[a]! ? b : a));
    for (const choice of [true, false]) {
      used[next] = choice;
      visit(total);
    }
    used[next] = undefined;
  }

  visit(Infinity);
  return {
    hands: best.hands,
    total: wholeUnits(best.total, scale),
    totalMax: wholeUnits(Math.max(best.total, open), scale),
  };
}

/**
 * Per piece required what each piece is worth, times `scale`, with the coupon's own amount shared out and less than one
 * unit in all for what decides between equal totals: so sums are exact, and no two choices are equal.
 */
function rowsOf(
  { fixed, sets }: PieceValues,
  required: number,
  scale: number,
  preference: number,
  poolOf: readonly number[],
): Float64Array[] {
  const own = fixed * scale + preference;
  const share = Math.floor(own / required);
  let spare = own - share * required;
  return sets.flatMap(({ quantity, worthOf }) =>
    Array.from({ length: quantity }, () => {
      const ownShare = share + (spare-- > 0 ? 1 : 0);
      return Float64Array.from(
        poolOf,
        (pool) => Math.ceil((worthOf.get(pool) ?? -Infinity) * scale) + ownShare,
      );
    }),
  );
}
