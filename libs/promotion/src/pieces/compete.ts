import type { Contender } from '../contender.ts';
import type { Outcome } from '../gift.ts';
import type { RunningLine } from '../lines/running-line.ts';
import type { Rules } from '../rules.ts';
import { assignUses } from './assign-uses.ts';
import type { Combination } from './best-combination.ts';
import { bestCombination } from './best-combination.ts';
import { competingGroups } from './competing-groups.ts';
import { inOrder } from './in-order.ts';
import { discountablePieces } from './pieces.ts';
import type { Pool } from './pools.ts';
import { poolPieces } from './pools.ts';
import type { TakenPieces } from './price.ts';
import { priceCoupon } from './price.ts';
import type { FoundWays, Request, Way } from './ways.ts';
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
  const wanted = wantedBy(contenders, lines);
  if (rules.strategy === 'stacking') {
    const field = foundOf(wanted, rules);
    const { chosen, missedAtMost } = inOrder(field.affordable, capacityOf(field));
    return { outcomes: outcomesOf(field, contenders, chosen, rules), missedAtMost };
  }
  const { field, chosen, missedAtMost } = bestOf(wanted, rules);
  return { outcomes: outcomesOf(field, contenders, chosen, rules), missedAtMost };
}

/** Group by group: by values of pieces where the offers allow it, else by their ways. */
function bestOf(wanted: Wanted, rules: Rules): Combination & { field: Field } {
  const { uses, pools, requests } = wanted;
  const field: Field = { ...wanted, found: [], affordable: [] };
  const chosen: (Way | undefined)[] = uses.map(() => undefined);
  const rest = new Set(uses.keys());
  for (const { coupons: group } of competingGroups(
    requests.map(({ demand }) => demand.flatMap((set) => set.pools)),
  )) {
    const assigned = assignUses(
      group.map((use) => uses[use]!),
      group.map((use) => requests[use]!),
      pools,
      rules,
    );
    if (!assigned) continue;
    group.forEach((use, at) => {
      rest.delete(use);
      chosen[use] = assigned.chosen[at];
      field.found[use] = field.affordable[use] = assigned.alone[at]!;
    });
  }
  const others = [...rest];
  const found = foundOf(
    { pools, uses: others.map((use) => uses[use]!), requests: others.map((use) => requests[use]!) },
    rules,
  );
  const best = bestCombination(found.affordable, capacityOf(found), rules.stepsMax);
  others.forEach((use, at) => {
    chosen[use] = best.chosen[at];
    field.found[use] = found.found[at]!;
    field.affordable[use] = found.affordable[at]!;
  });
  return { field, chosen, missedAtMost: best.missedAtMost };
}

/** One entry per time that a coupon may apply, and what it asks of the pieces. */
interface Wanted {
  uses: Contender[];
  requests: Request[];
  pools: Pool[];
}

function wantedBy(contenders: readonly Contender[], lines: readonly RunningLine[], apart = false): Wanted {
  const uses = contenders.flatMap(usesOf);
  const { pools, demands } = poolPieces(discountablePieces(lines), uses, apart);
  return {
    uses,
    pools,
    requests: uses.map(({ offer }, position) => ({ offer, demand: demands[position]! })),
  };
}

function foundOf({ uses, pools, requests }: Wanted, { dialect }: Rules): Field {
  const found = waysOfAll(requests, pools, dialect);
  return { uses, pools, found, affordable: found.map((ofUse, at) => withinBudget(ofUse, uses[at]!)) };
}

function capacityOf({ pools }: Field): number[] {
  return pools.map(({ count }) => count);
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
  rules: Rules,
  apart = false,
): Field {
  return foundOf(wantedBy(contenders, lines, apart), rules);
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
