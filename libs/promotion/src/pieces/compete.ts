import type { Contender } from '../contender.ts';
import type { Outcome } from '../gift.ts';
import type { RunningLine } from '../lines/running-line.ts';
import type { Rules } from '../rules.ts';
import { bestCombination } from './best-combination.ts';
import { inOrder } from './in-order.ts';
import { discountablePieces } from './pieces.ts';
import type { Pool } from './pools.ts';
import { poolPieces } from './pools.ts';
import type { TakenPieces } from './price.ts';
import { priceCoupon } from './price.ts';
import type { FoundWays, Way } from './ways.ts';
import { waysOfAll } from './ways.ts';

/**
 * Hands the pieces of a basket out to the offers of one group: a piece serves one of them only, and an offer
 * discounts only the pieces it takes. So two pieces on a line can carry two coupons that require one each.
 */
export function compete(
  contenders: readonly Contender[],
  lines: readonly RunningLine[],
  rules: Rules,
): { outcomes: Outcome[]; missedAtMost: number } {
  const field = fieldOf(contenders, lines, rules);
  const capacity = field.pools.map(({ count }) => count);
  const { chosen, missedAtMost } =
    rules.strategy === 'best-deal'
      ? bestCombination(field.affordable, capacity, rules.stepsMax)
      : inOrder(field.affordable, capacity);
  return { outcomes: outcomesOf(field, contenders, chosen, rules), missedAtMost };
}

/** Who wants which pieces, and in which ways. */
export interface Field {
  /** One entry per time that a coupon may apply. */
  uses: Contender[];
  pools: Pool[];
  found: FoundWays[];
  /** Those that the budget of their offer suffices for. */
  affordable: FoundWays[];
}

/** @param apart see `poolPieces` */
export function fieldOf(
  contenders: readonly Contender[],
  lines: readonly RunningLine[],
  { dialect }: Rules,
  apart = false,
): Field {
  const uses = contenders.flatMap(usesOf);
  const { pools, demands } = poolPieces(discountablePieces(lines), uses, apart);
  const requests = uses.map(({ offer }, position) => ({ offer, demand: demands[position]! }));
  const found = waysOfAll(requests, pools, dialect);
  return { uses, pools, found, affordable: found.map((ofUse, at) => withinBudget(ofUse, uses[at]!)) };
}

/** What comes of a choice of ways, for each contender. @param chosen per use */
export function outcomesOf(
  { uses, pools, found, affordable }: Field,
  contenders: readonly Contender[],
  chosen: readonly (Way | undefined)[],
  { dialect }: Rules,
): Outcome[] {
  const unused = pools.map(({ groups }) => groups.map((group) => ({ ...group })));
  return contenders.map((contender) => {
    const first = uses.indexOf(contender);
    const gifts = chosen
      .slice(first, first + (contender.offer.terms.usesPerBasket ?? 1))
      .flatMap((way) => (way ? priceCoupon(contender.offer, takePieces(way, unused), dialect) : []));
    return gifts.length > 0 ? gifts : whyNot(found[first]!, affordable[first]!);
  });
}

function usesOf(contender: Contender): Contender[] {
  return Array<Contender>(contender.offer.terms.usesPerBasket ?? 1).fill(contender);
}

function withinBudget(found: FoundWays, { coupon: { budget } }: Contender): FoundWays {
  if (budget?.kind !== 'spend') return found;
  const left = Number(budget.limit - budget.used);
  const ways = found.ways.filter(({ discount }) => discount <= left);
  return { ...found, ways, discountMax: Math.min(found.discountMax, left) };
}

function whyNot(found: FoundWays, affordable: FoundWays): Outcome {
  const gives = ({ ways }: FoundWays) => ways.some(({ discount }) => discount > 0);
  if (found.ways.length === 0) return 'required-quantity-missing';
  if (!gives(found)) return 'nothing-left-to-discount';
  return gives(affordable) ? 'beaten-by-better-coupon' : 'campaign-budget-exceeded';
}

/** Takes the pieces of a way out of the pools, front lines first. */
function takePieces(way: Way, unused: Pool['groups'][]): TakenPieces[] {
  return way.uses.flatMap(({ pool, count }) => {
    let missing = count;
    return unused[pool]!.flatMap((group) => {
      const taken = Math.min(group.count, missing);
      group.count -= taken;
      missing -= taken;
      return taken > 0 ? [{ ...group, count: taken }] : [];
    });
  });
}
